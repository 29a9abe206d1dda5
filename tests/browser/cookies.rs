//! Cookies that a sibling of ours sets for both: their names are spelled so that browsers do not know the `__Host-` prefix.

use gangway::config::VerifyCompletion;
use serde_json::json;

use crate::{browser::Browser, engine::Engine, foreign_site::ForeignSite, world::World};

/// An attacker has a session and a link attempt; gives the browser, and the link to the provider.
async fn attacker_begins(world: &World) -> (Browser, String) {
    let mut attacker = Browser::open().await;
    attacker.goto(&world.link_with(json!({ "user": { "id": "mallory", "name": "Mallory" } })).await).await;
    attacker.press_app("Slack").await;
    attacker.continue_to("Slack").await;
    let link = attacker.authorization_url("slack").await;
    attacker.goto(&world.page("/connectors")).await;
    (attacker, link)
}

/// The victim opens the attacker's page on a sibling name, which sets the attacker's session under other spellings, and
/// under our own name where the browser refuses that: WebKitGTK does not.
async fn opens_the_attackers_page(engine: Engine, victim: &Browser, site: &ForeignSite, cookie: &str) {
    let names = ["%5F%5FHost-gangway", "__%48ost-gangway", "_%5FHost-gangway"];
    let refused = ["__Host-gangway", "__host-gangway", "=__Host-gangway"];
    let tried = if engine == Engine::WebKit { names.to_vec() } else { [names, refused].concat() };
    let mut set = String::new();
    for (name, path) in tried.iter().flat_map(|name| ["/", "/callback"].map(|path| (name, path))) {
        set += &format!("document.cookie = '{name}={cookie}; domain=acme.localhost; path={path}';");
    }
    victim.goto(&site.shows("/", &format!("<script>{set}</script>"))).await;
    let kept = victim.run("return document.cookie").await;
    assert!(names.iter().all(|name| kept.as_str().unwrap().contains(name)), "the browser takes them: {kept}");
}

#[tokio::test]
async fn attackers_cookie_opens_no_session() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|settings| settings.host.verify_completion = VerifyCompletion::Never).await;
        let (attacker, link) = attacker_begins(&world).await;
        let cookie = attacker.cookie("__Host-gangway").await;
        let site = ForeignSite::named("blog.acme.localhost").await;
        let mut victim = Browser::with(engine).await;
        opens_the_attackers_page(engine, &victim, &site, &cookie).await;
        victim.goto(&world.page("/connectors")).await;
        victim.arrives("Your time on this page has ended").await;

        // What the attacker began does not count as finished by its own user.
        victim.goto(&link).await;
        victim.press("Allow").await;
        victim.reads("If someone sent you the link, do not use it.").await;
        assert_eq!(world.connected("mallory").await, [""; 0], "{engine:?}");

        // The victim's own journey is the victim's own.
        victim.goto(&world.link().await).await;
        victim.press_app("Slack").await;
        victim.arrives("Connect Slack to Acme Notes").await;
        assert_eq!(victim.texts(".who").await, ["Jane Doe"], "{engine:?}");
        victim.continue_to("Slack").await;
        victim.press("Allow").await;
        victim.arrives("Slack is connected").await;
        assert_eq!(world.connected("jane").await, ["slack"], "{engine:?}");
    }
}

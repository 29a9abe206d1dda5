//! What pages of other sites can do to somebody who uses ours: nothing.

use gangway::sandbox::Route;
use serde_json::{Value, json};

use crate::{browser::Browser, foreign_site::ForeignSite, world::World};

/// A form that sends itself.
fn form(action: &str, method: &str, field: &str, target: &str) -> String {
    format!(
        "<form action='{action}' method='{method}' target='{target}'>{field}</form>\
         <script>document.forms[document.forms.length - 1].submit()</script>"
    )
}

async fn arrived(world: &World) -> Browser {
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    browser
}

#[tokio::test]
async fn no_page_of_ours_is_shown_in_a_frame() {
    let world = World::on_three_sites().await;
    let stranger = ForeignSite::open().await;
    let browser = arrived(&world).await;
    let link = world.link().await;
    let paths = ["/connectors", "/connectors/slack", "/nowhere", "/callback/unknown", "/start?code=x"];
    let framed: Vec<String> = paths.iter().map(|path| world.page(path)).chain([link]).collect();
    let frames: String = framed.iter().map(|url| format!("<iframe src='{url}'></iframe>")).collect();
    browser.complaints().await;
    browser.goto(&stranger.shows("/frames", &frames)).await;
    browser.is_titled("loaded").await;
    let refused: Vec<String> =
        browser.complaints().await.into_iter().filter(|text| text.contains("frame-ancestors 'none'")).collect();
    assert_eq!(refused.len(), framed.len(), "{refused:#?}");
}

#[tokio::test]
async fn a_return_that_a_page_forces_is_none() {
    let world = World::on_three_sites().await;
    let stranger = ForeignSite::open().await;
    let mut browser = arrived(&world).await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    let leaving = browser.url().await;
    let callback = world.callback_of_the_last_attempt();

    // Jane has not allowed anything yet. Somebody who knows where she would come back shows her a page.
    let looks = world.sandbox.count(Route::ListUserCredentials);
    let forced = format!(
        "<img src='{callback}'><iframe src='{callback}'></iframe><iframe name='inner'></iframe>\
         <link rel='prefetch' href='{callback}'><link rel='stylesheet' href='{callback}'><script src='{callback}'></script>\
         <object data='{callback}'></object><video src='{callback}'></video>\
         <script>fetch('{callback}', {{ mode: 'no-cors', credentials: 'include' }}).catch(() => 0)</script>{}{}",
        form(&callback, "get", "", "inner"),
        form(&callback, "post", "<input name=error value=access_denied>", "inner"),
    );
    browser.goto(&stranger.shows("/forced", &forced)).await;
    browser.is_titled("loaded").await;
    let posted = form(&callback, "post", "<input name=error value=access_denied>", "_self");
    browser.goto(&stranger.shows("/posted", &posted)).await;
    browser.arrives("We did not accept this").await;
    assert_eq!(world.sandbox.count(Route::ListUserCredentials), looks);
    assert!(world.connected("jane").await.is_empty());
    assert_eq!(browser.press_primary().await, "Open the page again");
    browser.arrives("Choose an app").await;
    // Her own way goes on as if nothing had been.
    browser.goto(leaving.as_str()).await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    assert_eq!(world.connected("jane").await, ["slack"]);
}

#[tokio::test]
async fn a_strangers_code_changes_nothing_and_is_named() {
    let world = World::on_three_sites().await;
    let stranger = ForeignSite::open().await;
    let mallory = json!({ "user": { "id": "mallory", "name": "Mallory Black" } });
    for known in [false, true] {
        let mut browser = if known { arrived(&world).await } else { Browser::open().await };
        let link = world.link_with(mallory.clone()).await;
        let code = link.rsplit_once('=').unwrap().1;
        let field = format!("<input name=code value='{code}'><input name=connector value=slack>");
        let posted = stranger.shows("/posts", &form(&world.page("/start"), "post", &field, "_self"));
        let question = if known { "Switch accounts?" } else { "Connect your apps to Acme Notes" };
        // A form of another site comes without the cookie: the page that names Mallory asks before it does anything.
        browser.goto(&posted).await;
        browser.arrives("Connect your apps to Acme Notes").await;
        browser.reads("Mallory Black").await;
        if known {
            browser.press_app("Slack").await;
            browser.arrives("Switch accounts?").await;
        }
        browser.goto(&link).await;
        browser.arrives(question).await;
        browser.reads("Mallory Black").await;
        // The form of the start page itself, made elsewhere with the token that Mallory got on his.
        let token = browser.run("return document.querySelector('[name=form_token]').value").await;
        let field = format!("{field}<input name=form_token value='{}'>", token.as_str().unwrap());
        browser.goto(&stranger.shows("/with-token", &form(&world.page("/start"), "post", &field, "_self"))).await;
        browser.arrives("Connect your apps to Acme Notes").await;
        browser.goto(&world.page("/connectors")).await;
        if known {
            browser.arrives("Choose an app").await;
            assert_eq!(browser.texts(".who").await, ["Jane Doe"]);
        } else {
            browser.arrives("Your time on this page has ended").await;
        }
    }
}

#[tokio::test]
async fn nobody_learns_from_which_of_our_pages_somebody_came() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.goto(&world.link_with(json!({ "connector": "slack" })).await).await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    browser.press("Back to Acme Notes").await;
    browser.arrives("Connections").await;
    let (mut ours, mut others) = (0, 0);
    for (address, referer) in browser.referers().await {
        if address.starts_with(&world.gangway) {
            ours += 1;
        } else if address.starts_with("http") {
            others += 1;
            assert!(!referer.starts_with(&world.gangway), "{address} learns {referer}");
        }
    }
    assert!(ours > 5 && others > 3, "{ours} {others}");
}

/// What hostile texts look like in every place where a text of somebody else is shown.
fn hostile(name: &str) -> String {
    let markup = "<script>window.broken=1</script>\"'><img src=x onerror='window.broken=1'></title></textarea><svg onload=window.broken=1>";
    format!("{name}\u{202e}\u{2066}{markup}{{{{7*7}}}}{}", "W\u{0301}".repeat(5_000))
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let world = World::with("connect.localhost", "acme.localhost", |settings| {
        settings.host.name = hostile("Acme");
        let slack = settings.connectors.each.entry("slack".to_owned()).or_default();
        slack.name = Some(hostile("Slack"));
        slack.description = Some(hostile("Chat"));
        slack.consent_name = Some(hostile("Alloy"));
        slack.permissions = vec![hostile("Read everything")];
    })
    .await;
    let browser = Browser::open().await;
    let name = "Jane<img src=x onerror=window.broken=1>\"'><script>window.broken=1</script>";
    let jane = json!({ "user": { "id": "jane", "name": name, "email": "\"<b>\"@acme.test" } });
    let link = world.link_with(jane).await;
    browser.goto(&link).await;
    harmless(&browser, "the start page").await;
    browser.run("[...document.querySelectorAll('main form button')][0].click()").await;
    for path in [
        "/connectors",
        "/connectors/slack",
        "/connectors?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.broken%3D1%3E",
        "/nowhere",
    ] {
        browser.goto(&world.page(path)).await;
        harmless(&browser, path).await;
    }
    browser.goto(&world.page("/connectors/slack")).await;
    browser.run("document.querySelector('form button.primary').click()").await;
    browser.reads("wants to use your").await;
    let callback = world.callback_of_the_last_attempt();
    let error = "%3Cscript%3Ewindow.broken%3D1%3C/script%3E";
    browser
        .goto(&format!(
            "{callback}?error=access_denied&error_description={error}&error_uri=javascript:window.broken%3D1"
        ))
        .await;
    harmless(&browser, "a denial").await;
    browser.has_nothing_to_complain_of().await;
    // And scripts of our own could not make markup of a text, either.
    let made = browser
        .run("try { document.body.innerHTML = '<b>x</b>'; return 'made' } catch (error) { return error.name }")
        .await;
    assert_eq!(made, "TypeError");
}

/// Nothing of a text became markup, and no text is endless or turns the page around.
async fn harmless(browser: &Browser, page: &str) {
    let seen = browser
        .run(
            "return {
                broken: window.broken ?? null,
                scripts: document.scripts.length,
                foreign: document.querySelectorAll('img[src=x], svg[onload], [onerror]').length,
                turned: /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.documentElement.outerHTML),
                letters: document.documentElement.textContent.length,
                wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
            }",
        )
        .await;
    let letters = seen["letters"].as_u64().unwrap();
    assert!(letters < 20_000, "{page}: {letters}");
    let rest = (&seen["broken"], &seen["scripts"], &seen["foreign"], &seen["turned"], &seen["wider"]);
    assert_eq!(rest, (&Value::Null, &json!(1), &json!(0), &json!(false), &json!(false)), "{page}: {seen}");
}

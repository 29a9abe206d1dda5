//! The page of a host with its own look for the apps.

use serde_json::json;

use crate::{browser::Browser, foreign_site::ForeignSite, world::World};

#[tokio::test]
async fn other_origins_can_load_pictures_of_apps_and_nothing_else() {
    let world = World::on_three_sites().await;
    let host = ForeignSite::open().await;
    let browser = Browser::open().await;
    let page = reqwest::get(format!("{}/nowhere", world.api)).await.unwrap().text().await.unwrap();
    let file = |end: &str| page.split('"').find(|part| part.starts_with('/') && part.ends_with(end)).unwrap();
    let (icon, logo) = (world.page("/icons/slack"), world.page("/brand/logo"));
    let (style, script) = (world.page(file(".css")), world.page(file(".js")));
    let failed = "onerror='failed.push(this.tagName)'";
    let all = format!(
        "<script>window.failed = []</script><img src='{icon}' alt='' {failed}><img src='{logo}' {failed}>
         <link rel='stylesheet' href='{style}' {failed}><script src='{script}' {failed}></script>"
    );
    let address = host.shows("/apps", &all);
    for policy in ["unsafe-none", "require-corp"] {
        host.says("cross-origin-embedder-policy", policy);
        browser.goto(&address).await;
        browser.is_titled("loaded").await;
        assert_eq!(browser.run("return failed.sort()").await, json!(["IMG", "LINK", "SCRIPT"]), "{policy}");
        assert_eq!(browser.run("return document.images[0].naturalWidth > 0").await, json!(true), "{policy}");
    }
}

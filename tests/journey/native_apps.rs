//! A host's app on the user's device: the browser goes back to it by a scheme of its own.

use gangway::config::VerifyCompletion;
use serde_json::json;

use crate::app::{RETURN_URL, TestApp};

const APP_URL: &str = "com.acme.app:/connected";

async fn app() -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.host.verify_completion = VerifyCompletion::Links;
        settings.host.return_urls = vec![RETURN_URL.parse().unwrap(), APP_URL.parse().unwrap()];
        settings.limits.per_key.requests = 1_000_000;
    })
    .await
}

#[tokio::test]
async fn the_browser_goes_back_to_the_app_with_the_code() {
    let app = app().await;
    let session = app.session_with(json!({ "return_url": APP_URL })).await;
    let (mut jane, page) = app.opened(&session).await;
    assert!(page.header("content-security-policy").contains("form-action 'self' https: com.acme.app: http:"));
    assert!(page.attributes("a[href]", "href").contains(&APP_URL.to_owned()), "{}", page.text());
    assert_eq!(jane.submit(&page, "/start", &[]).await.status, 303);
    let back = jane.link_and_allow(&app.sandbox, "slack").await;
    let brought = url::Url::parse(back.location()).unwrap();
    assert_eq!((back.status, brought.scheme(), brought.path()), (303, "com.acme.app", "/connected"));
    let [id, state, code] = ["gangway_attempt_id", "gangway_state", "gangway_completion"].map(|wanted| {
        brought.query_pairs().find_map(|(name, value)| (name == wanted).then(|| value.into_owned())).unwrap()
    });
    assert_eq!(state, "pending");
    let redeemed = json!({ "completion": code, "user_id": "jane" });
    let (status, attempt) = app.api("POST", "/link-attempts/complete", Some(redeemed)).await;
    assert_eq!((status, &attempt["id"], &attempt["state"]), (200, &json!(id), &json!("linked")));
    let page = jane.get(&format!("/attempts/{id}")).await;
    let ways_back = page.attributes("a[href^='com.acme.app:']", "href");
    assert_eq!(ways_back.first(), Some(&format!("{APP_URL}?gangway_attempt_id={id}&gangway_state=linked")));
    // Another user's completion sends the browser back there, too.
    let other = jane.link_and_allow(&app.sandbox, "hubspot").await;
    let code = url::Url::parse(other.location()).unwrap().query_pairs().last().unwrap().1.into_owned();
    let (_, attempt) =
        app.api("POST", "/link-attempts/complete", Some(json!({ "completion": code, "user_id": "sam" }))).await;
    let continued = attempt["continue_url"].as_str().unwrap();
    assert!(continued.starts_with("com.acme.app:/connected?gangway_attempt_id="), "{attempt}");
}

/// What an app's address could be taken for.
fn tricks() -> Vec<String> {
    let schemes = [
        "javascript",
        "data",
        "file",
        "blob",
        "vbscript",
        "filesystem",
        "about",
        "view-source",
        "intent",
        "android-app",
        "itms-services",
        "ms-settings",
        "http",
        "https",
        "ftp",
        "wss",
        "mailto",
        "tel",
        "com",
        "acme",
        "com.acme",
        "com.acme.ap",
        "com.acme.appx",
        "com.acme.app.evil",
        "evil.com.acme.app",
        "xcom.acme.app",
        "com.acme.app+x",
        "com.acme.app%3a",
        "com.acme\u{2024}app",
        "c\u{43e}m.acme.app",
        "COM.ACME.APP",
        "com.acme.App",
        "javascript:com.acme.app",
        " com.acme.app",
        "com.acme.app\t",
        "com.acme.app\u{0}",
        "\u{feff}com.acme.app",
    ];
    let rests = [
        ":/connected",
        ":connected",
        "://connected",
        ":///connected",
        ":/connected/",
        ":/Connected",
        ":/connected?x=1",
        ":/connected#x",
        ":/connected/..",
        ":/./connected",
        ":\\connected",
        ":/connected\r\nlocation: x",
        ":/connected ",
        ":alert(1)//:/connected",
        "%3a/connected",
    ];
    let all = schemes.iter().flat_map(|scheme| rests.map(|rest| format!("{scheme}{rest}")));
    let near = rests.iter().filter(|rest| **rest != ":/connected").map(|rest| format!("com.acme.app{rest}"));
    all.chain(near).collect()
}

#[tokio::test]
async fn no_other_scheme_is_gone_to() {
    let app = app().await;
    let tricks = tricks();
    assert!(tricks.len() > 500, "{}", tricks.len());
    for url in tricks {
        let wanted = json!({ "user": { "id": "jane" }, "return_url": url });
        let (status, problem) = app.api("POST", "/connect-sessions", Some(wanted)).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("return_url")), "{url:?}: {problem}");
    }
}

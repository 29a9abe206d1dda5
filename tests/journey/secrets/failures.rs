//! Failures of every kind: of people and browsers, of Alloy, of the session and the store.

use gangway::sandbox::{Fault, Route, Switch};
use reqwest::Method;
use serde_json::json;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, SESSION_KEY, TestApp},
    browser::Browser,
    provider::redirect_uri,
};

use super::{FORGERY, FORM_SECRETS, WRONG_HOST_KEY, seen::Seen};

/// What people, their browsers and strangers do wrong.
pub(super) async fn mistakes(app: &TestApp, browser: &mut Browser, seen: &mut Seen) {
    let hostile: String = url::form_urlencoded::byte_serialize(FORGERY.as_bytes()).collect();
    let leaving = browser.leave_for("notion").await;
    seen.authorization_url(&leaving);
    let denied = format!("{}?error=access_denied&error_description={hostile}", redirect_uri(&leaving));
    let denied = seen.page("denied", browser.navigate(&denied, "cross-site").await);
    seen.page("denied, shown", browser.get(denied.location()).await);
    let leaving = browser.leave_for("notion").await;
    seen.authorization_url(&leaving);
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    seen.page("a foreign return", app.browser().navigate(&back, "cross-site").await);
    seen.page("noise", app.browser().send(Method::HEAD, &back, &[], None).await);
    let own = seen.page("after a foreign return", browser.navigate(&back, "cross-site").await);
    seen.page("unverified", browser.get(own.location()).await);
    seen.page("no return of ours", browser.navigate(&format!("{back}x?{hostile}={hostile}"), "cross-site").await);
    let bad = [("data.apiToken", FORM_SECRETS[2]), ("data.email", FORM_SECRETS[0])];
    let form = browser.get("/connectors/jira?method=basic").await;
    let again = browser.submit(&form, "/connectors/jira/link", &bad[..1]).await;
    assert_eq!(seen.page("a mistake in a form", again).status, 422);
    let stale = [("form_token", "x"), ("data.token", FORM_SECRETS[0])];
    assert_eq!(seen.page("a stale form", browser.post("/connectors/shippo/link", &stale).await).status, 403);
    let elsewhere = browser.post_from("https://evil.test", "/connectors/shippo/link", &stale).await;
    assert_eq!(seen.page("a form of another site", elsewhere).status, 403);
    let mut spoiled = app.browser();
    spoiled.plant(&browser.cookie().unwrap().replace("%3D", "%3E"));
    assert_eq!(seen.page("a spoiled cookie", spoiled.get("/connectors").await).status, 401);
    let odd = [("user-agent", "\"}{\""), ("x-forwarded-for", "\""), ("cookie", "=\"; a=%ff")];
    seen.page("odd headers", app.browser().send(Method::GET, &format!("/{hostile}"), &odd, None).await);
    for key in [WRONG_HOST_KEY, SESSION_KEY] {
        let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(key);
        seen.answer("a wrong host key", request.send().await.unwrap()).await;
    }
    let wanted =
        json!({ "user": { "id": FORGERY }, "return_url": format!("{HOST_ORIGIN}/{HOST_KEY}x"), "locale": HOST_KEY });
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY).json(&wanted);
    seen.answer("a session that is refused", request.send().await.unwrap()).await;
    let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(HOST_KEY);
    seen.answer("the connections", request.send().await.unwrap()).await;
    let attempt = app.last_attempt("jane", "slack").await;
    seen.shown.push(("an attempt".to_owned(), attempt.to_string()));
}

/// What Alloy does wrong, with a key and with a link.
pub(super) async fn faults(app: &TestApp, browser: &mut Browser, seen: &mut Seen) {
    let faults: [Switch; 11] = [
        Fault::ServerErrors.into(),
        Fault::RateLimited.with(3),
        Fault::NotJson.into(),
        Fault::CutOff.into(),
        Fault::BothKeys.into(),
        Fault::NeitherKey.into(),
        Fault::WrongTypes.into(),
        Fault::BadAuthorizationUrl.into(),
        Fault::Redirected.into(),
        Fault::KeyRefused.into(),
        Fault::RedirectAllowList.into(),
    ];
    // What was typed and saved before is not sent again: each time it is a new one.
    let typed = |number: usize| format!("{}{number}", FORM_SECRETS[1]);
    for (number, fault) in faults.into_iter().enumerate() {
        let typed = typed(number);
        for (connector, answers) in [("hubspot", &[][..]), ("shippo", &[("data.token", typed.as_str())])] {
            app.sandbox.switch_all_off();
            browser.get(&format!("/connectors/{connector}")).await;
            app.sandbox.switch_on(fault.on(Route::CreateCredential));
            let begun = seen.page(&fault.to_string(), browser.link(connector, answers).await);
            if let Some(ours) = begun.leads_to().filter(|next| next.starts_with('/')) {
                seen.page(&fault.to_string(), browser.get(ours).await);
            }
        }
    }
    app.sandbox.switch_all_off();
    app.sandbox.switch_on(Fault::KeyRefused);
    seen.page("our key is refused", browser.get("/connectors").await);
    let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(HOST_KEY);
    seen.answer("no connections", request.send().await.unwrap()).await;
    app.sandbox.switch_all_off();
    app.sandbox.switch_on(Fault::Slow.with(20).on(Route::CreateCredential));
    let late = seen.page("no answer in time", browser.link("shippo", &[("data.token", &typed(faults.len()))]).await);
    if let Some(next) = late.leads_to() {
        seen.page("no answer in time, shown", browser.get(next).await);
    }
    app.sandbox.switch_all_off();
}

/// The session's time is over, and the store fails.
pub(super) async fn ends(app: &TestApp, browser: &mut Browser, store_url: &str, seen: &mut Seen) {
    app.clock.pass(time::Duration::hours(5));
    assert_eq!(seen.page("a session that is over", browser.get("/connectors").await).status, 401);
    let mut fresh = app.arrived().await;
    seen.cookie(&fresh);
    let mut other = SqliteConnection::connect(store_url).await.unwrap();
    other.execute("alter table connect_session rename to gone").await.unwrap();
    assert_eq!(seen.page("a broken store", fresh.get("/connectors").await).status, 500);
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
    seen.answer("a broken store", request.json(&json!({ "user": { "id": "jane" } })).send().await.unwrap()).await;
    other.execute("alter table gone rename to connect_session").await.unwrap();
    let token = fresh.get("/connectors/slack?another=1").await.form("/connectors/slack/link").remove(0).1;
    assert_eq!(seen.page("out", fresh.post("/session/end", &[("form_token", &token)]).await).status, 303);
}

//! What the provider reports on a return: a *no* ends the attempt soon, any other error waits for evidence.

use gangway::sandbox::{Fault, Route};
use time::Duration;

use crate::{
    app::TestApp,
    not_linked::{end, ended},
    provider::redirect_uri,
};

#[tokio::test]
async fn late_evidence_outweighs_an_error() {
    for query in
        ["error=", "error&success=true", "error=server_error", "error=temporarily_unavailable", "oauth_problem=x"]
    {
        let app = TestApp::spawn().await;
        let mut jane = app.arrived().await;
        app.sandbox.switch_on(Fault::ListLag.with(60));
        let leaving = jane.leave_for("slack").await;
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        let returned = jane.navigate(&format!("{back}?{query}"), "cross-site").await;
        let page = jane.get(returned.location()).await;
        assert!(["Checking with Slack…", "Slack reported an error"].contains(&page.heading().as_str()), "{query}");
        assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending", "{query}");
        app.pass_everywhere(Duration::seconds(60));
        assert_eq!(jane.get(returned.location()).await.heading(), "Slack is connected", "{query}");
        assert_eq!(ended(&app).await, end("linked", "new"), "{query}");
    }
}

#[tokio::test]
async fn error_without_evidence_asks_and_fails_at_the_deadline() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let returned = jane.navigate(&format!("{}?error=server_error", redirect_uri(&leaving)), "cross-site").await;
    app.clock.pass(Duration::seconds(15));
    let asking = jane.get(returned.location()).await;
    assert_eq!(asking.heading(), "Slack has not confirmed yet");
    assert!(asking.text().contains("Slack reported an error."), "{}", asking.text());
    assert!(asking.all("a.button").contains(&"Try again".to_owned()), "{}", asking.text());
    app.clock.pass(Duration::minutes(29));
    jane.get("/connectors").await;
    app.clock.pass(Duration::minutes(29));
    jane.get("/connectors").await;
    app.clock.pass(Duration::minutes(8));
    let page = jane.get(returned.location()).await;
    assert_eq!(page.heading(), "Slack could not be confirmed");
    assert!(page.text().contains("Slack reported an error"), "{}", page.text());
    assert!(!page.text().contains("Nothing was changed"), "{}", page.text());
    assert_eq!(ended(&app).await, end("failed", "upstream_refused"));
}

#[tokio::test]
async fn users_answer_decides_after_an_error() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    for (answer, state, reason) in [
        ("canceled", "denied", "canceled"),
        ("administrator", "denied", "admin_approval"),
        ("error", "failed", "upstream_refused"),
    ] {
        let leaving = jane.leave_for("slack").await;
        let returned = jane.navigate(&format!("{}?error=server_error", redirect_uri(&leaving)), "cross-site").await;
        app.clock.pass(Duration::seconds(15));
        let asking = jane.get(returned.location()).await;
        let action = asking.attributes("form", "action").remove(0);
        jane.submit(&asking, &action, &[("answer", answer)]).await;
        assert_eq!(ended(&app).await, end(state, reason));
    }
}

#[tokio::test]
async fn no_slow_or_failing_list_delays_a_refusal() {
    for fault in [Fault::Slow.with(20), Fault::ServerErrors.into(), Fault::KeyRefused.into()] {
        let app = TestApp::spawn().await;
        let mut jane = app.arrived().await;
        let leaving = jane.leave_for("slack").await;
        app.sandbox.switch_on(fault.on(Route::ListUserCredentials));
        app.sandbox.switch_on(fault.on(Route::ListCredentials));
        let began = tokio::time::Instant::now();
        let denied = format!("{}?error=access_denied", redirect_uri(&leaving));
        // The browser goes no further than the callback.
        jane.navigate(&denied, "cross-site").await;
        assert_eq!(ended(&app).await, end("denied", "access_denied"));
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{fault}: {:?}", began.elapsed());
        assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
    }
}

#[tokio::test]
async fn evidence_outweighs_a_refusal() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&format!("{back}?error=access_denied")).await.heading(), "Slack is connected");
}

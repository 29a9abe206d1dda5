//! Every end without a link, and the way there.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
    provider::{press, redirect_uri},
};

/// Comes back without a word, is asked after a while, and answers.
async fn answered(app: &TestApp, browser: &mut Browser, answer: &str) -> Page {
    let leaving = browser.leave_for("slack").await;
    let returned = browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    app.clock.pass(Duration::seconds(15));
    let asking = browser.get(returned.location()).await;
    assert_eq!(asking.heading(), "Slack has not confirmed yet");
    assert!(asking.text().contains("What happened at Slack?"), "{}", asking.text());
    let action = asking.attributes("form", "action").remove(0);
    let posted = browser.submit(&asking, &action, &[("answer", answer)]).await;
    assert_eq!(posted.status, 303, "{}", posted.text());
    browser.get(posted.location()).await
}

pub(crate) async fn ended(app: &TestApp) -> (String, String) {
    let attempt = app.last_attempt("jane", "slack").await;
    let text = |name: &str| attempt[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("reason"))
}

pub(crate) fn end(state: &str, reason: &str) -> (String, String) {
    (state.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn cancelled_at_the_provider_can_be_tried_again() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Cancel").await.unwrap();
    assert!(back.ends_with("?error=access_denied"), "{back}");
    let page = browser.come_back(&back).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Slack is not connected"));
    assert!(page.text().contains("Nothing was changed"), "{}", page.text());
    assert_eq!(page.all("a.button"), ["Try again", "Back to Acme Notes"]);
    assert_eq!(ended(&app).await, end("denied", "access_denied"));
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);

    let again = browser.get(&page.attributes("a.primary", "href")[0]).await;
    let leaving = browser.submit(&again, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn denial_without_error_asks_the_user() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::DenialBare);
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Cancel").await.unwrap();
    assert_eq!(back, redirect_uri(&leaving));
    let waiting = browser.come_back(&back).await;
    assert_eq!((waiting.status, waiting.heading().as_str()), (200, "Checking with Slack…"));
    assert_eq!(waiting.all("a.primary"), ["Check again"]);
    let page = answered(&app, &mut browser, "canceled").await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert!(page.text().contains("You cancelled at Slack. Nothing was changed."), "{}", page.text());
    assert_eq!(ended(&app).await, end("denied", "canceled"));
}

#[tokio::test]
async fn administrator_approval_has_its_own_page() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = answered(&app, &mut browser, "administrator").await;
    assert_eq!(page.heading(), "Your Slack administrator needs to approve this");
    assert!(page.body.contains("so that I can"), "{}", page.text());
    assert_eq!(ended(&app).await, end("denied", "admin_approval"));

    let leaving = browser.leave_for("slack").await;
    let back = format!("{}?error=access_denied&error_description=AADSTS90094%3A+no", redirect_uri(&leaving));
    assert_eq!(browser.come_back(&back).await.heading(), "Your Slack administrator needs to approve this");
}

#[tokio::test]
async fn user_who_saw_an_error_can_try_again() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = answered(&app, &mut browser, "error").await;
    assert_eq!(page.all("a.primary"), ["Try again"]);
    assert_eq!(ended(&app).await, end("failed", "not_confirmed"));
}

#[tokio::test]
async fn user_who_allowed_is_linked_when_the_list_shows_it() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = answered(&app, &mut browser, "allowed").await;
    assert_eq!(page.heading(), "Checking with Slack…");
    app.clock.pass(Duration::seconds(46));
    let here = page.attributes("a.primary", "href").remove(0);
    assert_eq!(browser.get(&here).await.heading(), "Slack has not confirmed yet");
    let leaving = browser.leave_for("slack").await;
    app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(browser.get(&here).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn evidence_weighs_more_than_an_answer() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    app.sandbox.switch_on(Fault::ServerErrors);
    let returned = browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    app.clock.pass(Duration::seconds(15));
    let here = returned.location();
    let asking = browser.get(here).await;
    app.sandbox.approve(&leaving).unwrap().unwrap();
    let action = asking.attributes("form", "action").remove(0);
    browser.submit(&asking, &action, &[("answer", "canceled")]).await;
    app.sandbox.switch_all_off();
    assert_eq!(browser.get(here).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn an_error_at_the_provider_has_its_own_words() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ProviderError);
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Allow").await.unwrap();
    assert!(back.contains("error=server_error"), "{back}");
    let page = browser.come_back(&back).await;
    assert_eq!(page.heading(), "Slack reported an error");
    assert_eq!(page.all("a.primary"), ["Try again"]);
    assert!(!page.text().contains("server_error"));
    assert_eq!(ended(&app).await.0, "pending");

    let again = browser.get(&page.attributes("a.primary", "href")[0]).await;
    let leaving = browser.submit(&again, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn hostile_error_text_reaches_no_page() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let long = "x".repeat(10_000);
    for query in ["error=%3Cscript%3Ealert(1)%3C/script%3E", &format!("error={long}"), "error=%ff%00&error=a&error"] {
        let leaving = browser.leave_for("slack").await;
        let page = browser.come_back(&format!("{}?{query}", redirect_uri(&leaving))).await;
        assert_eq!((page.status, page.heading().as_str()), (200, "Slack reported an error"), "{query}");
        assert!(!page.body.contains("alert(1)") && !page.body.contains("xxxx"));
        assert_eq!(ended(&app).await.0, "pending");
    }
}

#[tokio::test]
async fn each_providers_word_for_no_is_understood() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for (query, reason) in [
        ("?error=user_cancelled_authorize", "access_denied"),
        ("?error=ACCESS_DENIED", "access_denied"),
        ("?Error=access_denied", "access_denied"),
        ("?error=consent_declined", "access_denied"),
        ("?denied=8ldIZyxQeVrFZXFOZH5tAwj6vzJYuLQpl0WUEYtWc", "access_denied"),
        ("?oauth_problem=user_refused", "access_denied"),
        ("?success=false", "access_denied"),
        ("?a=b?error=access_denied", "access_denied"),
        ("%3Ferror=access_denied", "access_denied"),
        ("?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin", "admin_approval"),
        ("?setup_action=request", "admin_approval"),
    ] {
        let leaving = browser.leave_for("slack").await;
        let page = browser.come_back(&format!("{}{query}", redirect_uri(&leaving))).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        assert_eq!(ended(&app).await, end("denied", reason), "{query}");
    }
}

#[tokio::test]
async fn refusal_in_a_fragment_is_posted_by_the_page() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let post = async |browser: &mut Browser, page: &Page, fragment: &str| {
        let attribute = |name: &str| page.attributes("[data-answer]", name).remove(0);
        let (action, token) = (attribute("data-answer"), attribute("data-form_token"));
        let posted = browser.post(&action, &[("form_token", &token), ("fragment", fragment)]).await;
        assert_eq!(posted.status, 303, "{}", posted.text());
        browser.get(posted.location()).await
    };
    let leaving = browser.leave_for("slack").await;
    let page = browser.come_back(&redirect_uri(&leaving)).await;
    assert_eq!(post(&mut browser, &page, "_=_&error=").await.heading(), "Checking with Slack…");
    let denied = post(&mut browser, &page, "error=access_denied&state=x").await;
    assert_eq!(denied.heading(), "Slack is not connected");
    assert_eq!(ended(&app).await, end("denied", "access_denied"));

    // Evidence weighs more.
    let leaving = browser.leave_for("slack").await;
    app.sandbox.switch_on(Fault::ListLag.with(4));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = browser.come_back(&back).await;
    app.pass_everywhere(Duration::seconds(5));
    assert_eq!(post(&mut browser, &page, "error=access_denied").await.heading(), "Slack is connected");
}

#[tokio::test]
async fn fragment_without_a_return_changes_nothing() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.leave_for("slack").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let page = browser.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    let action = page.attributes("[data-answer]", "data-answer").remove(0);
    browser.submit(&page, &action, &[("fragment", "error=access_denied")]).await;
    assert_eq!(ended(&app).await.0, "pending");
}

//! An assistant needs Slack: it asks for it, the user connects it in the browser, and the assistant goes on. The examples
//! of docs/assistants.md, each driven by the official client of its language.

mod examples;

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::browser::Browser;
use examples::{Acme, Assistant, Example};

const POSTED: &str = "Posted to #general in Slack.";
const CONNECTED: &str = "Slack is connected now. Posted to #general in Slack.";
const REFUSED: &str = "Slack was not connected, because it was refused on Slack's page. Nothing was posted.";
const ANOTHER: &str =
    "Another person opened the link. Nothing was connected or posted. Calling this again makes a new link.";
const UNVERIFIED: &str =
    "Slack was connected by another person or in another browser, and does not count. Nothing was posted.";
const EXPIRED: &str =
    "The link to connect Slack was not used in time. Nothing was posted. Calling this again makes a new one.";
const OPEN: &str =
    "Slack is not connected yet. Nothing was posted. When the user has done it in the browser, call this again.";
const DECLINED: &str = "The user does not want to connect Slack now. Nothing was posted.";
const CANCELLED: &str =
    "The user closed the request to connect Slack. Nothing was posted; ask them whether to try again.";
const BUSY: &str = "Slack takes no more messages right now. Nothing was posted. Try again in a minute.";
const SORRY: &str = "That did not work. Please try again later.";

/// The story of each server, over each way in: over stdio and over Streamable HTTP, and where the SDK has them, by both
/// revisions. The other stories take the one way that has most between the two.
macro_rules! stories {
    ($($story:ident: $($name:ident($file:literal, $over_http:literal, $mode:literal)),+;)+) => {
        $(mod $story {
            use super::Example;
            $(#[tokio::test]
            async fn $name() {
                super::$story(Example { file: $file, over_http: $over_http, mode: $mode }).await;
            })+
        })+
    };
    (in each language: $($story:ident),+) => {
        stories!($($story:
            typescript("assistant.ts", true, "legacy"),
            python("assistant.py", true, "legacy"),
            stateless("assistant.py", true, "2026-07-28");
        )+);
    };
}

stories!(slack_is_connected_and_the_message_arrives:
    typescript_over_stdio("assistant.ts", false, "legacy"),
    typescript_over_http("assistant.ts", true, "legacy"),
    python_over_stdio("assistant.py", false, "legacy"),
    python_over_http("assistant.py", true, "legacy"),
    stateless_python_over_stdio("assistant.py", false, "2026-07-28"),
    stateless_python_over_http("assistant.py", true, "2026-07-28");
);
stories!(
    cancelled_call_posts_nothing: typescript("assistant.ts", true, "legacy");
    slack_is_connected_on_another_page:
        typescript("assistant.ts", true, "legacy"), python("assistant.py", true, "legacy");
);
stories!(in each language:
    alloy_does_not_post,
    newest_account_counts,
    another_person_opens_the_link,
    nobody_uses_the_link,
    assistant_that_cannot_ask_calls_again_afterwards,
    slack_refuses_and_another_person_finishes,
    revoked_access_is_connected_again,
    each_token_is_one_user
);

/// Goes on from the host's page to Slack's.
async fn goes_to_slack(browser: &mut Browser) {
    browser.press("Go on to connect Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.continue_to("Slack").await;
}

async fn connects_slack(browser: &mut Browser) {
    goes_to_slack(browser).await;
    browser.press("Allow").await;
    browser.reads("You can close this page and go back to your assistant.").await;
}

async fn slack_is_connected_and_the_message_arrives(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it", "Shipped"]);
    let link = assistant.is_asked().await;
    let mut jane = acme.opened(&link, "Jane Doe").await;
    jane.reads("Your assistant asks to use Slack for Jane Doe.").await;
    let code = jane.run("return document.querySelector('[name=code]').value").await;
    goes_to_slack(&mut jane).await;
    let authorization = jane.authorization_url("slack").await;
    jane.press("Allow").await;
    jane.reads("You can close this page and go back to your assistant.").await;

    assistant.is_told(CONNECTED).await;
    assistant.is_told(POSTED).await; // connected already: nothing is asked
    assert_eq!(acme.posted(), ["Ship it", "Shipped"]);
    let message = &acme.world.sandbox.messages()[0];
    let sent = (message.author.as_str(), message.channel.as_str());
    assert_eq!(sent, ("Jane Doe", "general"), "Jane acted, not the key's owner");
    assert_eq!(acme.world.connected("jane").await, ["slack"]);
    jane.has_nothing_to_complain_of().await;

    let connection = acme.world.connections("jane").await.remove(0);
    let [credential, user] = ["credential_id", "alloy_user_id"].map(|id| connection[id].as_str().unwrap());
    let callback = acme.world.callback_of_the_last_attempt();
    assistant.has_heard_none_of(&[code.as_str().unwrap(), &authorization, &callback, credential, user]);
    let completed = assistant.heard.iter().filter(|line| line.starts_with("{\"completed\"")).count();
    assert_eq!(completed, usize::from(example.mode == "legacy"), "2026-07-28 has no such notification");
    assistant.ends().await;
}

async fn another_person_opens_the_link(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
    let link = assistant.is_asked().await;
    let sam = acme.opened(&link, "Sam Lee").await;
    sam.reads("This link is for another user of Acme Notes. Nothing was connected.").await;
    sam.goto(&link).await;
    sam.reads("This link has expired. Ask your assistant for a new one.").await;
    assistant.is_told(ANOTHER).await;
    for user in ["jane", "sam"] {
        assert_eq!(acme.world.connected(user).await, [""; 0], "{user}");
    }
    assert!(acme.posted().is_empty());
    assistant.ends().await;
}

/// Without a browser: the user agrees and never goes there, or does not agree.
async fn nobody_uses_the_link(example: Example) {
    let acme = Acme::with(example, &[("LINK_SECONDS", "1")]).await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
    assistant.is_asked().await;
    assistant.is_told(EXPIRED).await;
    assistant.ends().await;
    let acme = Acme::open(example).await;
    for (answer, words) in [("decline", DECLINED), ("cancel", CANCELLED)] {
        let mut assistant = acme.assistant(Some(answer), &["Ship it"]);
        assistant.is_asked().await;
        assistant.is_told(words).await;
        assistant.ends().await;
    }
    assert!(acme.posted().is_empty());
}

async fn assistant_that_cannot_ask_calls_again_afterwards(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(None, &["Ship it", "Ship it"]);
    assistant.next("tools").await;
    let [first, second] = [assistant.is_not_served().await, assistant.is_not_served().await];
    assert_eq!(first, second, "the same link while it can be opened");
    assistant.has_heard_none_of(&[]);
    assistant.ends().await;
    let mut jane = acme.opened(&first, "Jane Doe").await;
    goes_to_slack(&mut jane).await;
    jane.goto(&first).await; // she closed the page, and opens the link once more
    connects_slack(&mut jane).await;
    let mut assistant = acme.assistant(None, &["Ship it"]);
    assistant.next("tools").await;
    assistant.is_told(POSTED).await;
    assert_eq!(acme.posted(), ["Ship it"]);
}

async fn slack_refuses_and_another_person_finishes(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
    let link = assistant.is_asked().await;
    let mut jane = acme.opened(&link, "Jane Doe").await;
    goes_to_slack(&mut jane).await;
    jane.press("Cancel").await;
    assistant.is_told(REFUSED).await;

    // Jane begins, and passes on the page of Slack: another person allows it there.
    let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
    let link = assistant.is_asked().await;
    jane.goto(&link).await;
    jane.requests().await; // the first page of Slack is none of this link
    goes_to_slack(&mut jane).await;
    let passed_on = jane.authorization_url("slack").await;
    let mut sam = Browser::open().await;
    sam.goto(&passed_on).await;
    sam.press("Allow").await;
    assistant.is_told(UNVERIFIED).await;
    assert_eq!(acme.world.connected("jane").await, [""; 0]);
    assert!(acme.posted().is_empty());
}

async fn revoked_access_is_connected_again(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it", "Shipped"]);
    let link = assistant.is_asked().await;
    let mut jane = acme.opened(&link, "Jane Doe").await;
    connects_slack(&mut jane).await;
    assistant.is_told(CONNECTED).await;
    assistant.is_told(POSTED).await;
    let connections = acme.world.connections("jane").await;
    let credential = connections[0]["credential_id"].as_str().unwrap();
    assert!(acme.world.sandbox.revoke_credential(credential));

    let mut assistant = acme.assistant(Some("accept"), &["Once more"]);
    let link = assistant.is_asked().await;
    assert_eq!(acme.world.connections("jane").await[0]["status"], "needs_reconnect", "Gangway was told");
    jane.goto(&link).await;
    jane.press("Go on to connect Slack").await;
    jane.arrives("Connect Slack to Acme Notes again").await;
    jane.continue_to("Slack").await;
    jane.press("Allow").await;
    assistant.is_told(CONNECTED).await;
    assert_eq!(acme.posted(), ["Ship it", "Shipped", "Once more"]);
}

/// A message meant for one workspace goes to no other: while the newest account needs attention, the older one is not used.
async fn newest_account_counts(example: Example) {
    let acme = Acme::open(example).await;
    let jane = acme.jane_at_alloy().await;
    acme.world.sandbox.add_credential(&jane, "slack").unwrap();
    acme.world.time_passes(Duration::MINUTE);
    let newest = acme.world.sandbox.add_credential(&jane, "slack").unwrap();
    assert!(acme.world.sandbox.revoke_credential(&newest));
    for why in ["Slack refuses it", "Gangway knows that"] {
        let mut assistant = acme.assistant(Some("decline"), &["Ship it"]);
        assistant.is_asked().await;
        assistant.is_told(DECLINED).await;
        assert!(acme.posted().is_empty(), "{why}");
    }
}

async fn slack_is_connected_on_another_page(example: Example) {
    let acme = Acme::with(example, &[("WAIT_SECONDS", "10")]).await;
    let jane = acme.jane_at_alloy().await;
    let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
    assistant.is_asked().await;
    acme.world.sandbox.add_credential(&jane, "slack").unwrap();
    assistant.is_told(CONNECTED).await;
    assert_eq!(acme.posted(), ["Ship it"]);
}

async fn alloy_does_not_post(example: Example) {
    let acme = Acme::open(example).await;
    let jane = acme.jane_at_alloy().await;
    acme.world.sandbox.add_credential(&jane, "slack").unwrap();
    for fault in [Fault::RateLimited, Fault::ServerErrors, Fault::NotJson, Fault::CutOff, Fault::ActionFails] {
        acme.world.sandbox.switch_on(fault.on(Route::Execute));
        let mut assistant = acme.assistant(Some("accept"), &["Ship it"]);
        assistant.next("tools").await;
        assistant.is_told(if fault == Fault::RateLimited { BUSY } else { SORRY }).await;
        assistant.has_heard_none_of(&[&jane]);
        acme.world.sandbox.switch_all_off();
    }
    assert_eq!(acme.world.connections("jane").await[0]["status"], "connected", "none of these is a refusal");
}

/// A new call made after the link has ended shows that the cancelled one is not continued.
async fn cancelled_call_posts_nothing(example: Example) {
    let acme = Acme::open(example).await;
    let mut assistant = acme.assistant(Some("abandon"), &["Ship it"]);
    let link = assistant.is_asked().await;
    assistant.next("error").await;
    let mut jane = acme.opened(&link, "Jane Doe").await;
    connects_slack(&mut jane).await;
    let mut assistant = acme.assistant(Some("accept"), &["Shipped"]);
    assistant.next("tools").await;
    assistant.is_told(POSTED).await;
    assert_eq!(acme.posted(), ["Shipped"]);
}

async fn each_token_is_one_user(example: Example) {
    let acme = Acme::with(example, &[("WAIT_SECONDS", "0")]).await;
    for (_, token) in examples::TOKENS {
        let mut assistant: Assistant = acme.assistant_of(token, Some("accept"), &["Ship it"]);
        let link = assistant.is_asked().await;
        assistant.is_told(OPEN).await;
        let body = reqwest::get(&link).await.unwrap().text().await.unwrap();
        assert!(body.contains("Sign in as Sam Lee") && !body.contains("code"), "no user is signed in: {body}");
    }
    let back = reqwest::get(format!("{}/?gangway_completion=who-is-it", acme.url)).await.unwrap().text().await.unwrap();
    assert!(back.contains("Sign in as Jane Doe") && back.contains("who-is-it"), "no user is signed in: {back}");
    let call = |token: &str| {
        let request = reqwest::Client::new().post(format!("{}/mcp", acme.url)).bearer_auth(token);
        let client = json!({ "name": "judge", "version": "1" });
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
        let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
        request.header("accept", "application/json, text/event-stream").json(&hello)
    };
    assert_eq!(call("token-of-eve").send().await.unwrap().status(), 401);
    let initialized = call("token-of-jane").send().await.unwrap();
    let session = initialized.headers()["mcp-session-id"].clone();
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    let other = call("token-of-sam").header("mcp-session-id", session).json(&list).send().await.unwrap();
    assert_eq!(other.status(), 404, "a session belongs to its user");
    let page = call("token-of-jane").header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(page.status(), 403, "no web page calls it");
}

//! The operator has a user on the phone who reads the reference on the page.

use crate::{browser::Browser, process::Place, provider::redirect_uri};
use serde_json::json;

use crate::app::HOST_ORIGIN;

fn told(place: &Place, reference: &str) -> (i32, String, String) {
    let output = place.command(&["attempt", reference]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_on_the_page_leads_to_what_happened_and_what_to_say() {
    let process = Place::new("").serve().await;
    let (_, session) = process
        .api("POST", "/connect-sessions", json!({ "user": { "id": "jane" }, "client_reference": "order-4711" }))
        .await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let leaving = jane.leave_for("slack").await;
    let denied = format!("{}?error=access_denied&error_description=canary", redirect_uri(&leaving));
    let back = jane.navigate(&denied, "cross-site").await;
    let page = jane.get(back.location()).await;
    let reference = page.reference();

    let (code, said, complaint) = told(&process.place, &reference.to_lowercase().replace('-', ""));
    assert_eq!((code, complaint.as_str()), (0, ""), "{said}");
    for words in [
        &format!("Attempt {reference} of user \"jane\" at slack"),
        "state    denied (access_denied)",
        "yours    order-4711",
        "alloy    user ",
        "the browser was sent to the provider",
        "the user's own browser came back",
        "Why\n  The provider said that access was refused",
        "What to tell the user\n  It was cancelled",
        "What you can do\n",
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
    let id = said.lines().find_map(|line| line.trim().strip_prefix("id ")).unwrap().trim().to_owned();
    assert_eq!(told(&process.place, &id), (0, said.clone(), String::new()));
    let state = redirect_uri(&leaving).rsplit_once('/').unwrap().1.to_owned();
    for secret in [state.as_str(), "canary", session["start_code"].as_str().unwrap()] {
        assert!(!said.contains(secret), "{said}");
    }

    let (code, said, complaint) = told(&process.place, "0000-0000");
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(
        complaint.contains("no attempt has the reference 0000-0000") && complaint.contains("in the log"),
        "{complaint}"
    );
    assert!(told(&process.place, "what?").2.contains("neither a reference"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_not_made_for_a_question() {
    let place = Place::new("");
    let (code, _, complaint) = told(&place, "0000-0000");
    assert!(code == 1 && complaint.contains("there is no database at"), "{complaint}");
    assert!(!place.database().exists());
}

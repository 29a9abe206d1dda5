//! `gangway check --link`: the operator connects with their own browser while the command waits.

use std::{process::Command, time::Duration};

use gangway::sandbox::{Control, Fault, Route};
use rustix::process::{Pid, Signal, kill_process};

use crate::{app::API_KEY, browser::Browser, process::Place, program::Program};

struct Link {
    program: Program,
    pid: Pid,
    place: Place,
}

impl Link {
    async fn start(arguments: &[&str], faults: &[Fault]) -> (Self, String) {
        let place = Place::new("");
        for &fault in faults {
            place.sandbox.switch_on(fault);
        }
        let check = place.command(&[&["check", "--link", "slack", "--yes"], arguments].concat());
        // The link is printed on standard error.
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$; exec \"$@\" 2>&1", "sh"]).arg(check.get_program()).args(check.get_args());
        let mut program = Program::start(command);
        let pid = program.line().await.and_then(|line| Pid::from_raw(line.parse().unwrap())).unwrap();
        loop {
            let line = program.line().await.expect("no link was printed");
            if line.starts_with("http") {
                return (Self { program, pid, place }, line);
            }
        }
    }

    /// The report, once the command has ended, and whether it is content.
    async fn report(self, secrets: &[&str]) -> (bool, String) {
        let (status, lines) = self.program.ended().await;
        let report = lines.join("\n") + "\n";
        for secret in secrets.iter().chain(&[API_KEY, "oauthUrl", "token="]) {
            assert!(!report.contains(secret), "{report}");
        }
        let left = self.place.sandbox.users().into_iter().filter(|user| user.username.contains("check-")).count();
        assert_eq!(left, 0, "{report}");
        (status.success(), report)
    }
}

/// Presses the button of the page, and gives the authorization URL.
async fn pressed(browser: &mut Browser, start: &str) -> String {
    let page = browser.navigate(start, "none").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let leaving = browser.submit(&page, "/start", &[]).await;
    assert_eq!(leaving.status, 303);
    leaving.location().to_owned()
}

fn approve(sandbox: &Control, url: &str) -> String {
    sandbox.approve(url).unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn link_reports_return_list_action_and_deletion() {
    let (link, start) = Link::start(&["--action", "whoami"], &[Fault::ReturnOauth]).await;
    let mut operator = Browser::new(&link.place.public_url);
    // Another browser without the code gets nothing.
    assert_eq!(Browser::new(&link.place.public_url).get("/start?code=guess").await.status, 404);
    let leaving = pressed(&mut operator, &start).await;
    let back = format!("{}&CANARYWITHOUTNAME", approve(&link.place.sandbox, &leaving));
    let (state, values) = back.split_once('?').unwrap();
    let values: Vec<&str> = values.split('&').filter_map(|pair| Some(pair.split_once('=')?.1)).collect();
    assert_eq!(operator.navigate(&back, "cross-site").await.status, 200);
    let sandbox = link.place.sandbox.clone();
    let secrets = [&values[..], &[&leaving, start.split_once("code=").unwrap().1, state.rsplit_once('/').unwrap().1]];
    let (is_fit, report) = link.report(&[&secrets.concat()[..], &["CANARY"]].concat()).await;
    assert!(is_fit, "{report}");
    for line in [
        "Parameters on the return: code, state, (…) (a fragment",
        "Path of the redirect URI: kept\n",
        "Lag of the list: ",
        "Type of the credential: slack-oauth2",
        "Fields of the credential: credentialId, ",
        "POST /connectors/{id}/actions/{actionId}/execute: answers with ",
        "[connectors.slack]\n  whoami = { action = \"whoami\", field = ",
        "DELETE /users/{userId}/credentials/{credentialId}: done, answers with success",
        "Deletion: not listed any more after ",
        "Clean-up: the user was deleted",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    assert_eq!(sandbox.count(Route::Execute), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn denied_link_and_lost_path_are_reported() {
    let (link, start) = Link::start(&[], &[]).await;
    let mut operator = Browser::new(&link.place.public_url);
    pressed(&mut operator, &start).await;
    let page = operator.navigate("/?error=access_denied", "cross-site").await;
    assert_eq!(page.status, 200);
    let (is_fit, report) = link.report(&[]).await;
    assert!(!is_fit, "nothing was linked: {report}");
    for line in [
        "Path of the redirect URI: LOST",
        "Denial: the parameters say access_denied",
        "Lag of the list: nothing was listed",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lag_and_another_call_for_deletion_are_reported() {
    let (link, start) = Link::start(&[], &[Fault::ListLag]).await;
    link.place.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUserCredential));
    let mut operator = Browser::new(&link.place.public_url);
    let leaving = pressed(&mut operator, &start).await;
    let back = approve(&link.place.sandbox, &leaving);
    operator.navigate(&format!("{back}/"), "cross-site").await;
    let (is_fit, report) = link.report(&[&leaving]).await;
    assert!(is_fit, "{report}");
    for line in [
        "Parameters on the return: none",
        "Path of the redirect URI: kept, with slashes added",
        "DELETE /users/{userId}/credentials/{credentialId}: not served",
        "DELETE /connectors/{id}/credentials/{credentialId}: done",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    let lag: f64 = report.split_once("Lag of the list: ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    assert!((1.0..30.0).contains(&lag), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn link_is_refused_while_the_address_is_in_use() {
    let process = Place::new("").serve().await;
    let output = process.place.command(&["check", "--link", "slack", "--yes"]).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && complaint.contains("Stop `gangway serve` for this check"), "{complaint}");
    assert_eq!(process.place.sandbox.count(Route::CreateUser), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_link_deletes_what_was_linked() {
    let (link, start) = Link::start(&[], &[]).await;
    let mut operator = Browser::new(&link.place.public_url);
    let leaving = pressed(&mut operator, &start).await;
    // The provider's page never returns.
    approve(&link.place.sandbox, &leaving);
    kill_process(link.pid, Signal::INT).unwrap();
    let sandbox = link.place.sandbox.clone();
    let (is_fit, report) = link.report(&[&leaving]).await;
    assert!(!is_fit && report.contains("Stopped before the end"), "{report}");
    assert!(!report.contains("FAILED") && sandbox.count(Route::DeleteUserCredential) == 1, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn link_that_is_finished_after_a_stop_is_deleted_or_named() {
    for is_finished in [true, false] {
        let (link, start) = Link::start(&[], &[]).await;
        let leaving = pressed(&mut Browser::new(&link.place.public_url), &start).await;
        let sandbox = link.place.sandbox.clone();
        sandbox.forget_calls();
        // The terminal closes, and says so more than once.
        kill_process(link.pid, Signal::HUP).unwrap();
        while sandbox.count(Route::ListUserCredentials) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        kill_process(link.pid, Signal::HUP).unwrap();
        if is_finished {
            approve(&sandbox, &leaving);
        }
        let (is_fit, report) = link.report(&[&leaving]).await;
        assert!(!is_fit && report.contains("Stopped before the end") && !report.contains("FAILED"), "{report}");
        assert_eq!(sandbox.count(Route::DeleteUserCredential), usize::from(is_finished), "{report}");
        let warning =
            "finish nothing there any more. If you do, look in Alloy's dashboard for a connection of the user ";
        assert_eq!(report.contains(warning), !is_finished, "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn link_that_cannot_begin_is_reported() {
    let place = Place::new("");
    for fault in
        [Fault::BadAuthorizationUrl, Fault::BothKeys, Fault::NeitherKey, Fault::WrongTypes, Fault::RedirectAllowList]
    {
        place.sandbox.switch_on(fault);
        let output = place.command(&["check", "--link", "slack", "--yes"]).output().unwrap();
        place.sandbox.switch_all_off();
        let report = String::from_utf8(output.stdout).unwrap();
        assert!(!output.status.success() && report.contains("POST /connectors/{id}/credentials: Alloy"), "{report}");
        assert!(report.contains("Clean-up: the user was deleted") && !report.contains("javascript"), "{report}");
    }
}

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use clap::CommandFactory as _;
use secrecy::ExposeSecret as _;
use strum::VariantArray as _;

use super::*;
use crate::{
    cli::check::{Outcome, offline},
    domain::clock::{SystemClock, SystemEntropy},
    sandbox::{Fault, Route},
};

/// Result of parsing a command line, and the text on the two streams.
fn typed(line: &[&str]) -> (Result<Command, ExitCode>, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["gangway"].iter().chain(line).map(OsString::from);
    let parsed = parse(arguments, &mut Terminal::new(&mut out, &mut err));
    (parsed, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn every_command_has_help() {
    Arguments::command().debug_assert();
    let (exit, out, err) = typed(&["--help"]);
    assert_eq!((exit, err.as_str()), (Err(ExitCode::SUCCESS), ""));
    for command in
        ["serve", "demo", "sandbox", "init", "check", "attempt", "backup", "health", "events", "embed", "session"]
    {
        assert!(out.contains(&format!("\n  {command} ")), "{command} is not in\n{out}");
        let (exit, out, _) = typed(&[command, "--help"]);
        assert_eq!(exit, Err(ExitCode::SUCCESS));
        assert!(out.contains("Usage: gangway"), "{out}");
    }
    let (exit, out, _) = typed(&["--version"]);
    assert_eq!((exit, out), (Err(ExitCode::SUCCESS), format!("gangway {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn wrong_usage_exits_with_2() {
    for line in [
        &["fly"][..],
        &["serve", "--confg", "x"],
        &["sandbox", "--bind", "4040"],
        &["sandbox", "--fault", "snow"],
        &["sandbox", "--fault", "slow=3", "both-keys=2"],
        &["demo", "--port-base", "65533"],
        &["events", "--user", ""],
        &["embed"],
        &["check", "--probe", "--offline"],
        &["check", "--probe", "--link", "slack"],
        &["check", "--link", "../admin"],
        &["check", "--action", "whoami"],
        &["session", "create"],
        &["session", "create", "--user", ""],
        &["session", "create", "--user", "u", "--connector", "../admin"],
    ] {
        let (exit, out, err) = typed(line);
        assert_eq!((exit, out.as_str()), (Err(ExitCode::from(2)), ""), "{line:?}");
        assert!(err.starts_with("error: "), "{line:?}: {err}");
    }
    assert_eq!(typed(&[]).0, Err(ExitCode::from(2)));
}

#[test]
fn sandbox_help_lists_faults() {
    let (_, help, _) = typed(&["sandbox", "--help"]);
    for fault in Fault::VARIANTS {
        assert!(
            help.contains(&format!("  {fault}")) && help.contains(fault.description()),
            "{fault} is not in\n{help}"
        );
    }
    assert!(help.contains("  slow=SECONDS\n") && help.contains(&Route::Metadata.to_string()), "{help}");
    let (_, _, err) = typed(&["sandbox", "--fault", "snow"]);
    assert!(err.contains("'snow'") && err.contains("list-lag"), "{err}");
}

#[test]
fn options_are_parsed() {
    let (command, ..) = typed(&["sandbox", "--fault", "admin-approval", "slow=3", "--fault", "redirected"]);
    let Ok(Command::Sandbox(sandbox)) = command else { panic!("{command:?}") };
    assert_eq!(
        (sandbox.bind.to_string().as_str(), sandbox.faults.as_slice()),
        ("127.0.0.1:4040", [Fault::AdminApproval.into(), Fault::Slow.with(3), Fault::Redirected.into()].as_slice())
    );
    let (command, ..) = typed(&["demo"]);
    assert_eq!(command, Ok(Command::Demo(Demo { port_base: None })));
    let (command, ..) = typed(&["check", "--offline", "--config", "a.toml"]);
    assert_eq!(command, Ok(Command::Check(Check { config: Some("a.toml".into()), offline: true, ..Check::default() })));
    let (command, ..) = typed(&["session", "create", "--user", "user 1", "--connector", "zohoCRM"]);
    let Ok(Command::Session(Session::Create(create))) = command else { panic!("{command:?}") };
    assert_eq!((create.user.as_str(), create.connector.unwrap().as_str()), ("user 1", "zohoCRM"));
}

fn init(out: PathBuf) -> anyhow::Result<String> {
    let (mut printed, mut errors) = (Vec::new(), Vec::new());
    init::run(&Init { out }, &SystemEntropy, &mut Terminal::new(&mut printed, &mut errors))?;
    assert!(errors.is_empty());
    Ok(String::from_utf8(printed)?)
}

#[test]
fn init_writes_settings_that_lack_only_the_alloy_key() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("gangway.toml");
    let printed = init(file.clone()).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let settings = |key: Option<&str>| {
        let variables = key.map(|key| ("GANGWAY__ALLOY__API_KEY".to_owned(), key.to_owned()));
        Settings::load(Some(&file), variables.into_iter()).unwrap()
    };
    let found = offline(&settings(None), Some(&file), &SystemEntropy);
    assert_eq!(found.iter().map(|finding| finding.setting.as_str()).collect::<Vec<_>>(), ["alloy.api_key"]);
    let ready = settings(Some("a-key-of-alloy"));
    assert_eq!(offline(&ready, Some(&file), &SystemEntropy), []);
    ready.safe_to_serve(&SystemEntropy).unwrap();

    let key = ready.host.api_keys[0].expose_secret();
    assert!(printed.contains(&format!("Authorization: Bearer {key}'")), "{printed}");
    assert!(printed.contains("curl -s http://localhost:3000/api/v1/connect-sessions"), "{printed}");
    assert!(!printed.contains(ready.session.keys[0].expose_secret()));
}

#[test]
fn init_overwrites_no_file_and_repeats_no_key() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one.toml"), place.path().join("two.toml"));
    init(one.clone()).unwrap();
    let before = fs::read_to_string(&one).unwrap();
    let refused = init(one.clone()).unwrap_err();
    let text = format!("{} is there already and stays as it is; name another file with --out", one.display());
    assert_eq!(refused.to_string(), text);
    assert_eq!(fs::read_to_string(&one).unwrap(), before);
    init(two.clone()).unwrap();
    for name in ["keys = ", "api_keys = ", "# secrets = "] {
        let line = |text: &str| text.lines().find(|line| line.starts_with(name)).map(ToOwned::to_owned).unwrap();
        assert_ne!(line(&before), line(&fs::read_to_string(&two).unwrap()), "{name}");
    }
}

#[test]
fn init_webhook_lines_work_when_uncommented() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("gangway.toml");
    init(file.clone()).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let (before, lines) = text.split_once("# [webhook]\n").unwrap();
    let lines: String = lines.lines().map(|line| line.trim_start_matches("# ").to_owned() + "\n").collect();
    fs::write(&file, format!("{before}[webhook]\n{lines}")).unwrap();
    let variables = [("GANGWAY__ALLOY__API_KEY".to_owned(), "a-key-of-alloy".to_owned())];
    let settings = Settings::load(Some(&file), variables.into_iter()).unwrap();
    assert_eq!(settings.webhook.url.as_ref().map(url::Url::as_str), Some("http://localhost:8080/hooks"));
    settings.safe_to_serve(&SystemEntropy).unwrap();
}

async fn check(config: &str) -> (anyhow::Result<Outcome>, String) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("gangway.toml");
    fs::write(&file, config).unwrap();
    let (mut printed, mut errors) = (Vec::new(), Vec::new());
    let arguments = Check { config: Some(file), offline: true, ..Check::default() };
    let mut terminal = Terminal::new(&mut printed, &mut errors);
    let outcome = check::run(&arguments, std::iter::empty(), &SystemClock, &SystemEntropy, &mut terminal).await;
    (outcome, String::from_utf8(printed).unwrap())
}

#[tokio::test]
async fn check_reports_unreadable_values() {
    let (outcome, printed) = check("[session]\nidle = 'soon'\n[server]\nbnd = 1").await;
    assert_eq!(outcome.unwrap(), Outcome::Unfit);
    assert!(printed.contains("✗ session.idle: \"soon\"\n    wanted: a duration such as 20s, 10m or 4h\n    write under [session]:  idle = \"30m\"\n"), "{printed}");
    assert!(printed.contains("✗ server.bnd: "), "{printed}");
    let (outcome, printed) = check("[session").await;
    assert!(outcome.unwrap_err().to_string().contains("not valid TOML"));
    assert_eq!(printed, "");
    let (outcome, printed) = check("").await;
    assert_eq!(outcome.unwrap(), Outcome::Unfit);
    assert!(printed.contains("✗ session.keys: not set"), "{printed}");
}

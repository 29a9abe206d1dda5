//! How Gangway is packed: under systemd, for Debian, and in a container. Nothing of it runs here: `tests/packages` does that.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use gangway::config::Settings;
use rustix::process::Signal;
use secrecy::ExposeSecret as _;
use toml::de::{DeTable, DeValue};

use crate::process::{Place, went_well};

fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(place(path)).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[test]
fn systemd_takes_the_unit_and_finds_little_to_attack() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("gangway.service");
    // The judge looks for the program.
    std::fs::write(&unit, read("packaging/gangway.service").replace("/usr/bin/gangway", env!("CARGO_BIN_EXE_gangway")))
        .unwrap();
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit).output().unwrap();
    let complaints = said(&verified);
    // Units of the machine may have faults of their own.
    let ours: Vec<&str> = complaints.lines().filter(|line| line.contains("gangway")).collect();
    assert!(ours.is_empty(), "{complaints}");
    let judged = Command::new("systemd-analyze")
        .args(["security", "--offline=yes", "--threshold=15", "--no-pager"])
        .arg(&unit)
        .output()
        .unwrap();
    assert!(judged.status.success(), "more than 1.5 of 10:\n{}", said(&judged));
}

#[test]
fn the_unit_waits_for_a_stop_and_reloads_as_the_program_does() {
    let unit = read("packaging/gangway.service");
    for line in [
        "ExecStart=/usr/bin/gangway serve --config /etc/gangway/gangway.toml",
        r#"ExecReload=/bin/sh -c "kill -HUP $MAINPID""#,
        "KillSignal=SIGTERM",
        "TimeoutStopSec=40",
        "User=gangway",
        "StateDirectory=gangway",
        "UMask=0077",
        "Restart=always",
        "StartLimitIntervalSec=0",
    ] {
        assert!(unit.lines().any(|there| there == line), "{line}");
    }
    assert!(read("packaging/gangway.sysusers").contains("u gangway"));
}

/// What stands there in a document, by names with dots between them.
fn at<'a, 'text>(value: &'a DeValue<'text>, names: &str) -> &'a DeValue<'text> {
    names.split('.').fold(value, |value, name| value[name].get_ref())
}

#[test]
fn the_debian_package_is_made_of_what_is_there() {
    let text = read("Cargo.toml");
    let manifest = DeValue::Table(DeTable::parse(&text).unwrap().into_inner());
    let package = at(&manifest, "package.metadata.deb");
    for asset in at(package, "assets").as_array().unwrap().iter() {
        let source = asset.get_ref()[0].get_ref().as_str().unwrap();
        assert!(source == "target/release/gangway" || place(source).is_file(), "{source}");
    }
    for name in ["changelog", "maintainer-scripts"] {
        assert!(place(at(package, name).as_str().unwrap()).exists(), "{name}");
    }
    assert!(place(at(package, "license-file")[0].get_ref().as_str().unwrap()).is_file());
    let folder = at(package, "systemd-units.unit-scripts").as_str().unwrap();
    for file in ["gangway.service", "gangway.sysusers"] {
        assert!(place(folder).join(file).is_file(), "cargo-deb looks for {file}");
    }
    let at_once = ["enable", "start"].map(|name| at(package, "systemd-units")[name].get_ref().as_bool());
    // Without settings it cannot start: `tests/packages` sees that it is started by its operator.
    assert_eq!(at_once, [Some(false), Some(false)]);
    for script in ["packaging/debian/postinst", "packaging/debian/postrm"] {
        assert!(read(script).contains("\n#DEBHELPER#\n"), "{script}");
        let parsed = Command::new("sh").arg("-n").arg(place(script)).output().unwrap();
        assert!(parsed.status.success(), "{}", said(&parsed));
    }
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("packaging/debian/changelog").starts_with(&format!("gangway ({version}-")), "of {version}");
}

#[test]
fn settings_of_the_debian_package_lack_only_what_the_operator_knows() {
    let file = place("packaging/debian/gangway.toml");
    let load = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gangway.toml");
        std::fs::write(&file, text).unwrap();
        Settings::load(Some(&file), std::iter::empty()).unwrap()
    };
    let packed = load(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(packed.store.url.expose_secret(), "sqlite:///var/lib/gangway/gangway.db");
    assert_eq!(packed.server.bind.to_string(), "127.0.0.1:3000");
    // Each line that is offered is one that can be taken.
    let text = std::fs::read_to_string(&file).unwrap();
    let offered = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let taken: Vec<&str> = text.lines().map(|line| if offered(line) { line.get(1..).unwrap() } else { line }).collect();
    assert_eq!(load(&taken.join("\n")).server.public_url.as_str(), "https://connect.example.com/");
}

/// The instructions of the Dockerfile, each on one line.
fn instructions() -> Vec<(String, String)> {
    let text = read("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (word, rest) = line.split_once(' ').unwrap();
            (word.to_owned(), rest.trim().to_owned())
        })
        .collect()
}

#[test]
fn the_container_is_built_apart_runs_as_nobody_and_holds_nothing_else() {
    let all = instructions();
    let of = |word: &str| -> Vec<&str> {
        all.iter().filter(|(name, _)| name == word).map(|(_, rest)| rest.as_str()).collect()
    };
    let images = of("FROM");
    assert_eq!(images.len(), 2, "one to build in, one to run in");
    for image in &images {
        let name = image.split(' ').next().unwrap();
        assert!(name.contains(':') && !name.ends_with(":latest"), "{name} is of no known release");
    }
    let last = all.iter().rposition(|(word, _)| word == "FROM").unwrap();
    let run = &all[last..];
    assert!(run.iter().all(|(word, _)| !["RUN", "ADD"].contains(&word.as_str())), "the image has no shell to run it");
    assert!(run.iter().filter(|(word, _)| word == "COPY").all(|(_, rest)| rest.starts_with("--from=build")));
    let user = of("USER");
    assert!(user.len() == 1 && user[0].split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{user:?}");
    for word in ["ENTRYPOINT", "CMD"] {
        assert!(of(word).iter().all(|rest| rest.starts_with('[')), "{word} would want a shell");
    }
    let [health] = of("HEALTHCHECK")[..] else { panic!("no health check") };
    let config = r#""--config", "/etc/gangway/gangway.toml"]"#;
    assert!(health.ends_with(&format!(r#"CMD ["/usr/bin/gangway", "health", {config}"#)), "{health}");
    assert_eq!(of("CMD"), [format!(r#"["serve", {config}"#)]);
    assert_eq!(of("VOLUME"), ["/data"]);
    assert_eq!(of("STOPSIGNAL"), ["SIGTERM"]);
    assert!(of("ENV").is_empty(), "a variable would win over a settings file that is mounted");
    let build = of("RUN").join("\n");
    assert!(build.contains("cargo build --release --locked"), "{build}");
}

#[test]
fn settings_of_the_image_are_below_a_mounted_file_and_variables() {
    let copies: Vec<_> = instructions().into_iter().filter(|(word, _)| word == "COPY").map(|(_, rest)| rest).collect();
    let file = "packaging/container.toml";
    assert!(copies.contains(&format!("--from=build /gangway/{file} /etc/gangway/gangway.toml")), "{copies:?}");
    let load = |variables: &[(&str, &str)]| {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::load(Some(&place(file)), variables.collect::<Vec<_>>().into_iter()).unwrap()
    };
    let image = load(&[]);
    assert_eq!(image.server.bind.to_string(), "0.0.0.0:3000");
    assert_eq!(image.server.admin_bind.to_string(), "0.0.0.0:3001");
    assert_eq!(image.store.url.expose_secret(), "sqlite:///data/gangway.db");
    let with_variable = load(&[("GANGWAY__SERVER__BIND", "0.0.0.0:8080")]);
    assert_eq!(with_variable.server.bind.to_string(), "0.0.0.0:8080");
}

/// As OpenShift runs images: any user, of group 0.
#[test]
fn data_of_the_image_can_be_written_by_its_user_and_by_group_0() {
    let all = instructions();
    let has = |word: &str, rest: &str| all.iter().any(|(name, line)| name == word && line == rest);
    assert!(has("RUN", "mkdir -p /image/data && chmod 0770 /image/data"), "{all:?}");
    assert!(has("COPY", "--from=build --chown=65532:0 /image/ /"), "{all:?}");
    assert!(has("WORKDIR", "/data"), "{all:?}");
}

#[test]
fn what_the_image_is_made_of_holds_no_secret_and_all_that_the_program_wants() {
    let ignored = read(".dockerignore");
    let ignored: Vec<&str> = ignored.lines().filter(|line| !line.starts_with('#')).collect();
    for private in [".git", "target", "*.db", "*.db-wal", "gangway.toml", "*.env"] {
        assert!(ignored.contains(&private), "{private}");
    }
    assert!(ignored.contains(&"!packaging/container.toml"));
    for wanted in ["src", "templates", "static", "config", "benches", "Cargo.toml", "Cargo.lock"] {
        assert!(place(wanted).exists() && !ignored.contains(&wanted), "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_check_says_ready_not_ready_and_not_there() {
    let place = Place::new("server.drain = '20s'");
    let health = |place: &Place| place.command(&["health"]).output().unwrap();
    let answer = health(&place);
    assert!(answer.status.code() == Some(1) && said(&answer).contains("nothing answers at 127.0.0.1"), "{answer:?}");
    let process = place.serve().await;
    let answer = health(&process.place);
    assert_eq!((answer.status.code(), said(&answer).as_str()), (Some(0), "Gangway is ready.\n"));
    process.signal(Signal::TERM);
    while process.readiness().await == Some(200) {
        tokio::task::yield_now().await;
    }
    let answer = health(&process.place);
    assert!(answer.status.code() == Some(1) && said(&answer).contains("not ready"), "{answer:?}");
    process.signal(Signal::TERM);
    assert!(went_well(process.ended().await.0));
}

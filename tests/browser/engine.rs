//! The three browser engines: the driver program of each, and how it opens a browser.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

/// An engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The program that drives it.
    pub(crate) fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// Arguments and preferences that switch scripts off. WebKit's leaves scripts of the driver alone.
    pub(crate) fn scripts_off(self) -> (&'static [&'static str], Value) {
        match self {
            Self::Chromium => (&["--blink-settings=scriptEnabled=false"], json!({})),
            Self::Firefox => (&[], json!({ "javascript.enabled": false })),
            Self::WebKit => (&["--enable-javascript-markup=false"], json!({})),
        }
    }

    /// The capabilities of a session with a new profile.
    pub(crate) fn capabilities(self, profile: &str, arguments: &[&str], preferences: &Value) -> Value {
        match self {
            Self::Chromium => {
                let profile = format!("--user-data-dir={profile}");
                let arguments = [CHROMIUM, &[profile.as_str()], arguments].concat();
                json!({
                    "acceptInsecureCerts": true,
                    "goog:chromeOptions": { "args": arguments, "prefs": preferences },
                    "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                })
            }
            // As people have it: the driver's recommended preferences switch the pop-up blocker off, among other things.
            Self::Firefox => {
                let mut all = json!({ "remote.prefs.recommended": false, "dom.disable_open_during_load": true });
                for (name, value) in preferences.as_object().unwrap() {
                    all[name] = value.clone();
                }
                let arguments = [&["-headless"], arguments].concat();
                json!({ "acceptInsecureCerts": true, "moz:firefoxOptions": { "args": arguments, "prefs": all } })
            }
            Self::WebKit => {
                let arguments = [&["--automation", "--enable-itp"], arguments].concat();
                json!({
                    "acceptInsecureCerts": true,
                    "webkitgtk:browserOptions": { "binary": mini_browser(), "args": arguments },
                })
            }
        }
    }
}

const CHROMIUM: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=en-US",
    "--window-size=1280,900",
];

/// WebKitGTK's own browser: Debian keeps it out of PATH, in a folder named after the architecture.
fn mini_browser() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let mut programs = folders.map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser"));
    programs.find(|program| program.is_file()).expect("webkit2gtk-driver is installed: tests/run does it")
}

/// A screen in memory, for an engine that cannot do without one.
pub(crate) struct Screen {
    process: Child,
    display: String,
}

impl Screen {
    /// Starts an X server, which chooses a number that is free.
    pub(crate) fn start() -> Self {
        let mut process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("xvfb is installed: tests/run does it");
        let mut number = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { process, display: format!(":{}", number.trim()) }
    }

    /// Shows there what that program opens, and keeps the program's files in a folder of its own.
    pub(crate) fn shows(&self, program: &mut Command, folder: &Path) {
        program.env("DISPLAY", &self.display).env("HOME", folder);
        for kind in ["CACHE", "CONFIG", "DATA"] {
            program.env(format!("XDG_{kind}_HOME"), folder);
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

//! Samples of the pages with few variants.

use super::Cast;
use crate::web::pages::{
    Account, Checking, Closed, Disconnect, Disconnected, Done, Explained, Form, Frame, InAppBrowser, Manage, Person,
    Phase, Remains, Start, StartApp, Switch,
};

impl Manage {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let one = Self {
            frame: cast.frame(),
            app: cast.app(),
            accounts: cast.accounts().into_iter().take(1).collect(),
            permissions: cast.permissions(),
            another_url: "/connectors/slack?another=1".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let two = Self {
            frame: cast.bare_frame(),
            permissions: Vec::new(),
            accounts: cast.accounts(),
            choose_url: None,
            ..one.clone()
        };
        let refused = cast.accounts().into_iter().take(1).map(|account| Account { needs_attention: true, ..account });
        let refused: Vec<Account> = refused.collect();
        let accounts = refused.iter().cloned().chain(cast.accounts().into_iter().skip(1)).collect();
        let one_of_two = Self { accounts, ..two.clone() };
        let refused = Self { accounts: refused, ..one.clone() };
        vec![("", one), ("two", two), ("refused", refused), ("one-of-two-refused", one_of_two)]
    }
}

impl Checking {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let waiting = Self {
            frame: cast.frame(),
            app: cast.app(),
            phase: Phase::Waiting,
            again_url: "/attempts/sample".to_owned(),
            status_url: Some("/attempts/sample/status?wait=20".to_owned()),
            retry_url: None,
            answer: Form::new("/attempts/sample/answer").with("form_token", "sample-token"),
            reference: "K7F3-92QD".to_owned(),
        };
        let guest = Self {
            frame: Frame { person: None, ..cast.frame() },
            again_url: "/callback/sample".to_owned(),
            status_url: None,
            ..waiting.clone()
        };
        let reported = Self { retry_url: Some("/connectors/slack?another=1".to_owned()), ..waiting.clone() };
        let other_window = Self {
            frame: cast.in_frame(),
            phase: Phase::OtherWindow,
            retry_url: Some("/connectors/slack?another=1".to_owned()),
            ..waiting.clone()
        };
        let asking_reported = Self { phase: Phase::Asking, ..reported.clone() };
        vec![
            ("", waiting.clone()),
            ("guest", guest),
            ("reported", reported),
            ("asking", Self { phase: Phase::Asking, ..waiting }),
            ("asking-reported", asking_reported),
            ("other-window", other_window),
        ]
    }
}

impl Disconnect {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let account = cast.accounts().into_iter().next().map(|account| account.name);
        let allowed = Self {
            frame: cast.frame(),
            app: cast.app(),
            account: account.unwrap_or_default(),
            remains: Remains::App(Some(cast.consent_name.into())),
            form: Form::new("/connections/sample/disconnect").with("form_token", "sample-token"),
            keep_url: "/connectors/slack".to_owned(),
        };
        let unnamed = Self { frame: cast.bare_frame(), remains: Remains::App(None), ..allowed.clone() };
        let key = Self {
            app: cast.key_app(),
            account: cast.label("My Trello"),
            remains: Remains::Key,
            keep_url: "/connectors/trello".to_owned(),
            ..allowed.clone()
        };
        vec![("", allowed), ("unnamed", unnamed), ("key", key)]
    }
}

impl Disconnected {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let gone = Self {
            frame: cast.frame(),
            app: cast.app(),
            done: Done::Gone,
            remains: Remains::App(Some(cast.consent_name.into())),
            revoke_url: Some("https://slack.com/apps/manage".to_owned()),
            again_url: "/connections/sample/disconnect".to_owned(),
            app_url: "/connectors/slack".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let key = Self { app: cast.key_app(), remains: Remains::Key, revoke_url: None, ..gone.clone() };
        let no_return = Self { frame: cast.bare_frame(), remains: Remains::App(None), ..gone.clone() };
        let only = Self { choose_url: None, revoke_url: None, ..no_return.clone() };
        let not_yet = Self { done: Done::NotYet, ..gone.clone() };
        let not_yet_bare = Self { done: Done::NotYet, ..only.clone() };
        vec![
            ("", gone),
            ("key", key),
            ("no-return", no_return),
            ("only", only),
            ("not-yet", not_yet),
            ("not-yet-bare", not_yet_bare),
        ]
    }
}

impl Switch {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let named = Self {
            frame: Frame { person: None, ..cast.frame() },
            current: Person { name: Some("Sam Lee".into()), email: Some("sam@acme.test".into()) },
            invited: cast.person(),
            stay_url: "/connectors".to_owned(),
            form: Form::new("/start").with("code", "sample-code").with("form_token", "sample-token"),
        };
        let unnamed = Self { current: Person::default(), invited: Person::default(), ..named.clone() };
        vec![("", named), ("unnamed", unnamed)]
    }
}

impl InAppBrowser {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let copied = Self {
            frame: cast.frame(),
            link: "https://connect.acme.test/start?code=sample-code-of-twenty-two-letters".to_owned(),
            intent_url: None,
            back_url: "/connectors/slack".to_owned(),
        };
        let intent = "intent://connect.acme.test/start?code=sample#Intent;scheme=https;end".to_owned();
        vec![("android", Self { intent_url: Some(intent), ..copied.clone() }), ("", copied)]
    }
}

impl Start {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let form = Form::new("/start").with("code", "sample-code").with("form_token", "sample-token");
        let app = |(id, app, line)| StartApp { id, app, line: Some(line) };
        let all = Self { frame: cast.frame(), form, apps: cast.apps().map(app).collect(), open_in_browser_url: None };
        let full = Self { apps: all.apps.iter().take(5).cloned().collect(), ..all.clone() };
        let in_app_browser =
            Self { open_in_browser_url: Some("/start?code=sample&browser=1".to_owned()), ..full.clone() };
        let bare = Self { frame: cast.bare_frame(), ..full.clone() };
        let window = Self { frame: cast.in_window(), ..full.clone() };
        vec![("window", window), ("", full), ("bare", bare), ("long", all), ("in-app-browser", in_app_browser)]
    }
}

impl Closed {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let closed = Self { frame: Frame { person: None, closing: None, ..cast.frame() }, is_framed: false };
        let lost = Self { frame: Frame { return_url: None, ..closed.frame.clone() }, ..closed.clone() };
        let framed = Self { is_framed: true, ..lost.clone() };
        vec![("", closed), ("lost", lost), ("frame", framed)]
    }
}

impl Explained {
    pub(super) fn sample() -> Self {
        Self {
            host: "Acme Notes".into(),
            style_url: crate::web::assets::asset_url("app.css").to_owned(),
            status: 422,
            kind: "idempotency-key-reused",
            title: "This Idempotency-Key came with another body before.",
            happened: "A key stands for one request. This body is another one. Nothing was changed.",
            advice: "Make a new key for every new request.",
        }
    }
}

//! Every way in which an app can be connected.

use super::Cast;
use crate::web::pages::{Closing, Form, Frame, How, Linked, Saved, Tried};

impl Linked {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let new = Self {
            frame: cast.frame(),
            app: cast.app(),
            how: How::New,
            saved: None,
            tried: Tried::No,
            account: cast.accounts().into_iter().next().map(|account| account.name),
            earlier: None,
            accounts: None,
            app_url: "/connectors/slack".to_owned(),
            again_url: "/connectors/slack?replaces=67a37f29e0aa276e50d7253a".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let remove = Form::new("/connections/67a37f29e0aa276e50d7253a/disconnect").with("form_token", "sample-token");
        let key = Self { app: cast.key_app(), saved: Some(Saved::Key), account: None, ..new.clone() };
        let works = Tried::Works(Some(cast.label("Workspace: Acme HQ").as_str().into()));
        let kept = Self { earlier: Some((cast.label("Jane’s Slack"), remove)), ..new.clone() };
        let [before, now] = ["Globex", "Acme HQ"].map(|account| cast.label(account).as_str().into());
        let accounts = Some((before, now));
        let other = Self { tried: works.clone(), accounts: accounts.clone(), ..kept.clone() };
        let renewed = Self { how: How::Renewed, tried: works.clone(), accounts, ..new.clone() };
        let ends_soon = cast.frame().closing.map(|closing| Closing { seconds: 200, ..closing });
        let closing = Self { frame: Frame { closing: ends_soon, ..cast.frame() }, ..new.clone() };
        vec![
            ("closing", closing),
            ("", new.clone()),
            ("no-return", Self { frame: cast.bare_frame(), ..new.clone() }),
            ("close", Self { frame: cast.bare_frame(), choose_url: None, ..new.clone() }),
            ("window-earlier-kept", Self { frame: cast.in_window(), ..kept.clone() }),
            ("earlier-kept", kept),
            ("other-account-no-return", Self { frame: cast.bare_frame(), ..other.clone() }),
            ("other-account", other),
            ("renewed-other-account", renewed),
            ("window", Self { frame: cast.in_window(), ..new.clone() }),
            ("frame", Self { frame: cast.in_frame(), ..new.clone() }),
            ("works", Self { tried: works.clone(), ..new.clone() }),
            ("refused", Self { tried: Tried::Refused, ..new.clone() }),
            ("same-account", Self { how: How::Same, ..new.clone() }),
            ("renewed", Self { how: How::Renewed, ..new }),
            ("details", Self { saved: Some(Saved::Details), ..key.clone() }),
            ("details-refused", Self { saved: Some(Saved::Details), tried: Tried::Refused, ..key.clone() }),
            ("key-works", Self { tried: works, ..key.clone() }),
            ("key-refused", Self { tried: Tried::Refused, ..key.clone() }),
            ("key", key),
        ]
    }
}

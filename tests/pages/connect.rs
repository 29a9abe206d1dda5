//! Sample apps of every kind.

use std::num::NonZeroU32;

use super::Cast;
use crate::{
    i18n::{Phrase, Value},
    web::pages::{Choice, Connect, Field, Form, Input, Method, OpenInBrowser, Way},
};

impl Connect {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let plain = Self {
            frame: cast.frame(),
            app: cast.app(),
            way: Way::SignIn,
            methods: Vec::new(),
            permissions: cast.permissions(),
            consent_name: Some(cast.consent_name.into()),
            accounts: Vec::new(),
            reconnects: None,
            host_asks: false,
            full: None,
            fields: Vec::new(),
            form: Form::new("/connectors/slack/link").with("form_token", "sample-token"),
            by_link: false,
            docs_url: None,
            cancel_url: Some("/connectors".to_owned()),
            choose_url: None,
            open_in_browser: None,
            opened_url: None,
        };
        let bare = Self {
            frame: cast.bare_frame(),
            permissions: Vec::new(),
            consent_name: None,
            cancel_url: None,
            ..plain.clone()
        };
        let account = cast.accounts().into_iter().next();
        let reconnect = Self {
            reconnects: account.clone().map(|account| account.name),
            form: plain.form.clone().with("replaces", "67a37f29e0aa276e50d7253a"),
            ..plain.clone()
        };
        let needs_again = Self { host_asks: true, ..reconnect.clone() };
        let in_app_browser =
            Self { open_in_browser: Some(OpenInBrowser::Post("/session/browser".to_owned())), ..plain.clone() };
        let by_link = Self {
            by_link: true,
            form: Form::new("/start").with("code", "sample-code").with("form_token", "sample-token"),
            ..plain.clone()
        };
        let form = Self { permissions: Vec::new(), fields: vec![shop(cast, "")], ..plain.clone() };
        let mistake = Self { fields: mistakes(cast), ..form.clone() };
        let every_field = Self { fields: every_field(cast), ..form.clone() };
        let key = Self {
            app: cast.key_app(),
            way: Way::Key,
            consent_name: None,
            fields: vec![key_field(cast)],
            methods: methods(cast, true),
            ..plain.clone()
        };
        let details = Self {
            way: Way::Details,
            fields: vec![
                field("data.username", cast.say("field-email"), Input::Email(String::new())),
                field("data.password", cast.say("field-password"), Input::Secret),
            ],
            methods: Vec::new(),
            ..key.clone()
        };
        vec![
            ("", plain.clone()),
            ("bare", bare),
            ("another", Self { accounts: cast.accounts(), ..plain.clone() }),
            ("reconnect", reconnect),
            ("needs-again", needs_again),
            ("asks-again-by-link", Self { host_asks: true, ..by_link.clone() }),
            (
                "by-link-in-app-browser",
                Self {
                    open_in_browser: Some(OpenInBrowser::Link("/start?code=sample&browser=1".to_owned())),
                    ..by_link.clone()
                },
            ),
            ("by-link", by_link),
            ("in-app-browser", in_app_browser),
            ("window", Self { frame: cast.in_window(), choose_url: Some("/connectors".to_owned()), ..plain.clone() }),
            (
                "frame",
                Self {
                    frame: cast.in_frame(),
                    opened_url: Some("/connectors/slack/opened?since=1".to_owned()),
                    ..plain.clone()
                },
            ),
            ("methods", Self { methods: methods(cast, false), ..plain }),
            ("form", form),
            ("mistakes", mistake),
            ("every-field", every_field),
            ("key-full", Self { full: NonZeroU32::new(50), accounts: cast.accounts(), ..key.clone() }),
            ("key", key),
            ("details", details),
        ]
    }
}

/// A required field without hint, example and error.
fn field(name: &str, label: Phrase, input: Input) -> Field {
    let autocomplete = if matches!(input, Input::Email(_)) { "email" } else { "off" };
    Field {
        name: name.to_owned(),
        label,
        hint: None,
        example: None,
        help_url: None,
        required: true,
        autocomplete,
        error: None,
        input,
    }
}

fn shop(cast: &Cast, typed: &str) -> Field {
    Field {
        hint: Some(cast.say("field-shopify-shop.hint")),
        ..field("data.shopName", cast.label_of("field-shopify-shop"), Input::Text(typed.to_owned()))
    }
}

fn key_field(cast: &Cast) -> Field {
    Field {
        help_url: Some("https://example.com/help".to_owned()),
        ..field("data.apiKey", cast.label_of("field-api-key"), Input::Secret)
    }
}

fn mistakes(cast: &Cast) -> Vec<Field> {
    let mistake = |key, label| {
        let label = cast.say(label).plain();
        let within = label.replacen('S', "s", 1);
        let sentence = cast.say(key).with("label", Value::Words(label)).with("within", Value::Words(within));
        Some(sentence.with("example", Value::Name("acme".to_owned())))
    };
    let shop = Field { error: mistake("mistake-missing-example", "field-shopify-shop"), ..shop(cast, cast.typed) };
    let key = Field { error: mistake("mistake-missing", "field-api-key"), ..key_field(cast) };
    vec![shop, key]
}

fn every_field(cast: &Cast) -> Vec<Field> {
    let region = |value: &str, label, selected| Choice { value: value.into(), label: cast.say(label), selected };
    let regions = [("com", "region-united-states"), ("eu", "region-europe"), ("in", "region-india")];
    let optional = |field: Field| Field { required: false, ..field };
    vec![
        shop(cast, cast.typed),
        field("data.email", cast.say("field-email"), Input::Email("jane@acme.test".to_owned())),
        optional(field("data.site", cast.say("field-web-address"), Input::Url(String::new()))),
        Field {
            example: Some("443".into()),
            ..field("data.port", Phrase::verbatim("Port"), Input::Number("443".to_owned()))
        },
        field(
            "data.region",
            cast.say("field-region"),
            Input::Select(regions.map(|(value, label)| region(value, label, value == "eu")).into()),
        ),
        optional(field("data.archived", Phrase::verbatim("Include archived items"), Input::Checkbox(true))),
        key_field(cast),
    ]
}

fn methods(cast: &Cast, key: bool) -> Vec<Method> {
    let method = |label, url: &str, current| Method { label, url: url.into(), current };
    let sign_in = cast.app().say(&cast.frame(), "connect-way-sign-in");
    vec![
        method(sign_in, "/connectors/slack?method=oauth2", !key),
        method(cast.say("field-api-key"), "/connectors/slack?method=api-key", key),
    ]
}

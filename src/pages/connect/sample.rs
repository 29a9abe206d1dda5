//! Sample apps of every kind.

use super::{Connect, Method, Way};
use crate::pages::{Choice, Field, Form, Input, sample::Cast};

impl Connect {
    pub(in crate::pages) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let plain = Self {
            frame: cast.frame(),
            app: cast.app(),
            way: Way::SignIn,
            methods: Vec::new(),
            permissions: cast.permissions(),
            consent_name: Some(cast.consent_name.into()),
            accounts: Vec::new(),
            reconnects: None,
            fields: Vec::new(),
            form: Form::new("/connectors/slack/link").with("form_token", "sample-token"),
            by_link: false,
            docs_url: None,
            cancel_url: Some("/connectors".to_owned()),
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
            methods: methods(true),
            ..plain.clone()
        };
        let details = Self {
            way: Way::Details,
            fields: vec![
                Field::new("data.username", "E-mail address", Input::Email(String::new())),
                Field::new("data.password", "Password", Input::Secret),
            ],
            methods: Vec::new(),
            ..key.clone()
        };
        vec![
            ("", plain.clone()),
            ("bare", bare),
            ("another", Self { accounts: cast.accounts(), ..plain.clone() }),
            ("reconnect", reconnect),
            ("by-link", by_link),
            ("methods", Self { methods: methods(false), ..plain }),
            ("form", form),
            ("mistakes", mistake),
            ("every-field", every_field),
            ("key", key),
            ("details", details),
        ]
    }
}

fn shop(cast: &Cast, typed: &str) -> Field {
    Field {
        hint: Some(
            "The first part of your shop’s address: acme in acme.myshopify.com. You can paste the whole address."
                .into(),
        ),
        ..Field::new("data.shopName", cast.label("Shop name"), Input::Text(typed.to_owned()))
    }
}

fn key_field(cast: &Cast) -> Field {
    Field {
        help_url: Some("https://example.com/help".to_owned()),
        ..Field::new("data.apiKey", cast.label("API key"), Input::Secret)
    }
}

fn mistakes(cast: &Cast) -> Vec<Field> {
    let shop = Field { error: Some("Enter your shop name, for example acme.".into()), ..shop(cast, cast.typed) };
    let key = Field { error: Some("Enter the key again.".into()), ..key_field(cast) };
    vec![shop, key]
}

fn every_field(cast: &Cast) -> Vec<Field> {
    let region = |value: &str, label: &str, selected| Choice { value: value.into(), label: label.into(), selected };
    let regions = [("com", "United States"), ("eu", "Europe"), ("in", "India")];
    let optional = |field| Field { required: false, ..field };
    vec![
        shop(cast, cast.typed),
        Field::new("data.email", "E-mail address", Input::Email("jane@acme.test".to_owned())),
        optional(Field::new("data.site", "Web address", Input::Url(String::new()))),
        Field { example: Some("443".into()), ..Field::new("data.port", "Port", Input::Number("443".to_owned())) },
        Field::new(
            "data.region",
            "Region",
            Input::Select(regions.map(|(value, label)| region(value, label, value == "eu")).into()),
        ),
        optional(Field::new("data.archived", "Include archived items", Input::Checkbox(true))),
        key_field(cast),
    ]
}

fn methods(key: bool) -> Vec<Method> {
    let method = |label: &str, url: &str, current| Method { label: label.into(), url: url.into(), current };
    vec![
        method("Sign in", "/connectors/slack?method=oauth2", !key),
        method("Use an API key", "/connectors/slack?method=api-key", key),
    ]
}

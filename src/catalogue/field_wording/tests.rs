use std::collections::BTreeMap;

use serde_json::json;

use super::*;

fn of(app: &str, name: &str, schema: &Value) -> FieldWording {
    let id = ConnectorId::parse(app).unwrap();
    Wordings::new(&id, None).field(name, schema, None, true)
}

/// The wording in English.
fn read(words: &Wording) -> String {
    Language::default().wording(words).plain()
}

impl FieldWording {
    fn label(&self) -> String {
        read(&self.label)
    }

    fn hint(&self) -> Option<String> {
        self.hint.as_ref().map(read)
    }
}

#[test]
fn a_whole_address_is_asked_for_where_the_schema_wants_one() {
    let wording = of("freshdesk", "domain", &serde_json::json!({ "format": "uri" }));
    assert_eq!(
        (wording.label().as_str(), wording.hint(), wording.pasted),
        ("Freshdesk address", None, Some(Pasted::Address))
    );
    let part = of("freshdesk", "domain", &serde_json::json!({ "type": "string" }));
    assert_eq!((part.example.as_deref(), part.pasted), (Some("acme"), Some(Pasted::FirstLabel)));
}

#[test]
fn no_label_is_a_name_of_the_machine_or_a_word_of_the_trade() {
    for (name, label) in [
        ("apiKey", "API key"),
        ("api_key", "API key"),
        ("shop_name", "Shop name"),
        ("accessToken", "Access key"),
        ("oauthToken", "Key"),
        ("credentialsId", "ID"),
        ("merchantID", "Merchant ID"),
        ("connectorOAuth2Credential", "App"),
        ("___", "Value"),
    ] {
        assert_eq!(of("someapp", name, &Value::Null).label(), label, "{name}");
    }
}

#[test]
fn shopify_is_explained_and_a_pasted_address_works() {
    let wording = of("Shopify", "shopName", &json!({"type": "string", "title": "shopName"}));
    assert_eq!((wording.label().as_str(), wording.example.as_deref()), ("Shop name", Some("acme")));
    assert_eq!(
        wording.hint().as_deref(),
        Some("The first part of your shop’s address: acme in acme.myshopify.com. You can paste the whole address.")
    );
    assert_eq!((wording.secret, wording.pasted), (false, Some(Pasted::FirstLabel)));
}

#[test]
fn the_hosts_words_come_first_then_the_schemas_then_ours() {
    let schema = json!({"title": "Site key", "description": "It is under Settings."});
    assert_eq!(of("x", "key", &schema).label(), "Site key");
    assert_eq!(of("x", "key", &schema).hint().as_deref(), Some("It is under Settings."));
    let jargon = json!({"title": "siteKey", "description": "An OAuth token."});
    assert_eq!((of("x", "key", &jargon).label().as_str(), of("x", "key", &jargon).hint()), ("API key", None));

    let text = FieldText { label: Some("Acme key".into()), secret: Some(false), ..FieldText::default() };
    let host = ConnectorSettings { fields: BTreeMap::from([("APIKEY".into(), text)]), ..ConnectorSettings::default() };
    let id = ConnectorId::parse("trello").unwrap();
    let wording = Wordings::new(&id, Some(&host)).field("apiKey", &Value::Null, None, true);
    assert_eq!((wording.label().as_str(), wording.secret), ("Acme key", false));
    assert!(wording.hint().is_some_and(|hint| hint.contains("Trello")));
}

#[test]
fn in_doubt_it_is_a_secret_where_a_key_is_asked_for() {
    for (name, key_form, other_form) in [
        ("apiKey", true, true),
        ("webhook_secret", true, true),
        ("pin", true, false),
        ("username", false, false),
        ("companyName", false, false),
        ("shopDomain", false, false),
    ] {
        let id = ConnectorId::parse("someapp").unwrap();
        let secret = |asks_for_key| Wordings::new(&id, None).field(name, &Value::Null, None, asks_for_key).secret;
        assert_eq!((secret(true), secret(false)), (key_form, other_form), "{name}");
    }
    assert!(of("x", "pin", &json!({"format": "password"})).secret);
    assert!(!of("x", "pin", &json!({"format": "email"})).secret);
}

#[test]
fn an_example_of_the_vendors_is_shown_but_never_for_a_secret() {
    let id = ConnectorId::parse("someapp").unwrap();
    let words = Wordings::new(&id, None);
    assert_eq!(words.field("companyName", &Value::Null, Some("acme"), true).example.as_deref(), Some("acme"));
    assert_eq!(words.field("companyName", &Value::Null, Some("{{company}}"), true).example, None);
    assert_eq!(words.field("apiKey", &Value::Null, Some("sk_live_1"), true).example, None);
}

#[test]
fn choices_are_words_for_people() {
    for (field, value, label) in [
        ("region", "eu", "Europe"),
        ("region", "com.au", "Australia"),
        ("environment", "sandbox", "Sandbox"),
        ("environment", "LIVE_MODE", "Live mode"),
        ("region", "eu-west-1", "eu-west-1"),
    ] {
        assert_eq!(read(&option_label(field, value)), label);
    }
}

#[test]
fn our_own_texts_keep_to_the_vocabulary_of_pages() {
    for name in ["apiKey", "token", "secret", "clientId", "username", "password", "email", "subdomain", "domain", "url"]
    {
        for app in [
            "freshdesk",
            "gorgias",
            "jira",
            "mailgun",
            "servicenow",
            "shippo",
            "shipstation",
            "trello",
            "zendesk",
            "zoho",
            "x",
        ] {
            let wording = of(app, name, &Value::Null);
            let shown = format!("{} {}", wording.label(), wording.hint().unwrap_or_default());
            assert!(!text::is_technical(&shown), "{app}, {name}: {shown}");
        }
    }
}

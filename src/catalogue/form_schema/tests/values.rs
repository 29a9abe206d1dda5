//! Values that a schema sets, offers or suggests.

use super::*;

#[test]
fn what_the_app_sets_itself_is_not_asked_for() {
    let fields = json!({
        "id": {"type": "string", "readOnly": true},
        "version": {"type": "integer", "readOnly": true, "default": 2},
        "odd": {"type": "integer", "readOnly": true, "default": "two"},
        "shop": {"type": "string"},
    });
    let form = read("x", &entry(schema(true, &["id", "version", "odd", "shop"], fields))).unwrap();
    assert_eq!(form.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["data.shop"]);
    assert_eq!(answer(&form, &[("data.shop", "acme")]).data(), Some(json!({"version": 2, "shop": "acme"})));
}

#[test]
fn a_default_that_the_form_would_refuse_is_left_out() {
    let default = |schema_of: Value| {
        let form = read("x", &entry(schema(true, &["f"], json!({"f": schema_of})))).unwrap();
        form.fields[0].default.clone()
    };
    for odd in [
        json!({"type": "integer", "default": "auto"}),
        json!({"type": "integer", "default": 1.5}),
        json!({"type": "integer", "default": 0, "minimum": 1}),
        json!({"type": "number", "default": true}),
        json!({"type": "string", "default": {"a": 1}}),
        json!({"type": "string", "default": "ABC", "pattern": "^[a-z]+$"}),
        json!({"type": "string", "format": "email", "default": "jane"}),
        json!({"type": "boolean", "default": "maybe"}),
        json!({"type": "boolean", "default": 1}),
        json!({"type": "string", "enum": ["eu", "us"], "default": "mars"}),
        json!({"type": "string", "enum": ["eu", "us"], "default": null}),
        json!({"type": "array", "items": {"type": "string"}, "default": "a".repeat(257)}),
    ] {
        assert_eq!(default(odd.clone()), None, "{odd}");
    }
    for (good, text) in [
        (json!({"type": "integer", "default": "5"}), "5"),
        (json!({"type": "integer", "default": 5.0}), "5.0"),
        (json!({"type": "string", "default": 5}), "5"),
        (json!({"type": "boolean", "default": true}), "true"),
        (json!({"enum": [1, 2], "default": 2}), "2"),
        (json!({"enum": [1, 2], "default": "2"}), "2"),
        (json!({"enum": ["", "eu"], "default": ""}), "\"\""),
        (json!({"type": "array", "items": {"type": "string"}, "default": ["a", "b"]}), "a, b"),
    ] {
        assert_eq!(default(good.clone()).as_deref(), Some(text), "{good}");
    }
    // Without an answer of its user, a field of an odd default is as one without any.
    let optional = entry(schema(true, &[], json!({"f": {"type": "integer", "default": "auto"}})));
    let form = read("x", &optional).unwrap();
    posted(&optional, &form, &[("data.f", "")]);
}

#[test]
fn every_value_of_a_choice_can_be_chosen() {
    for (schema_of, value, meaning) in [
        (json!({"type": "string", "enum": ["", "eu"]}), "\"\"", json!("")),
        (json!({"oneOf": [{"const": "", "title": "World"}, {"const": "eu"}]}), "\"\"", json!("")),
        (json!({"oneOf": [{"const": "a"}, {"const": "b"}, {"const": null}]}), "b", json!("b")),
        (json!({"type": "string", "enum": [" eu ", "us"]}), " eu ", json!(" eu ")),
        (json!({"type": ["string", "integer"], "enum": ["a", 2]}), "2", json!(2)),
        (json!({"type": "boolean", "enum": [true, false]}), "false", json!(false)),
    ] {
        let entry = entry(schema(true, &["f"], json!({"f": schema_of})));
        let form = read("x", &entry).unwrap();
        assert_eq!(posted(&entry, &form, &[("data.f", value)])["data"]["f"], meaning, "{schema_of}");
    }
}

#[test]
fn key_of_several_lines_is_secret_and_a_certificate_is_not() {
    let fields = json!({
        "serviceAccountJson": {"type": "string"}, "account": {"type": "string", "format": "json"},
        "clientCertificate": {"type": "string"}, "shop": {"type": "string"},
    });
    let form = read("someapp", &entry(schema(true, &[], fields))).unwrap();
    let secret = form.fields.iter().filter(|field| field.is_secret()).map(|field| field.name.as_str());
    assert!(secret.eq(["data.serviceAccountJson", "data.account"]), "{form:?}");
}

#[test]
fn a_password_is_known_by_its_name_and_a_key_by_its_label() {
    let fields = json!({
        "password": {"type": "string"}, "passphrase": {"type": "string"},
        "pin": {"type": "string", "format": "password", "title": "Password"},
        "apiKey": {"type": "string"}, "secret": {"type": "string", "format": "password"},
        "passwordToken": {"type": "string", "title": "API token"},
    });
    let verbatim = |app: &str| {
        let form = read(app, &entry(schema(false, &[], fields.clone()))).unwrap();
        form.fields.into_iter().filter(|field| field.verbatim).map(|field| field.name).collect::<Vec<_>>()
    };
    assert_eq!(verbatim("someapp"), ["data.password", "data.passphrase", "data.pin"]);
    // Its key is called a password by the schema.
    assert_eq!(verbatim("mailgun"), ["data.passphrase", "data.pin"]);
}

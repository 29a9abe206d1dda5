//! Submitted forms give a body that the schema accepts, by an independent JSON Schema validator.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    alloy::convert::authentication_method,
    domain::{
        connector::ConnectorId,
        form::{DecimalMark, FieldKind, FormValues, Pasted},
    },
    i18n::Language,
};

mod bounds;
mod combined;
mod fuzz;
mod values;

fn read(app: &str, entry: &Value) -> Result<Form, NotSupported> {
    let id = ConnectorId::parse(app).unwrap();
    forms(&authentication_method(entry).unwrap(), &Wordings::new(&id, None)).remove(0)
}

/// The request body.
fn body(form: &Form, answers: &FormValues) -> Value {
    let mut body = json!({
        "userId": "5eba51a03fe9631316668514",
        "authenticationType": form.authentication_type.as_str(),
    });
    if form.needs_auth_config {
        body["authConfigId"] = "67a37f29e0aa276e50d7253a".into();
    }
    if form.wants_redirect {
        body["redirectUri"] = "http://localhost:3000/callback/x".into();
    }
    if let Some(data) = answers.data() {
        body["data"] = data;
    }
    body
}

fn answer(form: &Form, typed: &[(&str, &str)]) -> FormValues {
    let submitted: Vec<_> = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    form.read(&submitted, DecimalMark::Point).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// The request body, validated against the schema.
fn posted(entry: &Value, form: &Form, typed: &[(&str, &str)]) -> Value {
    let body = body(form, &answer(form, typed));
    if let Err(error) = jsonschema::validate(&entry["inputSchema"], &body) {
        panic!("{error}: {body}");
    }
    body
}

/// The body's schema with these fields in `data`.
fn schema(redirect: bool, needed: &[&str], fields: impl Into<Value>) -> Value {
    let mut properties = json!({
        "userId": {"type": "string"}, "authenticationType": {"type": "string", "const": "x"},
        "data": {"type": "object", "required": needed},
    });
    properties["data"]["properties"] = fields.into();
    if redirect {
        properties["redirectUri"] = json!({"type": "string", "format": "uri"});
    }
    let required = ["userId", "authenticationType"];
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn entry(schema: impl Into<Value>) -> Value {
    let mut entry = json!({"authenticationType": "x"});
    entry["inputSchema"] = schema.into();
    entry
}

#[test]
fn plain_oauth_of_both_generations_asks_nothing() {
    let older = json!({"authenticationType": "oauth2", "inputSchema": {
        "type": "object", "required": ["userId"],
        "properties": {"userId": {"type": "string"}, "redirectUri": {"type": "string"}},
    }});
    let newer = json!({"authenticationType": "oauth2", "authConfigRequired": false, "inputSchema": {
        "type": "object", "required": ["userId", "authenticationType", "redirectUri"],
        "properties": {"userId": {"type": "string"}, "redirectUri": {"type": "string"},
            "authenticationType": {"const": "oauth2"}},
    }, "sampleInput": {"userId": "{{userId}}", "authenticationType": "oauth2"}});
    for entry in [older, newer, json!({"authenticationType": "oauth2"})] {
        let form = read("slack", &entry).unwrap();
        assert!(form.fields.is_empty() && form.wants_redirect && !form.lacks_auth_config(), "{entry}");
        if entry.get("inputSchema").is_some() {
            assert_eq!(posted(&entry, &form, &[]).get("data"), None);
        }
    }
}

#[test]
fn shopify_asks_for_the_shop_although_the_outer_schema_does_not_need_it() {
    let entry = entry(schema(true, &["shopName"], json!({"shopName": {"type": "string"}})));
    let form = read("shopify", &entry).unwrap();
    let shop = &form.fields[0];
    assert_eq!((shop.name.as_str(), shop.required, shop.is_secret()), ("data.shopName", true, false));
    assert!(form.wants_redirect);
    let body = posted(&entry, &form, &[("data.shopName", "https://acme.myshopify.com/admin")]);
    assert_eq!(body["data"], json!({"shopName": "acme"}));
    let error = form.read(&[], DecimalMark::Point).unwrap_err().get("data.shopName").unwrap();
    let sentence = Language::default().field_error(shop, error).plain();
    assert_eq!(sentence, "Enter your shop name, for example acme.");
}

#[test]
fn zoho_offers_its_regions_by_name() {
    let region = json!({"type": "string", "enum": ["us", "eu", "in"], "default": "us"});
    let entry = entry(schema(true, &["region"], json!({"region": region})));
    let form = read("zohoCRM", &entry).unwrap();
    let FieldKind::Choice(choices) = &form.fields[0].kind else { panic!("{form:?}") };
    let labels: Vec<String> = choices.iter().map(|choice| Language::default().wording(&choice.label).plain()).collect();
    assert_eq!(labels, ["United States", "Europe", "India"]);
    assert_eq!(form.fields[0].initial_value(&[]), "us");
    assert_eq!(posted(&entry, &form, &[("data.region", "eu")])["data"]["region"], "eu");
}

#[test]
fn basic_sign_in_asks_in_the_schemas_order_and_stores_a_key() {
    let fields = json!({"username": {"type": "string"}, "password": {"type": "string"}, "realm": {"const": "basic"}});
    let entry = entry(schema(false, &["username", "password", "realm"], fields));
    let form = read("someapp", &entry).unwrap();
    let asked: Vec<_> = form.fields.iter().map(|field| (field.name.as_str(), field.is_secret())).collect();
    assert_eq!(asked, [("data.username", false), ("data.password", true)]);
    assert!(!form.wants_redirect);
    let body = posted(&entry, &form, &[("data.username", "jane"), ("data.password", "pw")]);
    assert_eq!(body["data"], json!({"realm": "basic", "username": "jane", "password": "pw"}));
}

#[test]
fn a_key_form_is_known_by_what_it_asks_even_if_its_schema_names_the_redirect() {
    let key = json!({"apiKey": {"type": "string"}});
    assert!(!read("trello", &entry(schema(true, &["apiKey"], key.clone()))).unwrap().wants_redirect);
    let mut needs_redirect = schema(true, &["apiKey"], key);
    needs_redirect["required"] = json!(["redirectUri"]);
    assert!(read("trello", &entry(needs_redirect)).unwrap().wants_redirect);
}

#[test]
fn an_auth_config_is_needed_if_the_metadata_or_the_schema_says_so() {
    let by_flag = json!({"authenticationType": "oauth2", "authConfigRequired": true});
    let by_schema = json!({"authenticationType": "oauth2", "inputSchema": {"required": ["authConfigId"]}});
    for entry in [by_flag, by_schema] {
        assert!(read("x", &entry).unwrap().lacks_auth_config(), "{entry}");
    }
}

#[test]
fn what_cannot_be_asked_ends_clearly_only_where_it_is_needed() {
    let odd = json!({
        "lists": {"type": "array", "items": {"type": "object"}},
        "either": {"oneOf": [{"type": "object"}, {"type": "number"}]},
        "elsewhere": {"if": {"const": "x"}, "then": {"minLength": 2}},
        "a.b": {"type": "string"},
        "deep": {"type": "object", "properties": {"deeper": {"type": "object", "properties": {}}}, "required": ["deeper"]},
    });
    for name in ["lists", "either", "elsewhere", "a.b", "deep"] {
        let error = read("x", &entry(schema(false, &[name], odd.clone()))).unwrap_err();
        assert!(error.to_string().starts_with(&format!("data.{name}")), "{error}");
    }
    let optional = entry(schema(false, &[], odd));
    let form = read("x", &optional).unwrap();
    assert!(form.fields.is_empty());
    posted(&optional, &form, &[]);
    assert!(read("x", &json!({"authenticationType": "x", "inputSchema": {"required": ["shop"]}})).is_err());
    assert!(read("x", &json!({"authenticationType": "x", "inputSchema": 5})).is_err());
}

#[test]
fn simple_objects_lists_and_undescribed_fields_are_asked_for() {
    let fields = json!({
        "address": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
        "scopes": {"type": "array", "items": {"type": "string"}},
        "size": {"oneOf": [{"const": 1, "title": "Small"}, {"const": 2, "title": "Large"}]},
    });
    let entry = entry(schema(true, &["address", "scopes", "size", "undescribed"], fields));
    let form = read("x", &entry).unwrap();
    let typed = [("data.address.city", "Ulm"), ("data.scopes", "a,b"), ("data.size", "2"), ("data.undescribed", "u")];
    let body = posted(&entry, &form, &typed);
    assert_eq!(body["data"], json!({"address": {"city": "Ulm"}, "scopes": ["a", "b"], "size": 2, "undescribed": "u"}));
}

#[test]
fn a_secret_has_no_default_and_formats_decide_the_control() {
    let fields = json!({
        "site": {"type": "string", "format": "uri"}, "mail": {"type": "string", "format": "email"},
        "host": {"type": "string", "format": "hostname"}, "live": {"type": "boolean", "default": true},
        "apiKey": {"type": "string", "default": "changeme"}, "port": {"type": "integer", "exclusiveMinimum": 0},
    });
    let form = read("x", &entry(schema(false, &[], fields))).unwrap();
    let kinds: Vec<_> = form.fields.iter().map(|field| field.kind.clone()).collect();
    assert_eq!(
        kinds,
        [FieldKind::Url, FieldKind::Email, FieldKind::Text, FieldKind::Flag, FieldKind::Secret, FieldKind::Integer]
    );
    assert_eq!(form.fields[2].pasted, Pasted::HostName);
    assert_eq!((form.fields[3].default.as_deref(), form.fields[4].default.as_deref()), (Some("true"), None));
    assert_eq!(form.fields[5].limits.minimum, Some(1.0));
}

/// A supported property, with an input for it.
fn any_property() -> impl Strategy<Value = (Value, String)> {
    let text = "[a-zA-Z0-9 ._:/@-]{0,12}";
    prop_oneof![
        (0usize..4, 4usize..14, text)
            .prop_map(|(least, most, typed)| (json!({"type": "string", "minLength": least, "maxLength": most}), typed)),
        ("\\^\\[a-z\\]\\+\\$|\\^\\\\d\\{2,4\\}\\$|x", "[a-z]{0,4}|[0-9]{0,5}")
            .prop_map(|(pattern, typed)| (json!({"type": "string", "pattern": pattern}), typed)),
        ("email|uri|hostname|password|date", text)
            .prop_map(|(format, typed)| (json!({"type": "string", "format": format}), typed)),
        (-5i64..5, 0i64..20, "-?[0-9]{0,2}").prop_map(|(least, more, typed)| (
            json!({"type": "integer", "minimum": least, "maximum": least + more}),
            typed
        )),
        (-5.0f64..5.0, "-?[0-9]{0,2}(\\.[0-9])?")
            .prop_map(|(least, typed)| (json!({"type": "number", "exclusiveMinimum": least}), typed)),
        (any::<Option<bool>>(), "on|off|").prop_map(|(default, typed)| match default {
            Some(default) => (json!({"type": "boolean", "default": default}), typed),
            None => (json!({"type": "boolean"}), typed),
        }),
        (1usize..4, "0|1|2|x").prop_map(|(count, typed)| {
            let values: Vec<String> = (0..count).map(|value| value.to_string()).collect();
            (json!({"type": "string", "enum": values}), typed)
        }),
        (1usize..4, "0|1|2").prop_map(|(count, typed)| (json!({"enum": (0..count).collect::<Vec<_>>()}), typed)),
        "[a-z]{1,5}".prop_map(|value| (json!({"type": "string", "const": value}), String::new())),
        "[a-z,]{0,9}".prop_map(|typed| (json!({"type": "array", "items": {"type": "string"}}), typed)),
        (any::<bool>(), text).prop_map(|(needed, typed)| {
            let required: &[&str] = if needed { &["inner"] } else { &[] };
            (json!({"type": "object", "required": required, "properties": {"inner": {"type": "string"}}}), typed)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_form_that_is_filled_in_well_is_accepted(
        names in proptest::collection::btree_set("[a-z]{1,6}|[a-z]{0,2}(pwd|passwd|key|token|code)", 1..8),
        redirect in any::<bool>(), kind in 0usize..6
    ) {
        let (schema_of, typed) = [
            (json!({"type": "string"}), "acme"),
            (json!({"type": "integer"}), "7"),
            (json!({"type": "boolean"}), "on"),
            (json!({"enum": ["acme", "b"]}), "acme"),
            (json!({"type": "string", "format": "email"}), "jane@acme.test"),
            (json!({"type": ["null", "string"], "minLength": 4, "pattern": "^acme$"}), " acme "),
        ][kind].clone();
        let needed: Vec<&str> = names.iter().map(String::as_str).collect();
        let fields: Map<String, Value> = names.iter().map(|name| (name.clone(), schema_of.clone())).collect();
        let entry = entry(schema(redirect, &needed, fields));
        let form = read("someapp", &entry).unwrap();
        prop_assert_eq!(form.fields.len(), names.len());
        let typed: Vec<(&str, &str)> = form.fields.iter().map(|field| (field.name.as_str(), typed)).collect();
        let body = posted(&entry, &form, &typed);
        prop_assert_eq!(body["data"].as_object().unwrap().len(), names.len());
    }
}

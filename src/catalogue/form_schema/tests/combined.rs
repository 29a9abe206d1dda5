//! Schemas that combine others.

use super::*;

#[test]
fn combined_data_gives_one_form_for_each_alternative() {
    let key = json!({"title": "With a key", "properties": {"apiKey": {"type": "string"}}, "required": ["apiKey"]});
    let password = json!({"type": "object", "required": ["user", "password"],
        "properties": {"user": {"type": "string"}, "password": {"type": "string"}}});
    let both = json!({"apiKey": {"type": "string"}, "user": {"type": "string"}, "password": {"type": "string"}});
    let asked = |data: Value| {
        let mut whole = schema(false, &[], json!({}));
        whole["properties"]["data"] = data;
        whole["$defs"] = json!({"key": key, "password": password});
        let id = ConnectorId::parse("someapp").unwrap();
        let method = authentication_method(&entry(whole)).unwrap();
        let forms = forms(&method, &Wordings::new(&id, None)).into_iter().map(Result::unwrap);
        let names =
            |form: Form| form.fields.into_iter().map(|field| field.name.replace("data.", "")).collect::<Vec<_>>();
        forms.map(|form| names(form).join(" ")).collect::<Vec<_>>()
    };
    let (one, two) = ("apiKey", "user password");
    assert_eq!(asked(json!({"oneOf": [key, password]})), [one, two]);
    assert_eq!(asked(json!({"anyOf": [{"$ref": "#/$defs/key"}, {"$ref": "#/$defs/password"}]})), [one, two]);
    assert_eq!(asked(json!({"$ref": "#/$defs/password"})), [two]);
    assert_eq!(asked(json!({"allOf": [{"$ref": "#/$defs/key"}, password]})), ["apiKey user password"]);
    assert_eq!(asked(json!({"oneOf": [password, {"type": "null"}]})), [two]);
    let sets = json!({"properties": both, "oneOf": [{"required": ["apiKey"]}, {"required": ["user", "password"]}]});
    assert_eq!(asked(sets), [one, two]);
    // An alternative that cannot be filled leaves the other.
    assert_eq!(asked(json!({"oneOf": [{"$ref": "#/nowhere"}, password]})), [two]);
}

#[test]
fn data_that_no_form_can_fill_is_not_offered() {
    for data in [
        json!({"$ref": "#/nowhere"}),
        json!({"allOf": [{"type": "object"}, {"type": "string"}]}),
        json!({"type": "string"}),
        json!({"minProperties": 1}),
        json!({"if": {"required": ["a"]}}),
        json!({"enum": [{"a": 1}]}),
        json!({"oneOf": [{"type": "array"}, {"type": "string"}]}),
    ] {
        let mut whole = schema(true, &[], json!({}));
        whole["properties"]["data"] = data.clone();
        whole["required"] = json!(["userId", "data"]);
        assert!(read("x", &entry(whole)).is_err(), "{data}");
    }
    assert!(read("x", &entry(json!({"$ref": "#/nowhere"}))).is_err());
    assert!(read("x", &entry(json!({"oneOf": []}))).is_err());
}

#[test]
fn a_combined_field_is_asked_for_plainly() {
    let nullable = || json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
    let fields = json!({
        "any": nullable(), "one": {"oneOf": [{"type": "null"}, {"type": "string"}]}, "two": {"type": ["string", "null"]},
        "all": {"allOf": [{"type": "string"}, {"minLength": 2}]}, "ref": {"$ref": "#/$defs/text"},
        "either": {"oneOf": [{"type": "string"}, {"type": "number"}]}, "region": {"anyOf": [{"$ref": "#/$defs/region"}, {"type": "null"}]},
    });
    for needed in [&[][..], &["any", "one", "two", "all", "ref", "either", "region"]] {
        let mut whole = schema(true, needed, fields.clone());
        whole["$defs"] = json!({"text": nullable(), "region": {"enum": ["eu", "us"]}});
        let entry = entry(whole);
        let form = read("x", &entry).unwrap();
        let names: Vec<&str> = form.fields.iter().map(|field| field.path[0].as_str()).collect();
        assert_eq!(names, ["any", "one", "two", "all", "ref", "either", "region"]);
        let kinds = form.fields[..6].iter().all(|field| field.kind == FieldKind::Text);
        assert!(kinds && matches!(&form.fields[6].kind, FieldKind::Choice(all) if all.len() == 2), "{form:?}");
        let typed = names.iter().map(|name| (format!("data.{name}"), if *name == "region" { "eu" } else { "acme" }));
        let typed: Vec<_> = typed.collect();
        posted(&entry, &form, &typed.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>());
    }
}

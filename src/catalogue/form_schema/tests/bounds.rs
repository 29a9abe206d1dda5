//! Schemas that exceed the limits of a form.

use super::*;

fn fields(count: usize, schema: &Value) -> Map<String, Value> {
    (0..count).map(|place| (format!("f{place}"), schema.clone())).collect()
}

fn choice(options: usize) -> Value {
    let values: Vec<String> = (0..options).map(|place| format!("v{place}")).collect();
    json!({ "type": "string", "enum": values })
}

#[test]
fn a_pattern_beyond_the_bounds_checks_nothing() {
    let hostile = json!({ "type": "string", "pattern": "((((a?){30}){30}){30})x" });
    let form = read("someapp", &entry(schema(true, &["shop"], json!({ "shop": hostile })))).unwrap();
    assert_eq!(form.fields[0].limits.pattern, None);
    assert!(form.read(&[("data.shop".to_owned(), "a".repeat(4096))], DecimalMark::Point).is_ok());
}

#[test]
fn too_many_options_are_not_asked_for() {
    let form =
        |options, needed: &[&str]| read("someapp", &entry(schema(true, needed, json!({ "f": choice(options) }))));
    assert_eq!(form(600, &["f"]).unwrap().fields.len(), 1);
    assert_eq!(form(601, &[]).unwrap().fields.len(), 0);
    assert!(form(601, &["f"]).is_err());
    let titled: Vec<Value> = (0..601).map(|place| json!({ "const": place, "title": "one" })).collect();
    let titled = entry(schema(true, &[], json!({ "f": { "oneOf": titled } })));
    assert_eq!(read("someapp", &titled).unwrap().fields.len(), 0);
    assert!(read("someapp", &entry(schema(true, &[], fields(3, &choice(600))))).is_ok());
    assert!(read("someapp", &entry(schema(true, &[], fields(4, &choice(600))))).is_err());
}

#[test]
fn too_many_properties_are_not_read() {
    // These properties are not counted as fields.
    let odd = json!({ "$ref": "#/definitions/none" });
    assert!(read("someapp", &entry(schema(true, &[], fields(200, &odd)))).is_ok());
    assert!(read("someapp", &entry(schema(true, &[], fields(201, &odd)))).is_err());
    let needed: Vec<String> = (0..201).map(|place| format!("n{place}")).collect();
    let needed: Vec<&str> = needed.iter().map(String::as_str).collect();
    assert!(read("someapp", &entry(schema(true, &needed, json!({})))).is_err());
}

#[test]
fn too_long_default_is_dropped() {
    let of = |length: usize| json!({ "f": { "type": "string", "default": "a".repeat(length) } });
    let default = |length| read("someapp", &entry(schema(true, &[], of(length)))).unwrap().fields.remove(0).default;
    assert_eq!(default(256).unwrap().len(), 256);
    assert_eq!(default(257), None);
}

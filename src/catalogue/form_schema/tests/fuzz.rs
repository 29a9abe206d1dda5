//! Random schemas, sensible and hostile, with random input: the request body satisfies each schema that uses supported
//! keywords only.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    domain::form::{Field, Wording},
    fuzz::fuzz,
    i18n::Language,
};

/// Hostile texts in labels and descriptions.
fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        (0usize..3000).prop_map(|times| "long ".repeat(times)),
        Just("<script>alert(1)</script>".to_owned()),
        Just("\u{202e}txet\u{0}\n\u{1b}[31m".to_owned()),
        Just("{{ password }}".to_owned()),
    ]
}

/// A supported property with annotations, none of which may change what is accepted.
fn decorated() -> impl Strategy<Value = (Value, String)> {
    (any_property(), hostile_text(), hostile_text(), any::<bool>()).prop_map(
        |((mut schema, typed), title, more, secret)| {
            schema["title"] = title.into();
            schema["description"] = more.clone().into();
            schema["examples"] = json!([more]);
            schema["writeOnly"] = secret.into();
            (schema, typed)
        },
    )
}

/// Any JSON in place of a schema.
fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        hostile_text().prop_map(Value::from),
        prop::sample::select(vec![
            "string", "integer", "number", "object", "array", "boolean", "null", "userId", "data", "uri", "a"
        ])
        .prop_map(Value::from),
        prop::sample::select(vec!["(", "^(a+)+$", "[a-z", "\\p{L}", "a{9999}{9999}", "(?=x)", "^.{0,8}$"])
            .prop_map(Value::from),
    ];
    let name = prop_oneof![
        6 => "type|properties|required|enum|const|oneOf|anyOf|allOf|not|items|format|pattern|default|title|description|examples",
        2 => "minLength|maxLength|minimum|maximum|exclusiveMinimum|exclusiveMaximum|additionalProperties|writeOnly|\\$ref|if",
        3 => "data|userId|authenticationType|authConfigId|redirectUri|apiKey|shopName|a|a\\.b|__proto__",
        1 => hostile_text(),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            3 => prop::collection::vec((name.clone(), inner), 0..8).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// An entry: sensible fields, sensible fields with an odd part, or any JSON.
fn any_entry() -> impl Strategy<Value = (Value, Vec<(String, String)>, bool)> {
    let properties = prop::collection::btree_map(
        "[a-z]{1,5}|apiKey|shopName|subdomain|email|region|token",
        (decorated(), any::<bool>(), any::<bool>()),
        0..7,
    );
    let sensible = (properties, any::<bool>(), any::<bool>()).prop_map(|(properties, redirect, data_needed)| {
        let needed: Vec<&str> =
            properties.iter().filter(|(_, (_, needed, _))| *needed).map(|(name, _)| name.as_str()).collect();
        let fields: Map<String, Value> =
            properties.iter().map(|(name, ((schema, _), ..))| (name.clone(), schema.clone())).collect();
        let mut schema = schema(redirect || properties.is_empty(), &needed, fields);
        if data_needed {
            schema["required"] = json!(["userId", "data"]);
        }
        let submitted = properties.iter().filter(|(_, (.., submitted))| *submitted);
        let typed = submitted.flat_map(|(name, ((_, typed), ..))| {
            [(format!("data.{name}"), typed.clone()), (format!("data.{name}.inner"), typed.clone())]
        });
        (entry(schema), typed.collect::<Vec<_>>(), true)
    });
    let name = prop_oneof!["[a-z]{1,5}", hostile_text()];
    let odd_inside = (name, any_schema(), any::<bool>(), any::<bool>(), "\\PC{0,20}").prop_map(
        |(name, odd, needed, outside, typed)| {
            let required: Vec<&str> = needed.then_some(name.as_str()).into_iter().collect();
            let fields: Map<String, Value> = [(name.clone(), odd)].into_iter().collect();
            let mut schema = schema(true, &required, fields);
            if outside {
                schema["required"] = json!(["userId", name]);
            }
            (entry(schema), vec![(format!("data.{name}"), typed)], false)
        },
    );
    let anything = (any_schema(), any_schema()).prop_map(|(schema, sample)| {
        let entry = json!({"authenticationType": "x", "inputSchema": schema, "sampleInput": sample});
        (entry, vec![], false)
    });
    let many = (30usize..60).prop_map(|count| {
        let fields: Map<String, Value> = (0..count).map(|field| (format!("f{field}"), json!({}))).collect();
        (entry(schema(true, &[], fields)), vec![], false)
    });
    prop_oneof![6 => sensible, 4 => odd_inside, 4 => anything, 1 => many]
}

/// Whether the displayed texts of a field are short and clean.
fn is_fit_to_show(field: &Field) -> bool {
    let read = |words: &Wording| Language::default().wording(words).plain();
    let labels: Vec<String> = match &field.kind {
        FieldKind::Choice(choices) => choices.iter().map(|choice| read(&choice.label)).collect(),
        _ => Vec::new(),
    };
    let texts = [Some(read(&field.label)), field.hint.as_ref().map(read), field.example.clone()];
    let clean = |text: String| text.chars().count() <= 300 && !text.contains(text::is_unprintable);
    let short = read(&field.label).chars().count() <= 80 && field.name.chars().count() <= 140;
    short && texts.into_iter().flatten().chain(labels).all(clean) && field.initial_value(&[]).chars().count() <= 4096
}

#[test]
fn fuzz_the_form_of_an_input_schema() {
    fuzz("inputSchema to form", &(any_entry(), hostile_text()), |((entry, typed, sensible), junk)| {
        let form = match read("someapp", &entry) {
            Ok(form) => form,
            Err(reason) => {
                prop_assert!(!sensible, "{reason}: {entry}");
                let reason = reason.to_string();
                prop_assert!(reason.chars().count() <= 250 && !reason.contains(char::is_control), "{}", reason);
                return Ok(());
            }
        };
        prop_assert!(form.fields.len() <= 40);
        for field in &form.fields {
            prop_assert!(is_fit_to_show(field), "{field:?}");
            prop_assert!(field.name.starts_with("data.") && field.path.len() <= 2);
            prop_assert!(!field.is_secret() || field.initial_value(&[(field.name.clone(), junk.clone())]).is_empty());
        }
        let all_junk: Vec<_> = form.fields.iter().map(|field| (field.name.clone(), junk.clone())).collect();
        for typed in [&typed[..], &[], &all_junk] {
            match form.read(typed, DecimalMark::Point) {
                Ok(answers) if sensible => {
                    let body = body(&form, &answers);
                    let verdict = jsonschema::validate(&entry["inputSchema"], &body);
                    prop_assert!(verdict.is_ok(), "{verdict:?}: {body} by {entry}");
                }
                Ok(answers) => prop_assert!(answers.data().is_none_or(|data| data.is_object())),
                Err(errors) => {
                    for (name, error) in errors.iter() {
                        let field = form.fields.iter().find(|field| field.name == name).unwrap();
                        let sentence = Language::default().field_error(field, error).plain();
                        prop_assert!(sentence.ends_with('.') && sentence.chars().count() < 1200, "{sentence}");
                    }
                }
            }
        }
        Ok(())
    });
}

//! One property of a schema as a form field, without its wording.

use serde_json::Value;

use super::super::{field_wording, json_schema::schema_text};
use crate::alloy::input_schema::is_null;
use crate::domain::{
    form::{Choice, Field, FieldKind, Limits, Pasted, Pattern, Wording},
    text,
};

pub(super) enum Property {
    /// Has one value, which is sent without a form field.
    Fixed(Value),
    Field(Box<Field>),
    Object,
    /// Set by the app itself.
    ReadOnly,
    Unsupported,
}

/// Keywords that change the meaning of `type`.
const COMBINING: &[&str] = &["$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "dependentRequired"];

const MAX_OPTIONS: usize = 600;
/// Maximum length of a default, in characters.
const MAX_DEFAULT_LENGTH: usize = 256;

pub(super) fn read(name: &str, schema: &Value, needed: bool) -> Property {
    if let Some(value) = schema.get("const") {
        return Property::Fixed(value.clone());
    }
    if schema.get("readOnly") == Some(&Value::Bool(true)) {
        let default = schema.get("default").filter(|default| needed && fits_type(default, schema));
        return default.map_or(Property::ReadOnly, |default| Property::Fixed(default.clone()));
    }
    if let Some(options) = options(name, schema) {
        return choice(options, schema, needed);
    }
    if COMBINING.iter().any(|keyword| schema.get(keyword).is_some()) {
        return Property::Unsupported;
    }
    let kind = match type_of(schema) {
        Some("string") | None => return asked(texts(name, schema, false), schema),
        Some("array") => match schema.get("items") {
            Some(items) if schema_text(items, "type") == Some("string") && items.get("enum").is_none() => {
                return asked(texts(name, items, true), schema);
            }
            _ => return Property::Unsupported,
        },
        Some("object") => return Property::Object,
        Some("integer") => FieldKind::Integer,
        Some("number") => FieldKind::Number,
        Some("boolean") => FieldKind::Flag,
        Some(_) => return Property::Unsupported,
    };
    asked(Field { limits: limits(schema, kind == FieldKind::Integer), kind, ..Field::default() }, schema)
}

fn asked(field: Field, schema: &Value) -> Property {
    let default = schema.get("default").and_then(|default| match (&field.kind, default) {
        (FieldKind::Choice(choices), default) => {
            let text = as_text(default)?;
            let meant = choices.iter().find(|choice| choice.meaning == *default);
            meant.or_else(|| choices.iter().find(|choice| choice.value == text)).map(|choice| choice.value.clone())
        }
        (FieldKind::Flag, default) => as_text(default).filter(|text| matches!(text.as_str(), "true" | "false")),
        (_, Value::Array(texts)) if field.many => {
            let texts: Option<Vec<&str>> = texts.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(", "))
        }
        (_, default) => as_text(default),
    });
    let default = default.filter(|default| default.chars().count() <= MAX_DEFAULT_LENGTH);
    Property::Field(Box::new(Field { default, ..field }))
}

/// A type other than `null`: text where it is one of several, because text can be typed for each.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(types) => {
            let mut names = types.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            names.clone().find(|name| *name == "string").or_else(|| names.next())
        }
        other => other.as_str(),
    }
}

fn texts(name: &str, schema: &Value, many: bool) -> Field {
    let (kind, pasted) = match schema_text(schema, "format") {
        Some("password") => (FieldKind::Secret, Pasted::AsTyped),
        Some("email") => (FieldKind::Email, Pasted::AsTyped),
        Some("uri" | "url") => (FieldKind::Url, Pasted::Address),
        Some("hostname" | "idn-hostname") => (FieldKind::Text, Pasted::HostName),
        _ => (FieldKind::Text, Pasted::AsTyped),
    };
    let length = |keyword| schema.get(keyword).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let limits = Limits {
        min_length: length("minLength"),
        max_length: length("maxLength"),
        pattern: schema_text(schema, "pattern").and_then(|expression| pattern(name, expression)),
        ..Limits::default()
    };
    Field { kind, many, pasted, limits, ..Field::default() }
}

/// An unreadable or oversized pattern is ignored here; Alloy checks the value again.
fn pattern(field: &str, expression: &str) -> Option<Pattern> {
    let pattern = Pattern::compile(expression);
    if pattern.is_none() {
        tracing::warn!(field, bytes = expression.len(), "a pattern of the vendor is ignored: unreadable or too large");
    }
    pattern
}

fn limits(schema: &Value, whole: bool) -> Limits {
    let limit = |keyword| schema.get(keyword).and_then(Value::as_f64);
    let above = limit("exclusiveMinimum").map(|limit| if whole { limit.floor() + 1.0 } else { limit.next_up() });
    let below = limit("exclusiveMaximum").map(|limit| if whole { limit.ceil() - 1.0 } else { limit.next_down() });
    Limits {
        minimum: limit("minimum").into_iter().chain(above).reduce(f64::max),
        maximum: limit("maximum").into_iter().chain(below).reduce(f64::min),
        ..Limits::default()
    }
}

/// The values of `enum`, or of `oneOf` and `anyOf` with one titled value each. Empty if there are too many.
fn options(name: &str, schema: &Value) -> Option<Vec<Choice>> {
    let label = |value: &str| field_wording::option_label(name, value);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        if values.len() > MAX_OPTIONS {
            return Some(Vec::new());
        }
        let fits = values.iter().filter(|value| fits_type(value, schema));
        let choice = |value: &Value| {
            as_text(value).map(|text| Choice { label: label(&text), value: submitted(text), meaning: value.clone() })
        };
        return Some(fits.filter_map(choice).collect());
    }
    let each = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    if each.len() > MAX_OPTIONS {
        return Some(Vec::new());
    }
    let choice = |option: &Value| {
        let meaning = option.get("const")?;
        let value = as_text(meaning)?;
        let title = schema_text(option, "title").map(|title| text::tidy(title, 80)).filter(|title| !title.is_empty());
        let title = title.map(Wording::Text);
        let label = title.unwrap_or_else(|| label(&value));
        Some(Choice { label, meaning: meaning.clone(), value: submitted(value) })
    };
    each.iter().filter(|option| !is_null(option)).map(choice).collect()
}

/// The value in the form: a text that is empty there has not been chosen.
fn submitted(text: String) -> String {
    if text.is_empty() { "\"\"".to_owned() } else { text }
}

/// `null` stands for an empty field and is not an option.
fn fits_type(value: &Value, schema: &Value) -> bool {
    let fits = |name: &str| match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        _ => false,
    };
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).any(fits),
        Some(Value::String(name)) => fits(name),
        _ => true,
    }
}

fn choice(options: Vec<Choice>, schema: &Value, needed: bool) -> Property {
    match options.as_slice() {
        [] => Property::Unsupported,
        [only] if needed => Property::Fixed(only.meaning.clone()),
        _ => asked(Field { kind: FieldKind::Choice(options), ..Field::default() }, schema),
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

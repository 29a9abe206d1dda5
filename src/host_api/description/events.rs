//! One schema for each type of event, so that programs tell them apart by `type`. utoipa describes the one body that all
//! of them have.

use serde_json::{Map, Value, json};
use strum::VariantArray as _;

use crate::domain::attempt::EventKind;

const TEST: &str = "TestEvent";

/// Replaces the schema of the common body by one for each type, and by their union.
pub(super) fn add_to(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let (Some(event), Some(subject)) = (schemas.remove("Event"), schemas.remove("EventSubject")) else { return };
    schemas.remove("EventKind");
    for &kind in EventKind::VARIANTS {
        let data = format!("{}Data", schema_name(kind.as_str()));
        schemas.insert(schema_name(kind.as_str()), event_of(&event, kind.as_str(), &data));
        schemas.insert(data, subject_of(&subject, kind));
    }
    if let Some(test) = schemas.get_mut(TEST) {
        replace(test, "/properties/type", constant("gangway.test"));
    }
    let names = EventKind::VARIANTS.iter().map(|kind| (kind.as_str(), schema_name(kind.as_str())));
    let names: Vec<(&str, String)> = names.chain([("gangway.test", TEST.to_owned())]).collect();
    let references = names.iter().map(|(_, name)| json!({ "$ref": reference(name) }));
    let mapping = names.iter().map(|(kind, name)| ((*kind).to_owned(), Value::from(reference(name))));
    let union = json!({
        "description": "Any event; its `type` says which.",
        "oneOf": references.collect::<Vec<_>>(),
        "discriminator": { "propertyName": "type", "mapping": mapping.collect::<Map<_, _>>() },
    });
    schemas.insert("Event".to_owned(), union);
}

/// `ConnectionLinkedEvent` for `connection.linked`.
pub(super) fn schema_name(kind: &str) -> String {
    if kind == "gangway.test" { TEST.to_owned() } else { format!("{}Event", in_capitals(kind)) }
}

/// `onConnectionLinked` for `connection.linked`.
pub(super) fn operation_id(kind: &str) -> String {
    format!("on{}", in_capitals(kind))
}

fn in_capitals(kind: &str) -> String {
    kind.split(['.', '_']).map(crate::domain::text::capitalized).collect()
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn constant(kind: &str) -> Value {
    json!({ "type": "string", "const": kind, "description": "What happened." })
}

fn event_of(event: &Value, kind: &str, data: &str) -> Value {
    let mut event = event.clone();
    let description = format!("`{kind}`. It says what happened and to what; how that stands by now the API says.");
    replace(&mut event, "/description", description.into());
    replace(&mut event, "/properties/type", constant(kind));
    replace(&mut event, "/properties/data", json!({ "$ref": reference(data), "description": "To what." }));
    event
}

fn replace(schema: &mut Value, pointer: &str, by: Value) {
    if let Some(part) = schema.pointer_mut(pointer) {
        *part = by;
    }
}

/// The fields that this type has always are not nullable.
fn subject_of(subject: &Value, kind: EventKind) -> Value {
    let mut subject = subject.clone();
    for field in certain_fields(kind) {
        let Some(schema) = subject.pointer_mut(&format!("/properties/{field}")) else { continue };
        let choices = schema.get("oneOf").and_then(Value::as_array);
        let of_type = choices.and_then(|all| all.iter().find(|one| one.get("$ref").is_some()));
        if let Some(of_type) = of_type.cloned() {
            *schema = of_type;
        }
    }
    subject
}

fn certain_fields(kind: EventKind) -> Vec<&'static str> {
    let mut certain = Vec::new();
    if kind != EventKind::LinkAttemptEnded {
        certain.push("credential_id");
    }
    let of_attempt = [
        EventKind::ConnectionLinked,
        EventKind::ConnectionReplaced,
        EventKind::ConnectionUnverified,
        EventKind::LinkAttemptEnded,
    ];
    if of_attempt.contains(&kind) {
        certain.extend(["attempt_id", "state", "reason", "session_id"]);
    }
    if kind == EventKind::ConnectionReplaced {
        certain.push("replaces");
    }
    certain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_schema() {
        let schemas = &super::super::DOCUMENT["components"]["schemas"];
        for kind in EventKind::VARIANTS {
            let event = &schemas[schema_name(kind.as_str())];
            assert_eq!(event["properties"]["type"]["const"], kind.as_str());
            let data = &schemas[format!("{}Data", schema_name(kind.as_str()))];
            for field in certain_fields(*kind) {
                assert!(data["properties"][field].get("$ref").is_some(), "{kind} {field}: {data}");
            }
        }
        assert_eq!(schemas["Event"]["oneOf"].as_array().map(Vec::len), Some(EventKind::VARIANTS.len() + 1));
        assert_eq!(operation_id("link_attempt.ended"), "onLinkAttemptEnded");
    }
}

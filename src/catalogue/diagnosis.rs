//! Whether the forms of an app are understood and, if not, which keyword of its schema stopped them.

use serde_json::Value;

use super::{
    field_wording::Wordings,
    form_schema::{self, stopped_by},
};
use crate::{
    alloy::convert::{AUTHENTICATION_TYPE, authentication_method, is_older_form},
    config::ConnectorSettings,
    domain::{
        connector::{AuthenticationType, ConnectorId},
        form::Form,
    },
};

/// One form of an app.
#[derive(Debug, Clone)]
pub(crate) struct Diagnosis {
    /// `None` if the entry names none.
    pub(crate) authentication_type: Option<AuthenticationType>,
    pub(crate) is_older: bool,
    pub(crate) result: Result<Form, Stopped>,
}

/// Why a form is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    pub(crate) keyword: String,
    pub(crate) reason: String,
}

/// The forms of each entry of the metadata.
pub(crate) fn diagnose(
    connector: &ConnectorId,
    entries: &[Value],
    table: Option<&ConnectorSettings>,
) -> Vec<Diagnosis> {
    let wordings = Wordings::new(connector, table);
    let read = |entry: &Value| {
        let is_older = is_older_form(entry);
        let Some(method) = authentication_method(entry) else {
            let stopped = Stopped {
                keyword: AUTHENTICATION_TYPE.to_owned(),
                reason: "an entry without a readable authentication type".to_owned(),
            };
            return vec![Diagnosis { authentication_type: None, is_older, result: Err(stopped) }];
        };
        let forms = form_schema::forms(&method, &wordings).into_iter();
        let diagnosis = |form: Result<Form, form_schema::NotSupported>| Diagnosis {
            authentication_type: Some(method.authentication_type.clone()),
            is_older,
            result: form.map_err(|reason| Stopped {
                keyword: stopped_by::keyword(&method, &reason.0),
                reason: reason.to_string(),
            }),
        };
        forms.map(diagnosis).collect()
    };
    entries.iter().flat_map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keyword_that_stopped_a_form_is_named() {
        let id = ConnectorId::parse("acme").unwrap();
        for (data, keyword) in [
            (json!({"required": ["k"], "properties": {"k": {"type": "object", "properties": {}}}}), None),
            (
                json!({"required": ["k"], "properties": {"k": {"type": "array", "items": {"type": "number"}}}}),
                Some("items"),
            ),
            (json!({"required": ["k"], "properties": {"k": {"not": {"const": "x"}}}}), Some("not")),
            (json!({"required": ["k"], "properties": {"k": {"type": "frob"}}}), Some("type")),
            (json!({"$ref": "#/nowhere"}), Some("$ref")),
            (json!({"if": {}, "then": {}, "properties": {"k": {"type": "string"}}}), Some("if")),
            (json!({"patternProperties": {".": {}}}), Some("patternProperties")),
            (
                json!({"required": ["k"], "properties": {"k": {"type": "object", "required": ["l"],
                    "properties": {"l": {"type": "object", "properties": {}}}}}}),
                Some("type"),
            ),
            (json!({"properties": {"k": {"type": "string"}}}), None),
        ] {
            let entry = json!({"authenticationType": "apiKey", "inputSchema": {"type": "object",
                "properties": {"data": data}, "required": ["userId", "data"]}});
            let found = diagnose(&id, &[entry], None);
            let stopped = found[0].result.as_ref().err().map(|stopped| stopped.keyword.as_str());
            assert_eq!(stopped, keyword, "{data}: {found:?}");
        }
        let outer = json!({"authenticationType": "x", "inputSchema": {"required": ["tenant"]}});
        let found = diagnose(&id, &[outer, json!({}), json!(7)], None);
        let keywords: Vec<&str> = found.iter().map(|one| one.result.as_ref().unwrap_err().keyword.as_str()).collect();
        assert_eq!(keywords, ["required", "authenticationType", "authenticationType"]);
    }
}

//! `inputSchema` as a form. It is a JSON Schema of the whole body of `POST /connectors/{id}/credentials`: what people
//! are asked stands in its property `data`.
//!
//! Not supported are references, combined schemas (but choices written as `oneOf`), lists of anything but texts,
//! objects inside objects of `data`, and parts of the body that are not documented. Where one of these is needed, the
//! whole way of signing in is [`NotSupported`] and not offered; where it is optional, it is not asked for.

use serde_json::{Map, Value};
use thiserror::Error;

use super::field_wording::{self, Words};
use crate::alloy::{AuthenticationMethod, Redirect};
use crate::domain::{
    form::{Field, FieldKind, Form},
    text,
};

mod property;

use property::Property;

/// More fields than this are no form for a person.
const MOST_FIELDS: usize = 40;

/// Maximum number of properties of one object, described or needed, that are read.
const MOST_PROPERTIES: usize = 200;
/// Maximum number of options of all choices of a form.
const MOST_OPTIONS: usize = 2000;

/// A part of a schema that we cannot ask a person for, tidied and cut for the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is needed, and not supported")]
pub(super) struct NotSupported(pub(super) String);

/// The form for one way of signing in.
pub(super) fn form(method: &AuthenticationMethod, words: &Words<'_>) -> Result<Form, NotSupported> {
    if let Some(unsupported) = &method.unsupported {
        return Err(NotSupported(unsupported.clone()));
    }
    let mut reader = Reader {
        words: *words,
        asks_for_key: asks_for_key(method),
        sample: method.sample.as_ref(),
        form: Form {
            needs_auth_config: method.requires_auth_config,
            always_answers: method.data_required,
            ..Form::bare(method.authentication_type.clone())
        },
    };
    reader.object(&method.data_schema, &[])?;
    reader.form.wants_redirect = !reader.asks_for_key;
    Ok(reader.form)
}

/// Whether this method stores an API key instead of leading to the provider's page. Where the redirect address is
/// optional, a field that sounds like a key decides; where there is none, any field does.
fn asks_for_key(method: &AuthenticationMethod) -> bool {
    let mut fields = properties(&method.data_schema).into_iter().flatten();
    match method.redirect {
        Redirect::Required => false,
        Redirect::Optional => fields.any(|(name, schema)| field_wording::is_secret_by(schema, name)),
        Redirect::Absent => fields.next().is_some() || !required(&method.data_schema).is_empty(),
    }
}

pub(super) fn schema_text<'a>(schema: &'a Value, keyword: &str) -> Option<&'a str> {
    schema.get(keyword)?.as_str()
}

pub(super) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

pub(super) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Collects the fields of one form.
struct Reader<'a> {
    words: Words<'a>,
    asks_for_key: bool,
    sample: Option<&'a Value>,
    form: Form,
}

impl Reader<'_> {
    /// The properties of `data`, or of an object in it, in the schema's order; then what is needed and not described.
    fn object(&mut self, schema: &Value, path: &[String]) -> Result<(), NotSupported> {
        let (described, needed) = (properties(schema), required(schema));
        if described.map_or(0, Map::len) + needed.len() > MOST_PROPERTIES {
            return Err(NotSupported(format!("more than {MOST_PROPERTIES} properties")));
        }
        let bare = Value::Bool(true);
        let undescribed = |name: &&&str| described.is_none_or(|described| !described.contains_key(**name));
        let rest: Vec<&str> = needed.iter().filter(undescribed).copied().collect();
        let described = described.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema));
        for (name, schema) in described.chain(rest.into_iter().map(|name| (name, &bare))) {
            self.property(name, schema, needed.contains(&name), path)?;
        }
        Ok(())
    }

    fn property(&mut self, name: &str, schema: &Value, needed: bool, above: &[String]) -> Result<(), NotSupported> {
        let path: Vec<String> = above.iter().cloned().chain([name.to_owned()]).collect();
        let input = format!("data.{}", path.join("."));
        // A dot inside a name would make two fields look alike.
        let property = if name.contains('.') || !text::printable(name, 1, 64) {
            Property::Unknown
        } else {
            property::read(name, schema, needed)
        };
        match property {
            Property::Fixed(value) => self.form.fixed.push((path, value)),
            Property::Object if needed && above.is_empty() => {
                // Needed even if all in it is left empty.
                self.form.fixed.push((path.clone(), Value::Object(Map::new())));
                self.object(schema, &path)?;
            }
            Property::Asked(field) => {
                let field = Field { name: input, path, required: needed, ..*field };
                let field = self.said(field, name, schema);
                self.form.fields.push(field);
                self.check_size()?;
            }
            Property::Object | Property::Unknown if needed => return Err(NotSupported(text::tidy(&input, 80))),
            Property::Object | Property::Unknown => {}
        }
        Ok(())
    }

    /// Ends the reading of a form that is too large for a person, before it costs more.
    fn check_size(&self) -> Result<(), NotSupported> {
        let options = |field: &Field| if let FieldKind::Choice(options) = &field.kind { options.len() } else { 0 };
        if self.form.fields.len() > MOST_FIELDS {
            return Err(NotSupported(format!("more than {MOST_FIELDS} fields")));
        }
        if self.form.fields.iter().map(options).sum::<usize>() > MOST_OPTIONS {
            return Err(NotSupported(format!("more than {MOST_OPTIONS} options")));
        }
        Ok(())
    }

    /// The field with everything that is said of it.
    fn said(&self, field: Field, name: &str, schema: &Value) -> Field {
        let sample = self.sample.filter(|_| field.path.len() == 1).and_then(|sample| schema_text(sample, name));
        let said = self.words.of(name, schema, sample, self.asks_for_key);
        let field = Field {
            named: said.named,
            label: said.label,
            hint: said.hint,
            // Who chooses sees all there is.
            example: said.example.filter(|_| !matches!(field.kind, FieldKind::Choice(_) | FieldKind::Flag)),
            help_url: said.help_url,
            pasted: said.pasted.filter(|_| field.takes_text()).unwrap_or(field.pasted),
            ..field
        };
        if said.secret { field.into_secret() } else { field }
    }
}

#[cfg(test)]
mod tests;

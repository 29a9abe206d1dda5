//! Forms made from Alloy's JSON Schemas. References, combined schemas (except `oneOf` choices), lists of other than
//! texts and nested objects are not supported: a method that requires one is not offered, and an optional one is left
//! out.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{
    field_wording::{self, Wordings},
    json_schema::{properties, required, schema_text},
};
use crate::alloy::{AuthenticationMethod, Redirect};
use crate::domain::{
    form::{Field, FieldKind, Form},
    text,
};

mod property;

use property::Property;

const MAX_FIELDS: usize = 40;

/// Maximum number of properties of one object, described or required.
const MAX_PROPERTIES: usize = 200;
/// Maximum number of options of all choices of a form.
const MAX_OPTIONS: usize = 2000;

/// The unsupported part of a schema, tidied and cut for the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is needed, and not supported")]
pub(super) struct NotSupported(pub(super) String);

pub(super) fn form(method: &AuthenticationMethod, wordings: &Wordings<'_>) -> Result<Form, NotSupported> {
    if let Some(unsupported) = &method.unsupported {
        return Err(NotSupported(unsupported.clone()));
    }
    let mut reader = Reader {
        wordings: *wordings,
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

/// Whether the form stores a key. If the redirect is optional, a field that looks like a key decides; if absent, any.
fn asks_for_key(method: &AuthenticationMethod) -> bool {
    let mut fields = properties(&method.data_schema).into_iter().flatten();
    match method.redirect {
        Redirect::Required => false,
        Redirect::Optional => fields.any(|(name, schema)| field_wording::is_secret(schema, name)),
        Redirect::Absent => fields.next().is_some() || !required(&method.data_schema).is_empty(),
    }
}

struct Reader<'a> {
    wordings: Wordings<'a>,
    asks_for_key: bool,
    sample: Option<&'a Value>,
    form: Form,
}

impl Reader<'_> {
    /// Adds the properties of an object in the schema's order, then the required ones that it does not describe.
    fn object(&mut self, schema: &Value, path: &[String]) -> Result<(), NotSupported> {
        let (described, needed) = (properties(schema), required(schema));
        if described.map_or(0, Map::len) + needed.len() > MAX_PROPERTIES {
            return Err(NotSupported(format!("more than {MAX_PROPERTIES} properties")));
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
        // A dot inside a name would make two fields indistinguishable.
        let property = if name.contains('.') || !text::printable(name, 1, 64) {
            Property::Unsupported
        } else {
            property::read(name, schema, needed)
        };
        match property {
            Property::Fixed(value) => self.form.fixed.push((path, value)),
            Property::Object if needed && above.is_empty() => {
                // Sent even if it stays empty.
                self.form.fixed.push((path.clone(), Value::Object(Map::new())));
                self.object(schema, &path)?;
            }
            Property::Field(field) => {
                let field = Field { name: input, path, required: needed, ..*field };
                let field = self.with_wording(field, name, schema);
                self.form.fields.push(field);
                self.check_size()?;
            }
            Property::Object | Property::Unsupported if needed => return Err(NotSupported(text::tidy(&input, 80))),
            Property::Object | Property::Unsupported => {}
        }
        Ok(())
    }

    /// Stops at the first field too many, before a huge schema costs more.
    fn check_size(&self) -> Result<(), NotSupported> {
        let options = |field: &Field| if let FieldKind::Choice(options) = &field.kind { options.len() } else { 0 };
        if self.form.fields.len() > MAX_FIELDS {
            return Err(NotSupported(format!("more than {MAX_FIELDS} fields")));
        }
        if self.form.fields.iter().map(options).sum::<usize>() > MAX_OPTIONS {
            return Err(NotSupported(format!("more than {MAX_OPTIONS} options")));
        }
        Ok(())
    }

    fn with_wording(&self, field: Field, name: &str, schema: &Value) -> Field {
        let sample = self.sample.filter(|_| field.path.len() == 1).and_then(|sample| schema_text(sample, name));
        let wording = self.wordings.field(name, schema, sample, self.asks_for_key);
        let field = Field {
            named: wording.named,
            label: wording.label,
            hint: wording.hint,
            // A choice shows all its values.
            example: wording.example.filter(|_| !matches!(field.kind, FieldKind::Choice(_) | FieldKind::Flag)),
            help_url: wording.help_url,
            pasted: wording.pasted.filter(|_| field.takes_text()).unwrap_or(field.pasted),
            ..field
        };
        if wording.secret { field.into_secret() } else { field }
    }
}

#[cfg(test)]
mod tests;

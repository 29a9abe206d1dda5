//! Forms made from Alloy's JSON Schemas. Each alternative of `oneOf` or `anyOf` is a form of its own. `if`, lists
//! of other than texts and nested objects are not supported: a method that requires one is not offered, and an optional
//! one is left out, both with a line in the log.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{
    field_wording::{self, Wordings},
    json_schema::{dependents, properties, required, schema_text},
};
use crate::alloy::{AuthenticationMethod, Redirect};
use crate::domain::{
    form::{Field, FieldKind, Form, Pasted, Wording},
    text,
};

mod combined;
mod property;
pub(super) mod stopped_by;

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

/// The forms of a method, one for each alternative of its data.
pub(super) fn forms(method: &AuthenticationMethod, wordings: &Wordings<'_>) -> Vec<Result<Form, NotSupported>> {
    if let Some(unsupported) = &method.unsupported {
        return vec![Err(NotSupported(unsupported.clone()))];
    }
    match combined::alternatives(method) {
        Ok(all) => {
            let titles: Vec<Option<Wording>> = all.iter().map(|data| combined::title(data, &all)).collect();
            let read = |(data, title): (&Value, Option<Wording>)| form(method, data, title, wordings);
            all.iter().zip(titles).map(read).collect()
        }
        Err(reason) => vec![Err(NotSupported(reason.to_owned()))],
    }
}

fn form(
    method: &AuthenticationMethod,
    data: &Value,
    title: Option<Wording>,
    wordings: &Wordings<'_>,
) -> Result<Form, NotSupported> {
    let mut reader = Reader {
        wordings: *wordings,
        document: &method.document,
        asks_for_key: asks_for_key(method.redirect, data),
        sample: method.sample.as_ref(),
        left_out: Vec::new(),
        form: Form {
            title,
            needs_auth_config: method.requires_auth_config,
            always_answers: method.data_required,
            ..Form::bare(method.authentication_type.clone())
        },
    };
    reader.object(data, &[])?;
    reader.form.wants_redirect = !reader.asks_for_key;
    if !reader.left_out.is_empty() {
        let fields = text::tidy(&reader.left_out.join(", "), 200);
        tracing::warn!(fields, "optional fields of an app are not offered: their schema is not supported");
    }
    Ok(reader.form)
}

/// Whether the form stores a key. If the redirect is optional, a field that looks like a key decides; if absent, any.
fn asks_for_key(redirect: Redirect, data: &Value) -> bool {
    let mut fields = properties(data).into_iter().flatten();
    match redirect {
        Redirect::Required => false,
        Redirect::Optional => fields.any(|(name, schema)| field_wording::is_secret(schema, name)),
        Redirect::Absent => fields.next().is_some() || !required(data).is_empty(),
    }
}

struct Reader<'a> {
    wordings: Wordings<'a>,
    document: &'a Value,
    asks_for_key: bool,
    sample: Option<&'a Value>,
    /// Optional fields that are not supported.
    left_out: Vec<String>,
    form: Form,
}

impl Reader<'_> {
    /// Adds the properties of an object in the schema's order, then the required ones that it does not describe.
    fn object(&mut self, schema: &Value, path: &[String]) -> Result<(), NotSupported> {
        let (described, needed) = (properties(schema), required(schema));
        let dependents = dependents(schema);
        let dependent: usize = dependents.iter().map(|(_, names)| 1 + names.len()).sum();
        if described.map_or(0, Map::len) + needed.len() + dependent > MAX_PROPERTIES {
            return Err(NotSupported(format!("more than {MAX_PROPERTIES} properties")));
        }
        let bare = Value::Bool(true);
        let named = needed.iter().copied().chain(dependents.iter().flat_map(|(_, names)| names.iter().copied()));
        let mut rest: Vec<&str> = Vec::new();
        for name in named {
            if described.is_none_or(|described| !described.contains_key(name)) && !rest.contains(&name) {
                rest.push(name);
            }
        }
        let described = described.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema));
        for (name, schema) in described.chain(rest.into_iter().map(|name| (name, &bare))) {
            self.property(name, schema, needed.contains(&name), path)?;
        }
        let whole = |name: &str| path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
        for (name, dependents) in dependents {
            let dependents = dependents.into_iter().map(whole).collect();
            self.form.dependents.push((whole(name), dependents));
        }
        Ok(())
    }

    fn property(&mut self, name: &str, schema: &Value, needed: bool, above: &[String]) -> Result<(), NotSupported> {
        let path: Vec<String> = above.iter().cloned().chain([name.to_owned()]).collect();
        let accepts_null = needed && combined::accepts_null(schema, self.document);
        let input = format!("data.{}", path.join("."));
        let plain = combined::plain(schema, self.document);
        let schema = plain.as_ref().unwrap_or(schema);
        // A dot inside a name would make two fields indistinguishable.
        let property = if name.contains('.') || !text::printable(name, 1, 64) {
            Property::Unsupported
        } else {
            property::read(name, schema, needed && !accepts_null)
        };
        match property {
            Property::Fixed(value) => self.form.fixed.push((path, value)),
            Property::Object if needed && above.is_empty() => {
                // Sent even if it stays empty.
                self.form.fixed.push((path.clone(), Value::Object(Map::new())));
                self.object(schema, &path)?;
            }
            Property::Field(field) => {
                let is_null_if_empty = accepts_null && field.kind != FieldKind::Flag;
                let required = needed && !is_null_if_empty;
                let field = Field { name: input, path, required, is_null_if_empty, ..*field };
                let field = self.with_wording(field, name, schema);
                self.form.fields.push(field);
                self.check_size()?;
            }
            Property::Object | Property::Unsupported if accepts_null => {
                self.form.fixed.push((path, Value::Null));
                self.left_out.push(input);
            }
            Property::Object | Property::Unsupported if needed => return Err(NotSupported(text::tidy(&input, 80))),
            Property::Object | Property::Unsupported => self.left_out.push(input),
            Property::ReadOnly => {}
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
            verbatim: wording.password && field.takes_text(),
            multiline: wording.multiline && !field.many && matches!(field.kind, FieldKind::Text | FieldKind::Secret),
            label: wording.label,
            hint: wording.hint,
            // A choice shows all its values.
            example: wording.example.filter(|_| !matches!(field.kind, FieldKind::Choice(_) | FieldKind::Flag)),
            help_url: wording.help_url,
            pasted: match wording.pasted.filter(|_| field.takes_text()) {
                Some(Pasted::Host) if field.pasted == Pasted::HostName => Pasted::HostName,
                pasted => pasted.unwrap_or(field.pasted),
            },
            provider: wording.provider,
            ..field
        };
        let field = if wording.secret { field.into_secret() } else { field };
        // A default that the form would refuse is not the user's mistake.
        let default = field.default.as_deref().filter(|default| field.accepts(default));
        let default = default.map(str::to_owned);
        Field { may_be_empty: may_be_empty(&field), default, ..field }
    }
}

/// Whether a required field may be an empty text by its schema, and by what it is for: a password or a name may be
/// missing where a key never is.
fn may_be_empty(field: &Field) -> bool {
    let is_text = field.kind == FieldKind::Text && field.pasted == Pasted::AsTyped;
    let allows = field.limits.min_length.unwrap_or(0) == 0
        && field.limits.pattern.as_ref().is_none_or(|pattern| pattern.accepts(""));
    field.required && !field.many && allows && (is_text || field.is_secret() && field.verbatim)
}

#[cfg(test)]
mod tests;

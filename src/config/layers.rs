//! The layers of the settings, later ones overriding: defaults, file, environment.

use std::{borrow::Cow, fs, num::ParseIntError, path::Path};

use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{InvalidSetting, Settings, SettingsError, redact, secret_files};
use crate::domain::connector::ConnectorId;

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "GANGWAY__";

pub(crate) struct Layers {
    defaults: Value,
    environment: Value,
    merged: Value,
    invalid: Vec<InvalidSetting>,
}

pub(crate) fn read(path: &Path) -> Result<String, SettingsError> {
    fs::read_to_string(path)
        .map(|text| secret_files::without_mark(&text).to_owned())
        .map_err(|error| SettingsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}

/// Merges the layers. Secret files, which are beside the settings file or in the folder that they name, are read in their
/// own layer, so that a later layer still overrides them.
pub(crate) fn merge(
    files: &[&str],
    folder: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Layers, SettingsError> {
    let defaults = parse(DEFAULTS)?;
    let (mut merged, mut invalid) = (defaults.clone(), Vec::new());
    for text in files {
        let mut layer = parse(text)?;
        remove_unusable_connectors(&mut layer, &mut invalid);
        invalid.extend(secret_files::read_into(&mut layer, folder));
        overlay(&mut merged, layer);
    }
    let mut environment = nested(environment);
    respell(&mut environment, &merged);
    let unreadable = secret_files::read_into(&mut environment, folder).into_iter();
    invalid.extend(unreadable.map(|one| InvalidSetting { variable: Some(variable(&one.key)), ..one }));
    overlay(&mut merged, environment.clone());
    Ok(Layers { defaults, environment, merged, invalid })
}

impl Layers {
    pub(crate) fn merged(&self) -> &Value {
        &self.merged
    }

    /// Replaces each invalid value by its default, so that one run reports all of them.
    pub(crate) fn into_settings(mut self) -> Result<Settings, SettingsError> {
        loop {
            let error = match serde_path_to_error::deserialize::<_, Settings>(&self.merged) {
                Ok(settings) if self.invalid.is_empty() => return Ok(settings),
                Ok(_) => return Err(SettingsError::Invalid(self.invalid)),
                Err(error) => error,
            };
            let key = |segment: &serde_path_to_error::Segment| match segment {
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                _ => None,
            };
            let path: Vec<String> = error.path().iter().filter_map(key).collect();
            self.report(&path, &error.inner().to_string());
            if !reset(&mut self.merged, &path, find(&self.defaults, &path)) {
                return Err(SettingsError::Invalid(self.invalid));
            }
        }
    }

    fn report(&mut self, path: &[String], error: &str) {
        let key = path.join(".");
        let expected = error.rsplit_once("expected ").map_or(error, |(_, expected)| expected).to_owned();
        let unknown = error.starts_with("unknown field");
        let secret = unknown || secret_files::is_secret(&key);
        let current =
            find(&self.merged, path).map_or_else(|| "not set".to_owned(), |value| redact::value(value, secret));
        self.invalid.push(InvalidSetting {
            variable: find(&self.environment, path).map(|_| variable(&key)),
            current: if unknown { format!("no setting (its value: {current})") } else { current },
            expected,
            default: find(&self.defaults, path).cloned(),
            key,
        });
    }
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn find<'a>(tree: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(tree, |tree, key| tree.get(key))
}

/// Resets the value to its default, or removes it. Returns `false` if that changes nothing.
fn reset(tree: &mut Value, path: &[String], default: Option<&Value>) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let parent = parents.iter().try_fold(tree, |tree, key| tree.get_mut(key)).and_then(Value::as_object_mut);
    let Some(parent) = parent else { return false };
    let before = match default {
        Some(default) => parent.insert(last.clone(), default.clone()),
        None => parent.remove(last),
    };
    before.is_some() && before.as_ref() != default
}

fn parse(text: &str) -> Result<Value, SettingsError> {
    let table = DeTable::parse(text).map_err(|error| malformed(&error))?;
    json(DeValue::Table(table.into_inner())).map_err(|error| malformed(&error))
}

/// The parser's message without its excerpt, which may hold a secret.
fn malformed(error: &dyn std::fmt::Display) -> SettingsError {
    let message = error.to_string();
    let lines: Vec<&str> = message.lines().filter(|line| !line.contains('|')).map(str::trim).collect();
    SettingsError::Malformed(lines.join(" ").trim().to_owned())
}

fn json(value: DeValue<'_>) -> Result<Value, ParseIntError> {
    Ok(match value {
        DeValue::String(text) => text.into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())?.into(),
        DeValue::Float(number) => number.as_str().parse::<f64>().unwrap_or(f64::NAN).into(),
        DeValue::Boolean(flag) => flag.into(),
        DeValue::Datetime(time) => time.to_string().into(),
        DeValue::Array(values) => values.into_iter().map(|value| json(value.into_inner())).collect::<Result<_, _>>()?,
        DeValue::Table(table) => {
            let entry = |(key, value): (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| {
                Ok((key.into_inner().into_owned(), json(value.into_inner())?))
            };
            table.into_iter().map(entry).collect::<Result<Map<_, _>, _>>()?.into()
        }
    })
}

fn overlay(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                overlay(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

fn nested(environment: impl Iterator<Item = (String, String)>) -> Value {
    let strip = |(name, value): (String, String)| {
        Some((name.to_lowercase().strip_prefix(&PREFIX.to_lowercase())?.replace("__", "."), value))
    };
    // Sorted, so that contradicting variables always give the same outcome.
    let mut variables: Vec<(String, String)> = environment.filter_map(strip).collect();
    variables.sort();
    let mut tree = Value::Object(Map::new());
    for (key, value) in variables {
        overlay(
            &mut tree,
            key.rsplit('.').fold(unquoted(value), |inner, name| Map::from_iter([(name.to_owned(), inner)]).into()),
        );
    }
    tree
}

/// A variable's value. Files of variables often have values in quotation marks, or lists as the settings file has them.
fn unquoted(text: String) -> Value {
    let trimmed = secret_files::without_mark(&text).trim();
    for quote in ['"', '\''] {
        let inner = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner.filter(|inner| !inner.contains(quote)) {
            return inner.into();
        }
    }
    let list = (trimmed.starts_with('[') && trimmed.ends_with(']')).then(|| parse(&format!("list = {trimmed}")));
    match list {
        Some(Ok(mut table)) => table.get_mut("list").map(Value::take).unwrap_or_default(),
        _ => text.into(),
    }
}

fn respell(tree: &mut Value, like: &Value) {
    let (Value::Object(tree), Value::Object(like)) = (tree, like) else { return };
    for (spelling, other) in like {
        let Some(mut value) = tree.remove(&spelling.to_lowercase()) else { continue };
        respell(&mut value, other);
        tree.insert(spelling.clone(), value);
    }
}

/// Removes the tables of apps with an invalid name, or with a duplicate in another case.
fn remove_unusable_connectors(layer: &mut Value, invalid: &mut Vec<InvalidSetting>) {
    let Some(Value::Object(tables)) = layer.get_mut("connectors") else { return };
    let mut ids: Vec<String> = tables.keys().cloned().collect();
    ids.sort();
    let mut usable: Vec<String> = Vec::new();
    for id in ids {
        let expected = if ConnectorId::parse(id.as_str()).is_err() {
            "a table named by an app's id, as Alloy spells it".to_owned()
        } else if let Some(twin) = usable.iter().find(|other| other.eq_ignore_ascii_case(&id)) {
            format!("one table for this app: connectors.{twin} is the same")
        } else {
            usable.push(id);
            continue;
        };
        tables.remove(&id);
        invalid.push(InvalidSetting::in_file(format!("connectors.{id}"), "a table".to_owned(), expected));
    }
}

//! Values as columns hold them, both ways.

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer as _, value},
};
use sqlx::{Row as _, any::AnyRow};
use time::OffsetDateTime;

use super::{StoreError, Stored};
use crate::domain::clock::{from_millis, to_millis};

/// A row that is being read. What cannot be read is named by its column, never by its content.
pub(super) struct Columns<'a>(pub(super) &'a AnyRow);

impl<'a> Columns<'a> {
    pub(super) fn text(&self, column: &'static str) -> Stored<&'a str> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn text_if_any(&self, column: &'static str) -> Stored<Option<&'a str>> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn number(&self, column: &'static str) -> Stored<i64> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn number_if_any(&self, column: &'static str) -> Stored<Option<i64>> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn time(&self, column: &'static str) -> Stored<OffsetDateTime> {
        self.number(column).map(from_millis)
    }

    pub(super) fn time_if_any(&self, column: &'static str) -> Stored<Option<OffsetDateTime>> {
        Ok(self.number_if_any(column)?.map(from_millis))
    }

    /// Text in a form of its own, such as an id.
    pub(super) fn read<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Stored<T> {
        read(self.text(column)?).ok_or(StoreError::Unreadable(column))
    }

    /// The same, where there may be none.
    pub(super) fn read_if_any<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Stored<Option<T>> {
        self.text_if_any(column)?.map(|text| read(text).ok_or(StoreError::Unreadable(column))).transpose()
    }
}

/// An enum's variant by its one name.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    let reader: value::StrDeserializer<'_, value::Error> = word.into_deserializer();
    T::deserialize(reader).ok()
}

/// The one name of an enum's variant.
pub(super) fn word(variant: &impl Serialize) -> Stored<String> {
    to_json(variant).map(|json| json.trim_matches('"').to_owned())
}

/// JSON text of what always can be written as such.
pub(super) fn to_json(value: &impl Serialize) -> Stored<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

/// Milliseconds since the Unix epoch, where there may be none.
pub(super) fn millis_if_any(at: Option<OffsetDateTime>) -> Option<i64> {
    at.map(to_millis)
}

//! Conversion of column values: text, numbers, and times in milliseconds. Errors name the column, never its content.

use serde::Serialize;
use sqlx::{
    Any, Database, Decode, Encode, Row as _, Type,
    any::{AnyRow, AnyTypeInfo},
    encode::IsNull,
    error::BoxDynError,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use crate::domain::{
    attempt::{AttemptId, Proof, Reason, State, UserAnswer},
    clock::{from_millis, to_millis},
    connection::CredentialId,
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{After, AlloyUserId, Arrival, ClientReference, Display, EndedBy, ExternalId, SessionId},
};

macro_rules! text_columns {
    ($($type:ty: $read:expr, $write:expr;)+) => {$(
        impl Type<Any> for $type {
            fn type_info() -> AnyTypeInfo {
                <str as Type<Any>>::type_info()
            }
        }

        impl Encode<'_, Any> for $type {
            fn encode_by_ref(
                &self,
                buffer: &mut <Any as Database>::ArgumentBuffer,
            ) -> std::result::Result<IsNull, BoxDynError> {
                let write: fn(&Self) -> String = $write;
                Encode::<Any>::encode(write(self), buffer)
            }
        }

        impl<'r> Decode<'r, Any> for $type {
            fn decode(value: <Any as Database>::ValueRef<'r>) -> std::result::Result<Self, BoxDynError> {
                let read: fn(&str) -> Option<Self> = $read;
                read(<&str as Decode<Any>>::decode(value)?).ok_or_else(|| "unreadable value".into())
            }
        }
    )+};
}

text_columns! {
    AttemptId: |text| AttemptId::parse(text).ok(), ToString::to_string;
    SessionId: |text| SessionId::parse(text).ok(), ToString::to_string;
    CredentialId: |text| CredentialId::parse(text).ok(), |id| id.as_str().to_owned();
    ConnectorId: |text| ConnectorId::parse(text).ok(), |id| id.as_str().to_owned();
    AlloyUserId: |text| AlloyUserId::parse(text).ok(), |id| id.as_str().to_owned();
    ClientReference: |text| ClientReference::parse(text).ok(), |text| text.as_str().to_owned();
    ExternalId: |text| Some(ExternalId::stored(text)), |id| id.as_str().to_owned();
    AuthenticationType: |text| AuthenticationType::parse(text).ok(), |name| name.as_str().to_owned();
    Digest: Digest::from_text, Digest::to_text;
    State: |name| name.parse().ok(), |name| name.as_str().to_owned();
    Reason: |name| name.parse().ok(), |name| name.as_str().to_owned();
    Proof: |name| name.parse().ok(), |name| name.as_str().to_owned();
    UserAnswer: |name| name.parse().ok(), |name| name.as_str().to_owned();
    After: |name| name.parse().ok(), ToString::to_string;
    Arrival: |name| name.parse().ok(), ToString::to_string;
    Display: |name| name.parse().ok(), ToString::to_string;
    EndedBy: |name| name.parse().ok(), ToString::to_string;
}

pub(super) trait Columns {
    fn time(&self, column: &'static str) -> sqlx::Result<OffsetDateTime>;
    fn time_if_any(&self, column: &'static str) -> sqlx::Result<Option<OffsetDateTime>>;
    fn flag(&self, column: &'static str) -> sqlx::Result<bool>;
    fn unsigned(&self, column: &'static str) -> sqlx::Result<u32>;
    fn parsed<T>(&self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> sqlx::Result<Option<T>>;

    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid> {
        self.required(column, |text| Uuid::parse_str(text).ok())
    }

    fn required<T>(&self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> sqlx::Result<T> {
        self.parsed(column, parse)?.ok_or_else(|| unreadable(column))
    }
}

impl Columns for AnyRow {
    fn time(&self, column: &'static str) -> sqlx::Result<OffsetDateTime> {
        self.try_get(column).map(from_millis)
    }

    fn time_if_any(&self, column: &'static str) -> sqlx::Result<Option<OffsetDateTime>> {
        Ok(self.try_get::<Option<i64>, _>(column)?.map(from_millis))
    }

    fn flag(&self, column: &'static str) -> sqlx::Result<bool> {
        Ok(self.try_get::<i64, _>(column)? != 0)
    }

    fn unsigned(&self, column: &'static str) -> sqlx::Result<u32> {
        self.try_get::<i64, _>(column)?.try_into().map_err(|_| unreadable(column))
    }

    fn parsed<T>(&self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> sqlx::Result<Option<T>> {
        let text: Option<&str> = self.try_get(column)?;
        text.map(|text| parse(text).ok_or_else(|| unreadable(column))).transpose()
    }
}

fn unreadable(column: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: "unreadable value".into() }
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

pub(super) fn millis_if_any(at: Option<OffsetDateTime>) -> Option<i64> {
    at.map(to_millis)
}

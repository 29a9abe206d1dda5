//! Schemas of the domain's types, which do not depend on the API.

use strum::VariantArray as _;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{KnownFormat, SchemaFormat, Type},
    },
};

use crate::{
    domain::{
        attempt::{Actor, AttemptId, EventKind, Proof, Reason, State, TimelineEvent},
        connection::{ConnectionStatus, CredentialId, Origin},
        connector::ConnectorId,
        session::{After, AlloyUserId, ClientReference, ExternalId, SessionId},
    },
    store::DeliveryState,
};

/// Printable text without spaces at its ends, as a regular expression, as `text::printable` accepts it.
fn printable(not: &str) -> String {
    const HIDDEN: &str = r"\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb";
    const SPACES: &str = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000";
    format!("^{not}[^{HIDDEN}{SPACES}]([^{HIDDEN}]*[^{HIDDEN}{SPACES}])?$")
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

fn uuid(description: &str) -> RefOr<Schema> {
    text(description).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
}

/// An id in the vendor's format.
fn vendor_id(description: &str, example: &str) -> RefOr<Schema> {
    let id = text(description).pattern(Some("^[A-Za-z0-9_-]+$")).min_length(Some(1)).max_length(Some(64));
    id.examples([example]).into()
}

fn one_of(description: &str, names: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    text(description).enum_values(Some(names)).into()
}

/// Implements the schema traits for types of other modules.
macro_rules! described {
    ($($type:ident => $schema:expr;)+) => {
        $(
            impl ToSchema for $type {}

            impl PartialSchema for $type {
                fn schema() -> RefOr<Schema> {
                    $schema
                }
            }
        )+
    };
}

described! {
    AttemptId => uuid("An attempt's id.");
    SessionId => uuid("A session's id.");
    ExternalId => text("Your own id of a user: printable, without spaces at its ends, and neither `.` nor `..`.")
        .pattern(Some(printable(r"(?!\.{1,2}$)"))).min_length(Some(1)).max_length(Some(255)).examples(["user-4711"]).into();
    ClientReference => text("A reference of your own: printable, without spaces at its ends.")
        .pattern(Some(printable(""))).min_length(Some(1)).max_length(Some(200)).examples(["order-4711"]).into();
    AlloyUserId => vendor_id("Alloy's id of a user.", "5eba51a03fe9631316668514");
    ConnectorId => vendor_id("An app, by Alloy's id of it.", "slack");
    CredentialId => vendor_id("A connection, by Alloy's id of it.", "67a37f29e0aa276e50d7253a");
    State => one_of("Where an attempt stands: only `pending` is open.", names(State::VARIANTS, State::as_str));
    Reason => one_of("Why an attempt ended as it did.", names(Reason::VARIANTS, Reason::as_str));
    Proof => one_of("The result of a call that tested a connection.", names(Proof::VARIANTS, Proof::as_str));
    Actor => one_of("Who caused a step.", names(Actor::VARIANTS, Actor::as_str));
    TimelineEvent => one_of("What happened.", names(TimelineEvent::VARIANTS, TimelineEvent::as_str));
    EventKind => one_of("What your server is told of.", names(EventKind::VARIANTS, EventKind::as_str));
    DeliveryState => one_of("Where the delivery of an event stands.", ["waiting", "delivered", "dead"]);
    Origin => one_of("Who made a connection: an attempt in Gangway (`linked`), or anything else (`external`).", ["linked", "external"]);
    ConnectionStatus => one_of("Whether a connection can be used, as far as is known: `needs_reconnect` if the app or Alloy refused it.", ["connected", "needs_reconnect"]);
    After => one_of("What the pages do after a link: offer the next app, or go straight back to you.", ["stay", "return"]);
}

fn names<T: Copy>(all: &'static [T], name: fn(T) -> &'static str) -> impl Iterator<Item = &'static str> {
    all.iter().copied().map(name)
}

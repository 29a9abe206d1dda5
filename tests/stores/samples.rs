//! What the tests keep in their stores.

use gangway::{
    domain::{
        attempt::{AttemptId, Begin, Change, Claimed, LinkAttempt, Observation, SiblingAttempts},
        clock::from_millis,
        connection::{CredentialId, Listed, Listing},
        connector::{AuthenticationType, ConnectorId},
        keys::Digest,
        session::{
            After, AlloyUserId, Arrival, ClientReference, ConnectSession, Display, EndUser, EndedBy, ExternalId,
            SessionId,
        },
    },
    store::Store,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// So many seconds after a moment in 2026 that is no whole second.
pub(super) fn at(seconds: i64) -> OffsetDateTime {
    from_millis(1_790_000_000_123 + 1000 * seconds)
}

pub(super) fn user(id: &str) -> ExternalId {
    ExternalId::parse(id).unwrap()
}

pub(super) fn connector(id: &str) -> ConnectorId {
    ConnectorId::parse(id).unwrap()
}

pub(super) fn credential(id: &str) -> CredentialId {
    CredentialId::parse(id).unwrap()
}

pub(super) fn code(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// A session as short as can be, made at 0, whose code can be redeemed for ten minutes.
pub(super) fn session(id: u128) -> ConnectSession {
    ConnectSession {
        id: SessionId::from_uuid(Uuid::from_u128(id)),
        user: EndUser { external_id: user("jane"), name: None, email: None, alloy_user_id: None },
        connectors: Vec::new(),
        connector: None,
        reconnect: None,
        after: After::Stay,
        return_url: None,
        locale: None,
        created_at: at(0),
        code_expires_at: at(600),
        redeemed_at: None,
        arrival: None,
        seen_at: None,
        ended_at: None,
        ended_by: None,
        parent: None,
        ends_at: None,
        client_reference: None,
        display: Display::Page,
    }
}

/// A session in which nothing is left out.
pub(super) fn full_session(id: u128) -> ConnectSession {
    ConnectSession {
        user: EndUser {
            external_id: user("Jäne 'Doe' \"42\"; --"),
            name: Some("Jane Doe 👩‍🚀 <b>".to_owned()),
            email: Some("jane@acme.test".to_owned()),
            alloy_user_id: Some(AlloyUserId::parse("5eba51a03fe9631316668514").unwrap()),
        },
        connectors: vec![connector("slack"), connector("zohoCRM")],
        connector: Some(connector("zohoCRM")),
        reconnect: Some(credential("67a37f29e0aa276e50d7253a")),
        after: After::Return,
        return_url: Some("https://app.acme.test/apps?tab=1".to_owned()),
        locale: Some("de-CH".to_owned()),
        redeemed_at: Some(at(1)),
        arrival: Some(Arrival::Host),
        seen_at: Some(at(2)),
        ended_at: Some(at(3)),
        ended_by: Some(EndedBy::Host),
        client_reference: Some(ClientReference::parse("Bestellung 'Nº 42' \"; -- 🧾").unwrap()),
        display: Display::Popup,
        ..session(id)
    }
}

/// An attempt of Jane at that app, begun at 0 with one credential listed already.
pub(super) fn attempt(id: u128, app: &str) -> LinkAttempt {
    let id = AttemptId::from_uuid(Uuid::from_u128(id));
    LinkAttempt::begin(Begin {
        id,
        session_id: SessionId::from_uuid(Uuid::from_u128(1)),
        user: user("jane"),
        connector: connector(app),
        authentication_type: AuthenticationType::parse("oauth2").unwrap(),
        is_api_key: false,
        input: code("input"),
        state_digest: code(&id.to_string()),
        snapshot: Some(listing(app, &["before"], -100)),
        replaces: None,
        needs_completion: false,
        deletes_unreturned: false,
        at: at(0),
        deadline: at(3900),
    })
}

/// What Alloy lists: credentials of that app, all made at that second.
pub(super) fn listing(app: &str, ids: &[&str], made: i64) -> Listing {
    let listed = |id: &&str| Listed {
        id: credential(id),
        connector: connector(app),
        name: format!("{app} {id}"),
        created_at: Some(at(made)),
        updated_at: Some(at(made)),
    };
    Listing { credentials: ids.iter().map(listed).collect(), answered_at: Some(at(made)) }
}

/// A credential as it is claimed without a list.
pub(super) fn claimed(id: &str) -> Claimed {
    Claimed { id: credential(id), made_at: None }
}

/// Begins that attempt, and brings its browser back: the next listing can end it.
pub(super) async fn returned(store: &Store, attempt: &LinkAttempt) -> LinkAttempt {
    store.begin(attempt).await.unwrap();
    let change =
        attempt.observe(&Observation::Returned { refusal: None }, &SiblingAttempts::default(), at(30)).unwrap();
    store.commit(&change).await.unwrap();
    store.attempt(attempt.id).await.unwrap().unwrap()
}

/// What follows when these credentials are listed for the attempt at 31. It claims all of them, as earlier releases did.
pub(super) fn linked(attempt: &LinkAttempt, ids: &[&str]) -> Change {
    let listing = listing(attempt.connector.as_str(), ids, 20);
    let mut change = attempt.observe(&Observation::Listed(&listing), &SiblingAttempts::default(), at(31)).unwrap();
    change.claims = listing.credentials.iter().map(Claimed::from).collect();
    change
}

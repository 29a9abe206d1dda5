//! Claims of a host token.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_path_to_error::Segment;
use time::{Duration, OffsetDateTime};

use super::Refused;
use crate::domain::{
    connection::CredentialId,
    connector::ConnectorId,
    session::{After, AlloyUserId, ClientReference, ExternalId},
    text::{
        self,
        lone_surrogates::{NUL, without_lone_surrogates},
    },
};

const LIFE: Duration = Duration::minutes(5);
/// Maximum difference between two clocks.
const LEEWAY: Duration = Duration::minutes(1);

/// Unique per issuer: 1 to 128 printable characters.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct TokenId(pub(crate) String);

impl TryFrom<String> for TokenId {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        if text::printable(&raw, 1, 128) { Ok(Self(raw)) } else { Err("no token id") }
    }
}

/// Other claims are ignored (RFC 7519 section 4). `iss` and `aud` are checked before.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    /// The issuer.
    pub iss: String,
    /// The host's id of its user.
    pub sub: ExternalId,
    /// Makes the token usable only once.
    pub jti: TokenId,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    /// The user's display name.
    #[serde(default, deserialize_with = "text_if_any")]
    pub name: Option<String>,
    /// Shown beside the name.
    #[serde(default, deserialize_with = "text_if_any")]
    pub email: Option<String>,
    /// Alloy's id of the user, if the host has one.
    pub alloy_user_id: Option<AlloyUserId>,
    /// The only apps that may be linked.
    #[serde(default)]
    pub connectors: Vec<ConnectorId>,
    /// The app to open at once.
    pub connector: Option<ConnectorId>,
    /// The connection to renew, one of `connector`.
    pub reconnect: Option<CredentialId>,
    /// What the pages do after a link.
    #[serde(default)]
    pub after: After,
    /// One of `host.return_urls`, exactly.
    pub return_url: Option<String>,
    /// The language, as a BCP 47 tag.
    #[serde(default, deserialize_with = "text_if_any")]
    pub locale: Option<String>,
    /// The host's own reference.
    pub client_reference: Option<ClientReference>,
}

/// The claims whose form is checked, for the log.
const CHECKED: &[&str] = &[
    "iss",
    "aud",
    "jti",
    "exp",
    "nbf",
    "iat",
    "alloy_user_id",
    "connectors",
    "connector",
    "reconnect",
    "after",
    "return_url",
    "client_reference",
];

/// Reads a value that is only shown. Returns `None` if it is no text.
fn text_if_any<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(reader)?;
    Ok(value.as_str().map(str::to_owned))
}

impl Refused {
    /// An unknown name is not logged, because it is text of the token.
    pub(super) fn of_claim(name: &str) -> Self {
        match CHECKED.iter().find(|claim| **claim == name) {
            Some(claim) => Self::Claim(claim),
            None if name == "sub" => Self::UserId,
            None => Self::Claims,
        }
    }
}

impl Claims {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Refused> {
        let payload = without_lone_surrogates(payload, NUL);
        let mut reader = serde_json::Deserializer::from_slice(&payload);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| match error.path().iter().next() {
            Some(Segment::Map { key }) => Refused::of_claim(key),
            _ => Refused::Claims,
        })
    }

    /// Checks the times: seconds since the Unix epoch, maybe with fractions (RFC 7519 section 2).
    pub(crate) fn check_times(&self, now: OffsetDateTime) -> Result<(), Refused> {
        let until = time_of(self.exp)?;
        if until + LEEWAY <= now {
            return Err(Refused::Expired);
        }
        for from in [self.nbf, self.iat].into_iter().flatten() {
            if time_of(from)? > now + LEEWAY {
                return Err(Refused::TooEarly);
            }
        }
        let made = self.iat.map(time_of).transpose()?.unwrap_or(now);
        if until > now + LIFE + LEEWAY || until - made > LIFE + LEEWAY {
            return Err(Refused::LivesTooLong);
        }
        Ok(())
    }
}

fn time_of(seconds: f64) -> Result<OffsetDateTime, Refused> {
    let plausible = (0.0..253_402_300_799.0).contains(&seconds);
    let whole = plausible.then_some(Duration::seconds_f64(if plausible { seconds } else { 0.0 }));
    whole.map(|since| OffsetDateTime::UNIX_EPOCH + since).ok_or(Refused::Claims)
}

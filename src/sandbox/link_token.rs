//! The token in an authorization URL: a JWT (RFC 7519) signed with HS256 that lives one hour. Who holds it can finish
//! the link, in any browser.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use time::OffsetDateTime;

/// How long a token lives, in seconds.
pub(super) const LIFETIME: i64 = 3600;

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What the token says: all that Alloy has to know when the browser comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    /// For whom.
    pub(super) user_id: String,
    /// Which app.
    pub(super) connector_id: String,
    /// In which way.
    pub(super) authentication_type: String,
    /// The redirect URI that it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<String>,
    /// The host's own OAuth app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_config_id: Option<String>,
    /// What the app wanted to know beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
    /// When it was made, in seconds since the epoch.
    pub(super) iat: i64,
    /// When it ends.
    pub(super) exp: i64,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was not made here, or was changed.
    Forged,
    /// Its hour is over.
    Expired,
}

/// The key that tokens are signed with.
pub(super) struct LinkKey(Hmac<Sha256>);

impl LinkKey {
    /// The key of these bytes; `None` never happens, because HMAC takes any length.
    pub(super) fn new(bytes: &[u8; 32]) -> Option<Self> {
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// Signs.
    pub(super) fn sign(&self, claims: &Claims) -> String {
        let payload = serde_json::to_vec(claims).unwrap_or_default();
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(payload));
        let tag = self.0.clone().chain_update(signed.as_bytes()).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Checks the signature and the time.
    pub(super) fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Claims, Refused> {
        let (signed, tag) = token.rsplit_once('.').ok_or(Refused::Forged)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| Refused::Forged)?;
        self.0.clone().chain_update(signed.as_bytes()).verify_slice(&tag).map_err(|_| Refused::Forged)?;
        let (_, payload) = signed.split_once('.').ok_or(Refused::Forged)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Refused::Forged)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| Refused::Forged)?;
        if now.unix_timestamp() < claims.exp { Ok(claims) } else { Err(Refused::Expired) }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn a_token_holds_for_its_hour_and_cannot_be_changed() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let claims = Claims {
            user_id: super::super::ledger::OWNER.to_owned(),
            connector_id: "slack".to_owned(),
            authentication_type: "oauth2".to_owned(),
            redirect_uri: None,
            auth_config_id: None,
            data: None,
            iat: now.unix_timestamp(),
            exp: now.unix_timestamp() + LIFETIME,
        };
        let key = LinkKey::new(&[1; 32]).unwrap();
        let token = key.sign(&claims);
        assert_eq!(URL_SAFE_NO_PAD.decode(HEADER).unwrap(), br#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(key.verify(&token, now + Duration::minutes(59)), Ok(claims));
        assert_eq!(key.verify(&token, now + Duration::minutes(60)), Err(Refused::Expired));
        assert_eq!(LinkKey::new(&[2; 32]).unwrap().verify(&token, now), Err(Refused::Forged));
        let (head, tag) = token.rsplit_once('.').unwrap();
        assert_eq!(key.verify(&format!("{head}A.{tag}"), now), Err(Refused::Forged));
        assert_eq!(key.verify("abc", now), Err(Refused::Forged));
    }
}

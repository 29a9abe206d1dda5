//! The token in an authorization URL: a JWT (RFC 7519), HS256, valid for one hour, in any browser.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use time::OffsetDateTime;

/// Lifetime of a token, in seconds.
pub(super) const LIFETIME: i64 = 3600;

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub(super) user_id: String,
    pub(super) connector_id: String,
    pub(super) authentication_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<String>,
    /// OAuth app of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_config_id: Option<String>,
    /// Values of the connector's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
    pub(super) iat: i64,
    pub(super) exp: i64,
}

/// A link with a verified token.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) claims: Claims,
    /// The redirect URI of the link, which the token need not name.
    pub(super) redirect_uri: Option<String>,
}

/// Reason to refuse a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenError {
    Forged,
    Expired,
}

/// The key that tokens are signed with.
pub(super) struct LinkKey(Hmac<Sha256>);

impl LinkKey {
    /// Never `None`: HMAC takes keys of any length.
    pub(super) fn new(bytes: &[u8; 32]) -> Option<Self> {
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    pub(super) fn sign(&self, claims: &Claims) -> String {
        let payload = serde_json::to_vec(claims).unwrap_or_default();
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(payload));
        let tag = self.0.clone().chain_update(signed.as_bytes()).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Verifies signature and expiry.
    pub(super) fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Claims, TokenError> {
        let (signed, tag) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| TokenError::Forged)?;
        self.0.clone().chain_update(signed.as_bytes()).verify_slice(&tag).map_err(|_| TokenError::Forged)?;
        let (_, payload) = signed.split_once('.').ok_or(TokenError::Forged)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| TokenError::Forged)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenError::Forged)?;
        if now.unix_timestamp() < claims.exp { Ok(claims) } else { Err(TokenError::Expired) }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn token_expires_after_an_hour_and_is_tamper_proof() {
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
        assert_eq!(key.verify(&token, now + Duration::minutes(60)), Err(TokenError::Expired));
        assert_eq!(LinkKey::new(&[2; 32]).unwrap().verify(&token, now), Err(TokenError::Forged));
        let (head, tag) = token.rsplit_once('.').unwrap();
        assert_eq!(key.verify(&format!("{head}A.{tag}"), now), Err(TokenError::Forged));
        assert_eq!(key.verify("abc", now), Err(TokenError::Forged));
    }
}

//! The host's signer of tokens: keys, claims, and the request that submits a token.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gangway::domain::clock::{Clock as _, SystemClock};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header, encode,
    jwk::{Jwk, PublicKeyUse},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, SignatureAlgorithm};
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Page,
};

pub(crate) const ISSUER: &str = "https://app.acme.test";
/// The addresses of our own port differ, so the tokens of these tests are for that one.
pub(crate) const AUDIENCE: &str = "http://connect.localhost";

/// So many tokens were made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// What the host signs with.
pub(crate) struct Signer {
    algorithm: Algorithm,
    pair: KeyPair,
}

impl Signer {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let kind: &SignatureAlgorithm = match algorithm {
            Algorithm::RS256 => &PKCS_RSA_SHA256,
            Algorithm::ES256 => &PKCS_ECDSA_P256_SHA256,
            _ => &PKCS_ED25519,
        };
        Self { algorithm, pair: KeyPair::generate_for(kind).unwrap() }
    }

    pub(crate) fn public(&self) -> String {
        self.pair.public_key_pem()
    }

    fn secret(&self) -> EncodingKey {
        let pem = self.pair.serialize_pem();
        match self.algorithm {
            Algorithm::RS256 => EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
            Algorithm::ES256 => EncodingKey::from_ec_pem(pem.as_bytes()).unwrap(),
            _ => EncodingKey::from_ed_pem(pem.as_bytes()).unwrap(),
        }
    }

    /// The public key as a JWK of that id.
    pub(crate) fn jwk(&self, id: &str) -> Value {
        if self.algorithm == Algorithm::EdDSA {
            let x = URL_SAFE_NO_PAD.encode(self.pair.public_key_raw());
            return json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "use": "sig" });
        }
        let mut jwk = Jwk::from_encoding_key(&self.secret(), self.algorithm).unwrap();
        jwk.common.key_id = Some(id.to_owned());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        serde_json::to_value(jwk).unwrap()
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_with(&Header::new(self.algorithm), claims)
    }

    pub(crate) fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.secret()).unwrap()
    }

    /// Signs this text of the claims, which may be JSON that no serializer writes.
    pub(crate) fn sign_text(&self, claims: &str) -> String {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let header = serde_json::to_string(&Header::new(self.algorithm)).unwrap();
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &self.secret(), self.algorithm).unwrap();
        format!("{signed}.{signature}")
    }

    pub(crate) fn sign_as(&self, id: &str, claims: &Value) -> String {
        self.sign_with(&Header { kid: Some(id.to_owned()), ..Header::new(self.algorithm) }, claims)
    }
}

/// What Jane's token says, changed so.
pub(crate) fn claims(more: &Value) -> Value {
    let now = SystemClock.now().unix_timestamp();
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "jane", "iat": now, "exp": now + 120,
        "jti": format!("token {}", MADE.fetch_add(1, Ordering::SeqCst)), "name": "Jane Doe", "email": "jane@acme.test",
    });
    for (key, value) in more.as_object().unwrap() {
        claims[key] = value.clone();
    }
    claims
}

/// A press on the host's own page, in a browser that has never been here.
pub(crate) async fn posted(app: &TestApp, token: &str) -> Page {
    app.browser().post_from(HOST_ORIGIN, "/start", &[("token", token)]).await
}

pub(crate) fn was_let_in(page: &Page) -> bool {
    page.status == 303 && page.set_cookies().len() == 1
}

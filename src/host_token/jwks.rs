//! The host's keys at an address of its own (RFC 7517): fetched when a token comes, kept, and used on while the address
//! does not answer.

use std::{sync::Arc, time::Duration as StdDuration};

use reqwest::Client;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;
use url::Url;

use super::{Refused, keys::Key};
use crate::{
    clock::SharedClock,
    outgoing::{NoBody, body_of, client},
};

/// After this the keys are asked for again, so that one that was taken away stops working.
const FRESH: Duration = Duration::minutes(10);
/// A key that is not among them makes us ask again, no more often than this: whoever makes up key ids causes no flood.
const ANEW: Duration = Duration::seconds(30);
/// While the address does not answer, it is asked no more often than this; where keys are known, nobody has to wait for
/// it more often than that.
const AFTER_FAILURE: Duration = Duration::seconds(5);
const AFTER_FAILURE_WITH_KEYS: Duration = Duration::minutes(1);
/// So long keys are used on that could not be asked for again.
const LONGEST: Duration = Duration::hours(24);
/// The largest answer, in bytes.
const LARGEST: usize = 64 * 1024;
/// How long the address may take.
const PATIENCE: StdDuration = StdDuration::from_secs(4);

/// The keys of one address.
pub(super) struct KeySet {
    http: Client,
    url: Url,
    clock: SharedClock,
    /// Who fetches holds this; all others wait for what comes of it.
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: Option<Arc<Vec<Key>>>,
    fetched_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
}

impl Kept {
    /// Whether that was less than so long ago; a clock that was put back makes it neither younger nor stuck.
    fn within(at: Option<OffsetDateTime>, span: Duration, now: OffsetDateTime) -> bool {
        at.is_some_and(|at| (now - at).abs() < span)
    }
}

impl KeySet {
    pub(super) fn new(url: Url, clock: SharedClock) -> Result<Self, reqwest::Error> {
        let http = client().timeout(PATIENCE).build()?;
        Ok(Self { http, url, clock, kept: Mutex::default() })
    }

    /// The keys; fetched anew if they are not fresh, or if what is wanted is not among them.
    pub(super) async fn keys(&self, has_wanted: impl Fn(&[Key]) -> bool) -> Result<Arc<Vec<Key>>, Refused> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        let known = kept.keys.as_deref().is_some_and(|keys| has_wanted(keys));
        let fresh = Kept::within(kept.fetched_at, if known { FRESH } else { ANEW }, now);
        let pause = if known { AFTER_FAILURE_WITH_KEYS } else { AFTER_FAILURE };
        if !fresh && !Kept::within(kept.failed_at, pause, now) {
            match self.fetch().await {
                Ok(keys) => *kept = Kept { keys: Some(Arc::new(keys)), fetched_at: Some(now), failed_at: None },
                Err(error) => {
                    tracing::warn!(error, "host.token_jwks_url could not be read; the keys from before are used on");
                    kept.failed_at = Some(now);
                }
            }
        }
        let usable = Kept::within(kept.fetched_at, LONGEST, now);
        kept.keys.clone().filter(|_| usable).ok_or(Refused::NoKeys)
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        let told = |error: reqwest::Error| error.without_url().to_string();
        let response = self.http.get(self.url.clone()).send().await.map_err(told)?;
        if response.status() != 200 {
            return Err(format!("it answered {}", response.status().as_u16()));
        }
        let body = body_of(response, LARGEST).await.map_err(|error| match error {
            NoBody::TooLarge => "its answer is too large".to_owned(),
            NoBody::BrokeOff(error) => told(error),
        })?;
        // An answer without any key is as good as none: it would lock every user out.
        Key::of_set(&body).filter(|keys| !keys.is_empty()).ok_or_else(|| "it has no keys that can be used".to_owned())
    }
}

//! HTTP client for Alloy: one connection pool, and the rules that hold for every call.
use std::{sync::Arc, time::Duration};

use reqwest::{
    Client, Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::Serialize;
use tokio::{sync::SemaphorePermit, time::Instant};
use url::Url;

use super::{
    AlloyError, LinkRules, Patience, Unusable,
    call::{Acting, Call, LARGEST, LARGEST_CATALOGUE, call_name, outcome},
    credential_list::{Body, Cap, LARGEST_LIST, LongBodies},
    key_alarm::KeyAlarm,
    lone_surrogates::without_lone_surrogates,
    request_deadline,
    resilience::{
        breaker::Breaker,
        retry::Repetitions,
        slots::{Share, Slots},
        slowdown::Slowdown,
    },
    response::Answer,
    transport::{bearer, body_of, http},
};
use crate::{
    config,
    domain::{clock::SharedEntropy, session::AlloyUserId},
    runtime::{metrics::UpstreamCalls, net::http_time},
};

/// Jitter after a shared wait.
const SPREAD: Duration = Duration::from_millis(200);

/// Calls Alloy. A clone is the same client: the same connections, and one knowledge of how Alloy is.
#[derive(Debug, Clone)]
pub struct AlloyClient {
    shared: Arc<Shared>,
    share: Share,
}

#[derive(Debug)]
struct Shared {
    http: Client,
    base: Url,
    authorization: HeaderValue,
    version: HeaderValue,
    links: LinkRules,
    patience: Patience,
    slots: Slots,
    long_bodies: LongBodies,
    breaker: Breaker,
    slowdown: Slowdown,
    repetitions: Repetitions,
    key_alarm: KeyAlarm,
    calls: UpstreamCalls,
}

impl AlloyClient {
    /// A client for these settings. It opens no connection yet.
    ///
    /// # Errors
    /// When a setting cannot be used, or TLS cannot be set up.
    pub fn new(
        alloy: &config::Alloy,
        links: LinkRules,
        patience: Patience,
        entropy: SharedEntropy,
    ) -> Result<Self, Unusable> {
        if alloy.base_url.cannot_be_a_base() {
            return Err(Unusable::BaseUrl);
        }
        let shared = Shared {
            http: http(patience).build().map_err(Unusable::Tls)?,
            base: alloy.base_url.clone(),
            authorization: bearer(&alloy.api_key)?,
            version: HeaderValue::from_str(&alloy.api_version).map_err(|_| Unusable::ApiVersion)?,
            links,
            patience,
            slots: Slots::new(),
            long_bodies: LongBodies::default(),
            breaker: Breaker::default(),
            slowdown: Slowdown::default(),
            repetitions: Repetitions::new(entropy),
            key_alarm: KeyAlarm::default(),
            calls: UpstreamCalls::default(),
        };
        Ok(Self { shared: Arc::new(shared), share: Share::Pages })
    }

    /// The same client for background work, with a few slots of its own.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), share: Share::Background }
    }

    /// Until when whatever takes that long may go on: not beyond the time of the page for which it is.
    pub fn until(&self, longest: Duration) -> Instant {
        request_deadline::until(longest)
    }

    /// Runs the work of one page: however many calls it makes, together they take no longer than one may.
    pub async fn in_time<F: Future>(&self, page: F) -> F::Output {
        self.within(self.shared.patience.total, page).await
    }

    /// Runs a part of it that is not worth more than that time.
    pub async fn within<F: Future>(&self, longest: Duration, part: F) -> F::Output {
        request_deadline::within(longest, part).await
    }

    /// What its calls came to.
    pub fn calls(&self) -> &UpstreamCalls {
        &self.shared.calls
    }

    /// Whether calls fail at once, because Alloy is down.
    pub fn is_down(&self) -> bool {
        self.shared.breaker.is_down()
    }

    /// Whether Alloy refuses our key.
    pub fn key_is_refused(&self) -> bool {
        self.shared.key_alarm.is_refused()
    }

    pub(super) fn links(&self) -> &LinkRules {
        &self.shared.links
    }

    pub(super) async fn get(&self, path: &[&str], acting: Acting<'_>) -> Result<Answer, AlloyError> {
        self.call(Call::new(Method::GET, path, acting)).await
    }

    pub(super) async fn get_large(&self, path: &[&str]) -> Result<Answer, AlloyError> {
        let call = Call::new(Method::GET, path, Acting::Account);
        self.call(Call { largest: LARGEST_CATALOGUE, ..call }).await
    }

    /// A list of one user's credentials; with `cut`, the beginning of one that is too large.
    pub(super) async fn get_list(&self, path: &[&str], user: &AlloyUserId, cut: bool) -> Result<Answer, AlloyError> {
        self.call(Call { largest: LARGEST_LIST, cut, ..Call::new(Method::GET, path, Acting::User(user)) }).await
    }

    /// `repeatable`: whether it does no harm if Alloy gets it twice.
    pub(super) async fn post(
        &self,
        path: &[&str],
        acting: Acting<'_>,
        body: &impl Serialize,
        repeatable: bool,
    ) -> Result<Answer, AlloyError> {
        self.call(Call { repeatable, ..Call::new(Method::POST, path, acting).with(body)? }).await
    }

    /// A call that Alloy passes on to a provider, made once. Its failures say nothing of Alloy.
    pub(super) async fn post_on(
        &self,
        path: &[&str],
        acting: Acting<'_>,
        body: &impl Serialize,
    ) -> Result<Answer, AlloyError> {
        self.call(Call { passed_on: true, ..Call::new(Method::POST, path, acting).with(body)? }).await
    }

    /// A deletion may be repeated: what is gone stays gone.
    pub(super) async fn delete(&self, path: &[&str], acting: Acting<'_>) -> Result<Answer, AlloyError> {
        self.call(Call::new(Method::DELETE, path, acting)).await
    }

    /// Makes the call, and again if it may be repeated and that promises something.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, AlloyError> {
        let shared = &*self.shared;
        let until = request_deadline::until(shared.patience.total);
        shared.repetitions.count_call();
        let mut made = 1;
        loop {
            let slot = self.slot(until).await?;
            let began = Instant::now();
            let answer = shared.send(&call, self.share, until).await;
            drop(slot);
            shared.calls.record(call_name(&call.method, call.path), outcome(&answer), began.elapsed());
            shared.learn(&answer, call.passed_on);
            let Err(error) = answer else { return answer };
            let again = call.repeatable && !shared.breaker.is_shut(Instant::now());
            let pause = || shared.repetitions.pause(made, &error, until, shared.patience);
            let Some(pause) = again.then(pause).flatten() else {
                if matches!(error, AlloyError::Unavailable { .. }) && !call.passed_on {
                    shared.breaker.failed(Instant::now());
                }
                return Err(error);
            };
            tokio::time::sleep(pause).await;
            made += 1;
        }
    }

    /// Room for one call, as soon as one may be made.
    async fn slot(&self, until: Instant) -> Result<SemaphorePermit<'_>, AlloyError> {
        let (shared, down) = (&*self.shared, || AlloyError::not_sent("it failed too often just now"));
        shared.slowdown.over(until, shared.repetitions.spread(SPREAD)).await?;
        if shared.breaker.is_shut(Instant::now()) {
            return Err(down());
        }
        let slot = shared.slots.take(self.share, until).await?;
        // Those that waited together learn of an outage together.
        if shared.breaker.lets_through(Instant::now()) { Ok(slot) } else { Err(down()) }
    }
}

impl Shared {
    async fn send(&self, call: &Call<'_>, share: Share, until: Instant) -> Result<Answer, AlloyError> {
        let mut request = self
            .http
            .request(call.method.clone(), self.address(call.path))
            .timeout(until - Instant::now())
            .header(AUTHORIZATION, self.authorization.clone())
            .header("x-api-version", self.version.clone());
        if let Acting::User(user) = call.acting {
            request = request.header("x-alloy-userid", user.as_str());
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(AlloyError::of_transport)?;
        let status = response.status();
        let answered_at = http_time::answered_at(response.headers());
        let retry_after = http_time::retry_after(response.headers());
        if status.is_success() {
            let cap = Cap { usual: LARGEST, largest: call.largest, cut: call.cut, until };
            let Body { bytes, whole, permit } = self.long_bodies.read(response, share, cap).await?;
            return Ok(Answer { body: without_lone_surrogates(bytes), whole, answered_at, _permit: permit });
        }
        let body = body_of(response, LARGEST).await.unwrap_or_default();
        let meaning = if call.passed_on { AlloyError::of_passed_on } else { AlloyError::of };
        Err(meaning(status.as_u16(), &body, retry_after))
    }

    /// What one answer says about Alloy, for all calls after it.
    fn learn(&self, answer: &Result<Answer, AlloyError>, passed_on: bool) {
        match answer {
            Err(AlloyError::Unavailable { .. }) => return,
            Err(AlloyError::RateLimited { .. }) if passed_on => {}
            Err(AlloyError::RateLimited { retry_after }) => self.slowdown.asked(*retry_after, Instant::now()),
            Err(AlloyError::KeyRefused(status)) => self.key_alarm.refused(*status, Instant::now()),
            Ok(_) => self.key_alarm.accepted(),
            Err(_) => {}
        }
        self.breaker.answered();
    }

    /// The address of a call: every part is one path segment, whatever it holds.
    fn address(&self, path: &[&str]) -> Url {
        let mut address = self.base.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        address
    }
}

#[cfg(test)]
pub(crate) mod tests;

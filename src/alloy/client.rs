//! HTTP client for Alloy: one connection pool, and the rules that hold for every call.
use std::{borrow::Cow, sync::Arc, time::Duration};

use reqwest::{
    Client, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use secrecy::SecretString;
use tokio::{sync::SemaphorePermit, time::Instant};
use url::Url;

use super::{
    AlloyError, LinkRules, SetupError, Timeouts,
    call::{ActAs, Call, MAX_BODY, call_name, outcome},
    credential_list::{BodyLimit, ListBody, LongBodies},
    key_alarm::KeyAlarm,
    request_deadline::{deadline, with_deadline},
    resilience::{
        breaker::CircuitBreaker,
        rate_limit_pause::RateLimitPause,
        retry::RetryPolicy,
        slots::{Pool, Slots},
    },
    response::AlloyResponse,
    transport::{bearer, body_of, http},
};
use crate::{
    domain::{
        clock::SharedEntropy,
        text::lone_surrogates::{REPLACEMENT, without_lone_surrogates},
    },
    runtime::{metrics::UpstreamCalls, net::http_time},
};

const JITTER: Duration = Duration::from_millis(200);

/// Clones share connections, limits and the circuit breaker.
#[derive(Clone)]
pub struct AlloyClient {
    shared: Arc<Shared>,
    pool: Pool,
}

/// The Alloy account.
#[derive(Debug, Clone)]
pub struct ApiAccess {
    /// `https://production.runalloy.com`, or a sandbox.
    pub base_url: Url,
    /// The API key.
    pub api_key: SecretString,
    /// `x-api-version`, such as 2025-09.
    pub api_version: String,
}

struct Shared {
    http: Client,
    base: Url,
    authorization: HeaderValue,
    version: HeaderValue,
    links: LinkRules,
    timeouts: Timeouts,
    slots: Slots,
    long_bodies: LongBodies,
    breaker: CircuitBreaker,
    rate_limit_pause: RateLimitPause,
    retries: RetryPolicy,
    key_alarm: KeyAlarm,
    calls: UpstreamCalls,
}

impl AlloyClient {
    /// Opens no connection yet. Returns an error for an unusable setting, or if TLS cannot be set up.
    pub fn new(
        access: &ApiAccess,
        links: LinkRules,
        timeouts: Timeouts,
        entropy: SharedEntropy,
    ) -> Result<Self, SetupError> {
        if access.base_url.cannot_be_a_base() {
            return Err(SetupError::BaseUrl);
        }
        let shared = Shared {
            http: http(timeouts).build().map_err(SetupError::Tls)?,
            base: access.base_url.clone(),
            authorization: bearer(&access.api_key)?,
            version: HeaderValue::from_str(&access.api_version).map_err(|_| SetupError::ApiVersion)?,
            links,
            timeouts,
            slots: Slots::new(),
            long_bodies: LongBodies::default(),
            breaker: CircuitBreaker::default(),
            rate_limit_pause: RateLimitPause::default(),
            retries: RetryPolicy::new(entropy),
            key_alarm: KeyAlarm::default(),
            calls: UpstreamCalls::default(),
        };
        Ok(Self { shared: Arc::new(shared), pool: Pool::Pages })
    }

    #[must_use]
    pub(crate) fn in_background(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), pool: Pool::Background }
    }

    /// All calls of the request together take no longer than one call may.
    pub(crate) async fn with_request_deadline<F: Future>(&self, request: F) -> F::Output {
        with_deadline(self.shared.timeouts.total, request).await
    }

    pub(crate) fn calls(&self) -> &UpstreamCalls {
        &self.shared.calls
    }

    pub(crate) fn is_down(&self) -> bool {
        self.shared.breaker.is_down()
    }

    pub(crate) fn key_is_refused(&self) -> bool {
        self.shared.key_alarm.is_refused()
    }

    pub(super) fn links(&self) -> &LinkRules {
        &self.shared.links
    }

    pub(super) async fn call(&self, call: Call<'_>) -> Result<AlloyResponse, AlloyError> {
        let shared = &*self.shared;
        let deadline = deadline(shared.timeouts.total);
        shared.retries.count_call();
        let mut calls = 1;
        loop {
            let slot = self.slot(deadline).await?;
            let began = Instant::now();
            let answer = shared.send(&call, self.pool, deadline).await;
            drop(slot);
            shared.calls.record(call_name(&call.method, call.path), outcome(&answer), began.elapsed());
            shared.record(&answer, call.proxied);
            let Err(error) = answer else { return answer };
            let may_retry = call.idempotent && !shared.breaker.is_open(Instant::now());
            let delay = || shared.retries.delay(calls, &error, deadline, shared.timeouts);
            let Some(delay) = may_retry.then(delay).flatten() else {
                if matches!(error, AlloyError::Unavailable { .. }) && !call.proxied {
                    shared.breaker.record_failure(Instant::now());
                }
                return Err(error);
            };
            tokio::time::sleep(delay).await;
            calls += 1;
        }
    }

    async fn slot(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, AlloyError> {
        let (shared, down) = (&*self.shared, || AlloyError::not_sent("it failed too often just now"));
        shared.rate_limit_pause.wait(deadline, shared.retries.jitter(JITTER)).await?;
        if shared.breaker.is_open(Instant::now()) {
            return Err(down());
        }
        let slot = shared.slots.take(self.pool, deadline).await?;
        // The breaker may have opened during the wait.
        if shared.breaker.permit_call(Instant::now()) { Ok(slot) } else { Err(down()) }
    }
}

impl Shared {
    async fn send(&self, call: &Call<'_>, pool: Pool, deadline: Instant) -> Result<AlloyResponse, AlloyError> {
        let mut request = self
            .http
            .request(call.method.clone(), self.url(call.path))
            .timeout(deadline - Instant::now())
            .header(AUTHORIZATION, self.authorization.clone())
            .header("x-api-version", self.version.clone());
        if let ActAs::User(user) = call.act_as {
            request = request.header("x-alloy-userid", user.as_str());
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(AlloyError::from_transport)?;
        let status = response.status();
        let answered_at = http_time::answered_at(response.headers());
        let retry_after = http_time::retry_after(response.headers());
        if status.is_success() {
            let limit = BodyLimit { usual: MAX_BODY, max: call.max_body, truncate: call.truncate, deadline };
            let ListBody { bytes, whole, permit } = self.long_bodies.read(response, pool, limit).await?;
            let body = match without_lone_surrogates(&bytes, REPLACEMENT) {
                Cow::Borrowed(_) => bytes,
                Cow::Owned(mended) => mended.into(),
            };
            return Ok(AlloyResponse { body, whole, answered_at, _permit: permit });
        }
        if status == StatusCode::NOT_FOUND && call.is_of_collection() {
            return Err(AlloyError::NotServed);
        }
        let body = body_of(response, MAX_BODY).await.unwrap_or_default();
        let meaning = if call.proxied { AlloyError::from_proxied_response } else { AlloyError::from_response };
        Err(meaning(status.as_u16(), &body, retry_after))
    }

    fn record(&self, answer: &Result<AlloyResponse, AlloyError>, proxied: bool) {
        match answer {
            Err(AlloyError::Unavailable { .. }) => return,
            Err(AlloyError::RateLimited { .. }) if proxied => {}
            Err(AlloyError::RateLimited { retry_after }) => self.rate_limit_pause.begin(*retry_after, Instant::now()),
            Err(AlloyError::KeyRefused(status)) => self.key_alarm.refused(*status, Instant::now()),
            Ok(_) => self.key_alarm.accepted(),
            Err(_) => {}
        }
        self.breaker.record_success();
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

#[cfg(test)]
pub(crate) mod tests;

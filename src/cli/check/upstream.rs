//! Asking Alloy: whether it answers, knows the key and the version, and agrees on the time.

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use reqwest::{Client, Method, StatusCode, header};
use secrecy::ExposeSecret as _;
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{alloy::API_VERSION, catalogue};
use crate::{
    config::{Finding, Settings, redact, safety::ALLOY_KEY_PLACEHOLDER},
    domain::clock::Clock,
    runtime::net::{self, NoBody, body_of},
};

const PRODUCTION: &str = "https://production.runalloy.com";
/// A catalogue may be as large as this; anything longer is not read.
const LARGEST: usize = 4 * 1024 * 1024;
/// How far two clocks may be apart.
const LEEWAY: time::Duration = time::Duration::seconds(60);

pub(crate) async fn judge(settings: &Settings, clock: &dyn Clock, found: &mut Vec<Finding>) {
    let Some(client) = client() else { return };
    let asked = Asked { client, settings };
    match asked.ask(Method::GET, "connectors").await {
        Err(cause) => found.push(unreachable(settings, &cause)),
        Ok(answer) => {
            found.extend(answer.date.and_then(|date| judge_clock(date, clock.now())));
            judge_answer(&asked, &answer, found).await;
        }
    }
}

/// A client with little patience: somebody waits in front of a terminal.
pub(crate) fn client() -> Option<Client> {
    net::client().connect_timeout(Duration::from_secs(5)).timeout(Duration::from_secs(10)).build().ok()
}

/// Calls to Alloy with the settings' key.
pub(crate) struct Asked<'a> {
    client: Client,
    pub(crate) settings: &'a Settings,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    html: bool,
    date: Option<OffsetDateTime>,
    location: Option<String>,
}

impl Asked<'_> {
    /// One call. The error is a sentence without addresses.
    pub(crate) async fn ask(&self, method: Method, path: &str) -> Result<Answer, String> {
        let alloy = &self.settings.alloy;
        let address = format!("{}/{path}", alloy.base_url.as_str().trim_end_matches('/'));
        let mut request = self
            .client
            .request(method.clone(), address)
            .bearer_auth(alloy.api_key.expose_secret())
            .header("x-api-version", &alloy.api_version);
        if method == Method::POST {
            // Nothing can be made of this: the one documented call wants a user and a type.
            request = request.json(&json!({}));
        }
        let response = request.send().await.map_err(told)?;
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let mut answer = Answer {
            status: response.status(),
            body: Bytes::new(),
            html: text(header::CONTENT_TYPE).is_some_and(|kind| kind.contains("html")),
            date: text(header::DATE).and_then(|date| OffsetDateTime::parse(&date, &Rfc2822).ok()),
            location: text(header::LOCATION),
        };
        answer.body = body_of(response, LARGEST).await.map_err(|error| match error {
            NoBody::TooLarge => "its answer does not end".to_owned(),
            NoBody::BrokeOff(error) => told(error),
        })?;
        Ok(answer)
    }
}

pub(crate) fn told(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer within ten seconds".to_owned();
    }
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}

async fn judge_answer(asked: &Asked<'_>, answer: &Answer, found: &mut Vec<Finding>) {
    match answer.status.as_u16() {
        200 => catalogue::judge(asked, &answer.body, found).await,
        401 | 403 => found.push(refused_key(asked.settings, answer.status)),
        404 => judge_absence(asked, found).await,
        300..=399 => found.push(elsewhere(asked.settings, answer)),
        status => found.push(troubled(asked.settings, status)),
    }
}

/// 404 to the catalogue: the version is refused, this is not Alloy, or there is no catalogue. The one documented call
/// tells.
async fn judge_absence(asked: &Asked<'_>, found: &mut Vec<Finding>) {
    let settings = asked.settings;
    let app = settings.connectors.allowed.first().map_or("slack", String::as_str);
    match asked.ask(Method::POST, &format!("connectors/{app}/credentials")).await {
        Err(cause) => found.push(unreachable(settings, &cause)),
        Ok(answer) => match answer.status.as_u16() {
            401 | 403 => found.push(refused_key(settings, answer.status)),
            404 if answer.html && settings.alloy.api_version != API_VERSION => {
                let meaning = "Alloy refuses this version (404 to every call)";
                let seen = format!("{:?}", settings.alloy.api_version);
                found.push(Finding::error("alloy.api_version", seen, meaning).write(API_VERSION));
            }
            404 if answer.html => found.push(stranger(settings)),
            500..=599 => found.push(troubled(settings, answer.status.as_u16())),
            _ => catalogue::judge_missing(settings, found),
        },
    }
}

fn judge_clock(theirs: OffsetDateTime, ours: OffsetDateTime) -> Option<Finding> {
    let apart = ours - theirs;
    (apart.abs() > LEEWAY).then(|| {
        let direction = if apart.is_positive() { "ahead of" } else { "behind" };
        let seen = format!("{} seconds {direction} Alloy's", apart.whole_seconds().abs());
        let meaning = "new credentials are told from old ones by their time, so that links may never be confirmed";
        Finding::error("this machine's clock", seen, meaning).run("timedatectl set-ntp true")
    })
}

fn base(settings: &Settings, meaning: String) -> Finding {
    let url = &settings.alloy.base_url;
    let finding = Finding::error("alloy.base_url", redact::url(url), meaning);
    if url.as_str().trim_end_matches('/') == PRODUCTION { finding } else { finding.write(PRODUCTION) }
}

fn unreachable(settings: &Settings, cause: &str) -> Finding {
    base(settings, format!("it does not answer: {cause}"))
}

pub(crate) fn stranger(settings: &Settings) -> Finding {
    base(settings, "something answers there, and it is not Alloy's API".to_owned())
}

fn elsewhere(settings: &Settings, answer: &Answer) -> Finding {
    let to = answer.location.as_deref().map_or_else(String::new, |to| format!(" to {}", redact::text(to)));
    base(settings, format!("it redirects{to}; the key is sent to the address that you name only"))
}

fn refused_key(settings: &Settings, status: StatusCode) -> Finding {
    let meaning = format!(
        "Alloy refuses this key ({}): copy it again from Alloy's dashboard; one that was replaced works no more",
        status.as_u16()
    );
    Finding::error("alloy.api_key", redact::secret(&settings.alloy.api_key), meaning).write(ALLOY_KEY_PLACEHOLDER)
}

fn troubled(settings: &Settings, status: u16) -> Finding {
    let meaning = match status {
        429 => "Alloy has had too many calls just now (429); try again in a minute".to_owned(),
        500..=599 => format!("Alloy is in trouble just now ({status}); try again later"),
        _ => format!("an answer that Alloy does not document ({status})"),
    };
    Finding::warning("alloy.base_url", redact::url(&settings.alloy.base_url), meaning)
}

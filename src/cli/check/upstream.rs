//! Checks Alloy: whether it answers, accepts the key and the version, and agrees on the time.

use reqwest::StatusCode;
use time::OffsetDateTime;

use super::{alloy::API_VERSION, catalogue};
use crate::{
    alloy::probe::{AlloyProbe, ProbeResponse},
    config::{Finding, Settings, redact, safety::ALLOY_KEY_PLACEHOLDER},
    domain::clock::Clock,
};

const PRODUCTION: &str = "https://production.runalloy.com";
/// Maximum difference of the two clocks.
const LEEWAY: time::Duration = time::Duration::seconds(60);

pub(crate) async fn check(settings: &Settings, clock: &dyn Clock, found: &mut Vec<Finding>) {
    let alloy = &settings.alloy;
    let Some(probe) = AlloyProbe::new(&alloy.base_url, &alloy.api_key, &alloy.api_version) else { return };
    match probe.list_connectors().await {
        Err(cause) => found.push(unreachable(settings, &cause)),
        Ok(response) => {
            found.extend(response.date.and_then(|date| check_clock(date, clock.now())));
            check_catalogue(settings, &probe, &response, found).await;
        }
    }
}

async fn check_catalogue(
    settings: &Settings,
    probe: &AlloyProbe<'_>,
    response: &ProbeResponse,
    found: &mut Vec<Finding>,
) {
    match response.status.as_u16() {
        200 => match response.connector_ids() {
            Some(known) => catalogue::check(settings, probe, &known, found).await,
            None => found.push(not_alloy(settings)),
        },
        401 | 403 => found.push(refused_key(settings, response.status)),
        404 => check_without_catalogue(settings, probe, found).await,
        300..=399 => found.push(redirected(settings, response)),
        status => found.push(unexpected_status(settings, status)),
    }
}

/// A 404 of the catalogue means a refused version, another server than Alloy, or an Alloy without a catalogue. The
/// response of the one documented call distinguishes them.
async fn check_without_catalogue(settings: &Settings, probe: &AlloyProbe<'_>, found: &mut Vec<Finding>) {
    let connector = settings.connectors.allowed.first().map_or("slack", String::as_str);
    match probe.post_empty_credential(connector).await {
        Err(cause) => found.push(unreachable(settings, &cause)),
        Ok(response) => match response.status.as_u16() {
            401 | 403 => found.push(refused_key(settings, response.status)),
            404 if response.is_html && settings.alloy.api_version != API_VERSION => {
                let meaning = "Alloy refuses this version (404 to every call)";
                let current = format!("{:?}", settings.alloy.api_version);
                found.push(Finding::error("alloy.api_version", current, meaning).write(API_VERSION));
            }
            404 if response.is_html => found.push(not_alloy(settings)),
            500..=599 => found.push(unexpected_status(settings, response.status.as_u16())),
            _ => catalogue::check_missing(settings, found),
        },
    }
}

fn check_clock(theirs: OffsetDateTime, ours: OffsetDateTime) -> Option<Finding> {
    let apart = ours - theirs;
    (apart.abs() > LEEWAY).then(|| {
        let direction = if apart.is_positive() { "ahead of" } else { "behind" };
        let current = format!("{} seconds {direction} Alloy's", apart.whole_seconds().abs());
        let meaning = "new credentials are told from old ones by their time, so that links may never be confirmed";
        Finding::error("this machine's clock", current, meaning).run("timedatectl set-ntp true")
    })
}

fn base_url(settings: &Settings, meaning: String) -> Finding {
    let url = &settings.alloy.base_url;
    let finding = Finding::error("alloy.base_url", redact::url(url), meaning);
    if url.as_str().trim_end_matches('/') == PRODUCTION { finding } else { finding.write(PRODUCTION) }
}

fn unreachable(settings: &Settings, cause: &str) -> Finding {
    base_url(settings, format!("it does not answer: {cause}"))
}

fn not_alloy(settings: &Settings) -> Finding {
    base_url(settings, "something answers there, and it is not Alloy's API".to_owned())
}

fn redirected(settings: &Settings, response: &ProbeResponse) -> Finding {
    let to = response.location.as_deref().map_or_else(String::new, |to| format!(" to {}", redact::text(to)));
    base_url(settings, format!("it redirects{to}; the key is sent to the address that you name only"))
}

fn refused_key(settings: &Settings, status: StatusCode) -> Finding {
    let meaning = format!(
        "Alloy refuses this key ({}): copy it again from Alloy's dashboard; one that was replaced works no more",
        status.as_u16()
    );
    Finding::error("alloy.api_key", redact::secret(&settings.alloy.api_key), meaning).write(ALLOY_KEY_PLACEHOLDER)
}

fn unexpected_status(settings: &Settings, status: u16) -> Finding {
    let meaning = match status {
        429 => "Alloy has had too many calls just now (429); try again in a minute".to_owned(),
        500..=599 => format!("Alloy is in trouble just now ({status}); try again later"),
        _ => format!("an answer that Alloy does not document ({status})"),
    };
    Finding::warning("alloy.base_url", redact::url(&settings.alloy.base_url), meaning)
}

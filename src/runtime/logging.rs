//! Logging setup. Libraries are capped at `warn`. The filter is global: a layer's filter caches its decision per
//! thread, so that a library that only queries whether it may log (`tracing::enabled!`, as in sqlx) would suppress our
//! next event.

use std::panic::{self, PanicHookInfo};

use serde::Deserialize;
use thiserror::Error;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Format of the log lines, as `telemetry.format` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// Why logging cannot be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// `telemetry.log` is not a filter.
    #[error("telemetry.log is no filter such as info or gangway=debug: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was set up before in this process.
    #[error("logging was set up already")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Sets up logging for the process.
pub fn init<W>(filter: &str, format: LogFormat, writer: W) -> Result<(), TelemetryError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    subscriber(filter, format, writer)?.try_init()?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Omits the message, which may repeat user input.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(place, "a panic");
}

pub(crate) fn subscriber<W>(
    filter: &str,
    format: LogFormat,
    writer: W,
) -> Result<impl Subscriber + Send + Sync + use<W>, TelemetryError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = fmt::layer().with_writer(writer);
    let layer = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
        LogFormat::Pretty => lines.with_ansi(false).boxed(),
    };
    Ok(Registry::default().with(filter).with(filter_fn(may_log)).with(layer))
}

/// Libraries print headers, URLs and SQL below `warn`. actix's ERROR line for each malformed request could fill the
/// log.
fn may_log(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if target.starts_with("actix_http::h1") {
        return false;
    }
    *metadata.level() <= Level::WARN || target == "gangway" || target.starts_with("gangway::")
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing::{debug, error, info, info_span, trace, warn};

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Buffer {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(log: &str, format: LogFormat, speak: impl FnOnce()) -> String {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = subscriber(log, format, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, speak);
        let bytes = buffer.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn libraries_log_nothing_below_warn() {
        for log in ["trace", "reqwest=trace,sqlx=trace,hyper_util=trace,actix_web=trace,gangwayish=trace,gangway=trace"]
        {
            let lines = written(log, LogFormat::Json, || {
                trace!(target: "reqwest::connect", "canary");
                debug!(target: "sqlx::query", sql = "canary");
                info!(target: "hyper_util", "canary");
                info!(target: "gangwayish", "canary");
                let span = info_span!(target: "actix_web", "request", query = "canary");
                span.in_scope(|| trace!(target: "gangway::journey", "ours"));
                warn!(target: "sqlx::query", "loud");
                error!(target: "reqwest", "louder");
                error!(target: "actix_http::h1::dispatcher", "canary");
            });
            assert!(!lines.contains("canary"), "{log}: {lines}");
            let messages: Vec<Value> =
                lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["message"].clone()).collect();
            assert_eq!(messages, ["ours", "loud", "louder"], "{log}");
        }
    }

    #[test]
    fn filter_applies_to_gangway_and_libraries() {
        let lines = written("gangway=info,sqlx=error", LogFormat::Json, || {
            debug!(target: "gangway::journey", "quiet");
            info!(target: "gangway::journey", "heard");
            warn!(target: "sqlx::query", "quiet");
        });
        assert_eq!(lines.lines().count(), 1);
        assert!(lines.contains("heard"));
    }

    #[test]
    fn level_checks_of_libraries_lose_no_event() {
        for log in ["info", "gangway=debug,sqlx=trace", "trace"] {
            let lines = written(log, LogFormat::Json, || {
                for _ in 0..3 {
                    assert!(!tracing::enabled!(target: "sqlx::query", Level::DEBUG), "{log}");
                    info!(target: "gangway::journey", "answered");
                    assert!(!tracing::enabled!(target: "sqlx::query", Level::DEBUG), "{log}");
                    error!(target: "gangway::problem", "failed");
                }
            });
            assert_eq!(lines.lines().count(), 6, "{log}: {lines}");
        }
    }

    #[test]
    fn one_event_is_one_json_line() {
        let hostile = "a\n{\"level\":\"INFO\",\"message\":\"forged\"}\r\n\u{1b}[31m\u{2028}\"";
        let lines = written("info", LogFormat::Json, || {
            let span = info_span!(target: "gangway", "request", path = hostile);
            span.in_scope(|| info!(target: "gangway", name = hostile, "said: {hostile}"));
        });
        assert_eq!(lines.lines().count(), 1, "{lines}");
        let line: Value = serde_json::from_str(&lines).unwrap();
        assert_eq!(line["name"], hostile);
        assert_eq!(line["message"], format!("said: {hostile}"));
        assert_eq!(line["spans"][0]["path"], hostile);
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn panic_is_logged_without_its_message() {
        let lines = written("info", LogFormat::Json, || {
            let before = panic::take_hook();
            panic::set_hook(Box::new(log_panic));
            let caught = panic::catch_unwind(|| panic!("user input\ncanary"));
            panic::set_hook(before);
            caught.unwrap_err();
        });
        let line: Value = serde_json::from_str(&lines).unwrap();
        assert_eq!((&line["level"], &line["message"]), (&"ERROR".into(), &"a panic".into()));
        assert!(line["place"].as_str().unwrap().contains("logging.rs:") && !lines.contains("canary"), "{lines}");
    }

    #[test]
    fn pretty_format_and_invalid_filter() {
        let lines = written("info", LogFormat::Pretty, || info!(target: "gangway", port = 3000, "ready"));
        assert!(lines.contains("INFO gangway: ready port=3000"), "{lines}");
        assert!(matches!(subscriber("gangway=loud", LogFormat::Json, io::sink), Err(TelemetryError::Filter(_))));
    }
}

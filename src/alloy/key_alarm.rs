//! Alarm for a refused API key: logged when it begins, once a minute, and when it ends, however many calls fail.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Value of `alarm` in the log lines.
const NAME: &str = "alloy_key_refused";
/// Minimum time between two log lines.
const EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct KeyAlarm(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    said: Option<Instant>,
    /// Whether the beginning was logged, but not the end.
    lasts: bool,
    refused: bool,
}

impl KeyAlarm {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_refused(&self) -> bool {
        self.state().refused
    }

    pub(super) fn refused(&self, status: u16, now: Instant) {
        let mut state = self.state();
        state.refused = true;
        if state.said.is_some_and(|said| now < said + EVERY) {
            return;
        }
        *state = State { said: Some(now), lasts: true, refused: true };
        tracing::error!(alarm = NAME, status, "Alloy refuses alloy.api_key: no app can be linked until it is replaced");
    }

    pub(super) fn accepted(&self) {
        let mut state = self.state();
        state.refused = false;
        if std::mem::take(&mut state.lasts) {
            tracing::info!(alarm = NAME, "Alloy accepts alloy.api_key again");
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    pub(in crate::alloy) struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        /// Captures the events of this thread until the guard is dropped.
        pub(in crate::alloy) fn listen(&self) -> tracing::subscriber::DefaultGuard {
            let log = self.clone();
            let subscriber =
                tracing_subscriber::fmt().with_writer(move || log.clone()).with_ansi(false).without_time().finish();
            tracing::subscriber::set_default(subscriber)
        }

        pub(in crate::alloy) fn alarms(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            let alarms = text.lines().filter(|line| line.contains(NAME));
            alarms.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
        }
    }

    fn said(speak: impl FnOnce(&KeyAlarm)) -> Vec<String> {
        let log = Log::default();
        let _guard = log.listen();
        speak(&KeyAlarm::default());
        log.alarms()
    }

    #[test]
    fn it_is_said_once_a_minute_and_once_that_it_is_over() {
        let start = Instant::now();
        let lines = said(|alarm| {
            alarm.accepted();
            (0..150).for_each(|second| alarm.refused(401, start + Duration::from_secs(second)));
            alarm.accepted();
            alarm.accepted();
        });
        assert_eq!(lines, ["ERROR", "ERROR", "ERROR", "INFO"]);
    }

    #[test]
    fn one_that_comes_and_goes_is_no_flood_either() {
        let start = Instant::now();
        let lines = said(|alarm| {
            for _ in 0..100 {
                alarm.refused(403, start);
                alarm.accepted();
            }
        });
        assert_eq!(lines, ["ERROR", "INFO"]);
    }
}

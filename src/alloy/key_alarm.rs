//! The operator's alarm for a key that Alloy refuses: said when it begins, then once a minute while it lasts, and once
//! when it is over, however many calls fail meanwhile.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// What the log lines have in `alarm`, for whoever watches them.
const NAME: &str = "alloy_key_refused";
/// How often it is said.
const EVERY: Duration = Duration::from_secs(60);

/// The alarm.
#[derive(Debug, Default)]
pub(super) struct KeyAlarm(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// When it was last said.
    said: Option<Instant>,
    /// Whether it was said, and not yet that it is over.
    lasts: bool,
}

impl KeyAlarm {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key was refused with that status.
    pub(super) fn refused(&self, status: u16, now: Instant) {
        let mut state = self.state();
        if state.said.is_some_and(|said| now < said + EVERY) {
            return;
        }
        *state = State { said: Some(now), lasts: true };
        tracing::error!(
            alarm = NAME,
            status,
            "Alloy refuses alloy.api_key: nobody can link anything until it is replaced"
        );
    }

    /// The key was accepted.
    pub(super) fn accepted(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.lasts) {
            tracing::info!(alarm = NAME, "Alloy accepts alloy.api_key again");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn said(speak: impl FnOnce(&KeyAlarm)) -> Vec<String> {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber =
            tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).without_time().finish();
        tracing::subscriber::with_default(subscriber, || speak(&KeyAlarm::default()));
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| line.trim().split(' ').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn it_is_said_once_a_minute_and_once_that_it_is_over() {
        let start = Instant::now();
        let second = |number| start + Duration::from_secs(number);
        let lines = said(|alarm| {
            alarm.accepted();
            (0..150).for_each(|number| alarm.refused(401, second(number)));
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

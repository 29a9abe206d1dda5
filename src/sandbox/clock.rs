//! Time and randomness of the sandbox, apart from the product's.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;
use time::{Duration, OffsetDateTime};

/// The system clock with an offset for tests.
#[derive(Debug, Default)]
pub(super) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the sandbox is a foreign system with a clock of its own")]
    pub(super) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }

    pub(super) fn shift(&self, by: Duration) {
        let by = i64::try_from(by.whole_milliseconds()).unwrap_or_default();
        self.offset_ms.fetch_add(by, Ordering::Relaxed);
    }

    pub(super) fn is_shifted(&self) -> bool {
        self.offset_ms.load(Ordering::Relaxed) != 0
    }
}

/// Alloy's format: `2025-02-05T15:01:13.482Z`.
pub(super) fn iso(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

/// An id in Alloy's format: 24 lower-case hexadecimal characters, of which the first 8 are the time in seconds.
pub(super) fn new_id(now: OffsetDateTime) -> String {
    let seconds = u32::try_from(now.unix_timestamp()).unwrap_or_default();
    format!("{seconds:08x}{:016x}", rand::rng().next_u64())
}

pub(super) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(super) fn random_32() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A random secret: 43 URL-safe characters.
pub(super) fn new_secret() -> String {
    URL_SAFE_NO_PAD.encode(random_32())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_times_have_the_documented_form() {
        let clock = Clock::default();
        assert!(is_id(&new_id(clock.now())));
        assert!(is_id("5eba51a03fe9631316668514"));
        assert!(!is_id("5EBA51A03FE9631316668514"));
        assert_eq!(iso(OffsetDateTime::UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
    }
}

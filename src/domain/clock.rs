//! Time and randomness as parameters, so that tests control both.

use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

pub trait Clock: Send + Sync {
    /// In UTC and in whole milliseconds, the store's precision.
    fn now(&self) -> OffsetDateTime;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> OffsetDateTime {
        from_millis(to_millis(OffsetDateTime::now_utc()))
    }
}

pub trait Entropy: Send + Sync {
    fn fill(&self, buffer: &mut [u8]);
}

/// A cryptographic generator seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        use rand::Rng as _;
        rand::rng().fill_bytes(buffer);
    }
}

pub fn random_32(entropy: &dyn Entropy) -> [u8; 32] {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    bytes
}

/// A UUID of version 7 (RFC 9562): sorted by time, 74 bits of it random.
pub fn time_sorted_uuid(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(to_millis(clock.now())).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

pub type SharedClock = Arc<dyn Clock>;

pub type SharedEntropy = Arc<dyn Entropy>;

pub fn to_millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

/// Returns the epoch if the milliseconds are out of range.
pub fn from_millis(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

//! What protects Alloy, and the program from Alloy: circuit breaker, retries, concurrency slots and rate-limit pauses.

pub(crate) mod breaker;
pub(crate) mod retry;
pub(crate) mod slots;
pub(crate) mod slowdown;

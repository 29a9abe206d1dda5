//! What protects Alloy, and the program from Alloy: circuit breaker, retries, concurrency slots and rate-limit pauses. The
//! layers of `tower` and `failsafe` decide per call, but these need the page's deadline, one probe per pause and two pools
//! under one client: adapters around a library would be longer. Only the retry budget is `tower`'s.

pub(in crate::alloy) mod breaker;
pub(in crate::alloy) mod rate_limit_pause;
pub(in crate::alloy) mod retry;
pub(in crate::alloy) mod slots;

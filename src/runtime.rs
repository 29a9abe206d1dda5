//! Technical services without knowledge of the journey: logging, metrics, outgoing HTTP, and callers that wait.

pub mod logging;
pub(crate) mod metrics;
pub(crate) mod net;
pub(crate) mod watchers;

//! Technical services without knowledge of the journey: logging, metrics, outgoing HTTP, shutdown.

pub mod logging;
pub(crate) mod metrics;
pub(crate) mod net;

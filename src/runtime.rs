//! Technical services without knowledge of the journey: logging, metrics and outgoing HTTP.

pub mod logging;
pub(crate) mod metrics;
pub(crate) mod net;

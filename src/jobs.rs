//! Background jobs. Every process runs them; the store's leases divide the work.

pub(crate) mod reconciler;
pub(crate) mod retention;

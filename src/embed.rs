//! What pages of the host load from us: the script that opens our pages in a window or a frame, and the outcome of a
//! session.

pub(crate) mod compact;
pub(crate) mod cors;
pub(crate) mod files;
pub(crate) mod outcome;

//! What pages of the host load from us: the script that opens our pages in a window or a frame.

pub(crate) mod compact;
pub(crate) mod files;

//! The script in pages of a host: what it sends, where it falls back to the host's own form, and how a wait ends. What
//! people do with the window is told in `embedding`.

mod element;
mod errors;
mod frame;
mod site;
mod stage;

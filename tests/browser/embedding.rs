//! Gangway inside pages of a host: pop-ups, redirects and frames, in all three engines.

mod cells;
mod host_site;
mod policy;
mod several_windows;
mod stage;
mod stories;
mod strangers;
mod table;
mod wire;

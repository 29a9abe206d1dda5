//! The steps, in the user's order. Each ends in a page or a redirect to the next, and none calls another.

pub mod arrive;
pub mod callback;
pub mod choose;
pub mod confirm;
pub mod connect;
pub mod disconnect;
pub mod elsewhere;
pub mod extend;
pub mod icon;
pub mod leave;
pub mod start;

mod accounts;
mod await_end;
mod bell;
mod built_in;
mod connect_page;
mod disconnecting;
mod end_page;
mod erasing;
mod form_token;
mod guest;
mod hand_over;
mod look;
mod posted;
mod prove;
mod quota;
mod reader;
mod record;
mod shown;
mod signed;
mod take_away;
mod visitor;
mod watch;

pub use await_end::{await_end, told};
pub use bell::{Bell, ring_for_others};
pub use disconnecting::{Unwanted, ask_to_disconnect, begin_disconnecting, finish_disconnecting};
pub use erasing::erase;
pub use hand_over::with_result;
pub use look::{Look, list_by, look, seen, settle_by_look};
pub use posted::read_body;
pub use prove::{Trials, prove};
pub use reader::Reader;
pub use record::{Queues, record};
pub use shown::problem_html;
pub use take_away::{Doomed, LEASE, Tried, list_to_delete, pause_after, take_all_away};

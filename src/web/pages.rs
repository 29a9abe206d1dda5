//! The pages of end users: one struct per template, filled by `web::views`. External text is a [`Name`] or
//! [`Sentence`], which remove invisible characters and truncate; the templates escape it.

pub(crate) mod brand;

mod app;
mod checking;
mod choose;
mod closed;
mod connect;
mod disconnect;
mod disconnected;
mod explained;
mod field;
mod form;
mod frame;
mod glyph;
mod in_app_browser;
mod linked;
mod manage;
mod not_linked;
mod problem;
mod shown;
mod start;
mod switch;

/// Every page in every variant, for tests only: absent in release builds.
#[cfg(any(test, debug_assertions))]
#[path = "../../tests/pages/samples.rs"]
mod samples;
#[cfg(test)]
mod tests;

#[cfg(any(test, debug_assertions))]
pub use samples::{samples, samples_for_integrators};

pub(crate) use app::Account;
pub use app::App;
pub use askama::Template as Page;
pub(crate) use checking::{Checking, Phase};
pub use choose::{Category, Choose, ConnectedApp, ListedApp};
pub(crate) use closed::Closed;
pub(crate) use connect::{Connect, Method, OpenInBrowser, Way};
pub(crate) use disconnect::{Disconnect, Remains};
pub(crate) use disconnected::{Disconnected, Done};
pub(crate) use explained::Explained;
pub(crate) use field::{Choice, Field, Input};
pub(crate) use form::Action;
pub use form::Form;
pub use frame::{Closing, Frame, LanguageChoice, Person, Window};
pub(crate) use glyph::Glyph;
pub(crate) use in_app_browser::InAppBrowser;
pub(crate) use linked::{How, Linked, Saved, Tried};
pub(crate) use manage::Manage;
pub(crate) use not_linked::{Cause, NotLinked};
pub(crate) use problem::Problem;
pub use shown::{Name, Sentence};
pub(crate) use start::{Start, StartApp};
pub(crate) use switch::Switch;

//! What end users see: one struct per template. The structs hold what is shown and nothing else; handlers fill them.
//!
//! Text from outside goes in as [`Name`] or [`Sentence`], which drop invisible marks and cut what is too long; the
//! templates escape it. A page is made with [`Page::html`].

pub mod brand;

mod app;
mod built_in;
mod checking;
mod choose;
mod connect;
mod disconnect;
mod disconnected;
mod explained;
mod field;
mod form;
mod frame;
mod glyph;
mod linked;
mod manage;
mod not_linked;
mod problem;
mod sample;
mod shown;
mod start;
mod switch;

#[cfg(test)]
mod tests;

pub use app::{Account, App};
pub use askama::Error as RenderError;
pub use built_in::BuiltIn;
pub use checking::{Checking, Phase};
pub use choose::{Category, Choose, ConnectedApp, ListedApp};
pub use connect::{BuiltInWay, Connect, Method, Way};
pub use disconnect::{Disconnect, Remains};
pub use disconnected::{Disconnected, Done};
pub use explained::Explained;
pub use field::{Choice, Field, Input};
pub use form::{Action, Form};
pub use frame::{Closing, Frame, LanguageChoice, Person};
pub use glyph::Glyph;
pub use linked::{How, Linked, Saved, Tried};
pub use manage::Manage;
pub use not_linked::{Cause, NotLinked};
pub use problem::Problem;
pub use shown::{Name, Sentence, Text};
pub use start::{Start, StartApp};
pub use switch::Switch;

use crate::i18n::Language;

use sample::Cast;

/// A page that can be rendered.
pub trait Page {
    /// The whole page as HTML.
    ///
    /// # Errors
    /// When a value cannot be written, which no value of these pages does.
    fn html(&self) -> Result<String, RenderError>;
}

impl<T: askama::Template> Page for T {
    fn html(&self) -> Result<String, RenderError> {
        self.render()
    }
}

/// Every page in every variant in that language, by name, with sample people and apps: for tests and for pictures of all
/// of them.
pub fn samples(language: &Language) -> Vec<(String, String)> {
    samples_with(&Cast { language: language.clone(), ..Cast::default() })
}

fn samples_with(cast: &Cast) -> Vec<(String, String)> {
    let mut all = Vec::new();
    render(&mut all, "start", Start::sample(cast));
    render(&mut all, "switch", Switch::sample(cast));
    render(&mut all, "choose", Choose::sample(cast));
    render(&mut all, "connect", Connect::sample(cast));
    render(&mut all, "manage", Manage::sample(cast));
    render(&mut all, "built-in", BuiltIn::sample(cast));
    render(&mut all, "linked", Linked::sample(cast));
    render(&mut all, "checking", Checking::sample(cast));
    render(&mut all, "not-linked", NotLinked::sample(cast));
    render(&mut all, "disconnect", Disconnect::sample(cast));
    render(&mut all, "disconnected", Disconnected::sample(cast));
    render(&mut all, "problem", Problem::sample(cast));
    all
}

/// The pages that no user comes to: what the host's integrators read, in English.
pub fn samples_for_integrators() -> Vec<(String, String)> {
    let mut all = Vec::new();
    render(&mut all, "explained", vec![("", Explained::sample())]);
    all
}

/// The variants of one page; a page that cannot be rendered shows the error, on which every test of pages fails.
fn render<P: Page>(all: &mut Vec<(String, String)>, page: &str, variants: Vec<(&str, P)>) {
    all.extend(variants.into_iter().map(|(variant, one)| {
        let name = if variant.is_empty() { page.to_owned() } else { format!("{page}-{variant}") };
        (name, one.html().unwrap_or_else(|error| error.to_string()))
    }));
}

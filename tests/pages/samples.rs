//! Every page in every variant, with sample people and apps: for the tests of pages, and for the browser tests.

mod cast;
mod choose;
mod connect;
mod linked;
mod not_linked;
mod others;
mod problem;

pub(super) use cast::Cast;

use super::{
    Checking, Choose, Closed, Connect, Disconnect, Disconnected, Explained, InAppBrowser, Linked, Manage, NotLinked,
    Page, Problem, Start, Switch,
};
use crate::i18n::Language;

/// Every page in every variant in that language, by name.
pub fn samples(language: &Language) -> Vec<(String, String)> {
    samples_with(&Cast { language: language.clone(), ..Cast::default() })
}

pub(super) fn samples_with(cast: &Cast) -> Vec<(String, String)> {
    let mut all = Vec::new();
    render(&mut all, "start", Start::sample(cast));
    render(&mut all, "switch", Switch::sample(cast));
    render(&mut all, "choose", Choose::sample(cast));
    render(&mut all, "connect", Connect::sample(cast));
    render(&mut all, "manage", Manage::sample(cast));
    render(&mut all, "in-app-browser", InAppBrowser::sample(cast));
    render(&mut all, "linked", Linked::sample(cast));
    render(&mut all, "checking", Checking::sample(cast));
    render(&mut all, "not-linked", NotLinked::sample(cast));
    render(&mut all, "disconnect", Disconnect::sample(cast));
    render(&mut all, "disconnected", Disconnected::sample(cast));
    render(&mut all, "problem", Problem::sample(cast));
    render(&mut all, "closed", Closed::sample(cast));
    all
}

/// The pages for the host's integrators, which are in English only.
pub fn samples_for_integrators() -> Vec<(String, String)> {
    let mut all = Vec::new();
    render(&mut all, "explained", vec![("", Explained::sample())]);
    all
}

/// A page that cannot be rendered becomes its error, on which every test of pages fails.
fn render<P: Page>(all: &mut Vec<(String, String)>, page: &str, variants: Vec<(&str, P)>) {
    all.extend(variants.into_iter().map(|(variant, one)| {
        let name = if variant.is_empty() { page.to_owned() } else { format!("{page}-{variant}") };
        (name, one.render().unwrap_or_else(|error| error.to_string()))
    }));
}

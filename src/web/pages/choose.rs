//! The catalogue page.
#![expect(missing_docs, reason = "public for benches only; most names say it")]

use askama::Template;

use crate::i18n::{Moment, Phrase};

use super::{App, Frame, Name, Sentence};

/// The catalogue: connected apps first, then all apps.
#[derive(Debug, Clone, Template)]
#[template(path = "choose.html", whitespace = "minimize")]
pub struct Choose {
    pub frame: Frame,
    /// URL without search and category; the search adds `q`.
    pub all_url: String,
    /// Search text, or empty.
    pub query: Name,
    pub categories: Vec<Category>,
    /// Matching apps that are connected; those that need attention first.
    pub connected: Vec<ConnectedApp>,
    /// Whether the list of connections could not be loaded.
    pub connected_unknown: bool,
    /// All matching apps, connected ones included.
    pub apps: Vec<ListedApp>,
    /// Whether the apps are from the cache, because the vendor does not answer.
    pub stale: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Value of `category`, repeated by a search within it.
    pub value: String,
    pub name: Name,
    pub url: String,
    pub count: usize,
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedApp {
    pub app: App,
    pub url: String,
    /// Name of the account that needs attention, else of the one that was connected first.
    pub account: Name,
    pub needs_attention: bool,
    pub since: Option<Moment>,
    /// Number of further accounts of the app.
    pub others: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedApp {
    pub app: App,
    pub url: String,
    pub line: Option<Sentence>,
    /// Category, unless the description names it; searched too.
    pub category: Option<Name>,
}

impl Choose {
    fn heading(&self) -> Phrase {
        self.frame.say("choose-heading")
    }

    fn say_query(&self, key: &'static str) -> Phrase {
        self.frame.say(key).with("query", &self.query)
    }

    fn category(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.current)
    }
}

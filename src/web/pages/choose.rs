//! The catalogue page.

use askama::Template;

use crate::i18n::{Moment, Phrase};

use super::{App, Frame, Name, Sentence};

/// The catalogue: connected apps first, then all apps.
#[derive(Debug, Clone, Template)]
#[template(path = "choose.html", whitespace = "minimize")]
pub struct Choose {
    /// The frame.
    pub frame: Frame,
    /// URL without search and category; the search adds `q`.
    pub all_url: String,
    /// Search text, or empty.
    pub query: Name,
    /// Categories to filter by.
    pub categories: Vec<Category>,
    /// Matching apps that are connected.
    pub connected: Vec<ConnectedApp>,
    /// Whether the list of connections could not be loaded.
    pub connected_unknown: bool,
    /// All matching apps, connected ones included.
    pub apps: Vec<ListedApp>,
    /// Whether the apps are from the cache, because the vendor does not answer.
    pub stale: bool,
}

/// A category filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Value of `category`, repeated by a search within it.
    pub value: String,
    /// Display name.
    pub name: Name,
    /// URL of the filtered page.
    pub url: String,
    /// Number of apps.
    pub count: usize,
    /// Whether the filter is active.
    pub current: bool,
}

/// A connected app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedApp {
    /// The app.
    pub app: App,
    /// URL of the app's page.
    pub url: String,
    /// Name of the account that was connected first.
    pub account: Name,
    /// Time of the connection, if known.
    pub since: Option<Moment>,
    /// Number of further accounts of the app.
    pub others: usize,
}

/// An app in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedApp {
    /// The app.
    pub app: App,
    /// URL of the app's page.
    pub url: String,
    /// Short description.
    pub line: Option<Sentence>,
    /// Category, unless the description names it; searched too.
    pub category: Option<Name>,
}

impl Choose {
    fn heading(&self) -> Phrase {
        self.say("choose-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.frame.say(key)
    }

    fn say_query(&self, key: &'static str) -> Phrase {
        self.say(key).with("query", &self.query)
    }

    fn category(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.current)
    }
}

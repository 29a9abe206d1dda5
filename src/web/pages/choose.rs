//! The catalogue.

use askama::Template;

use crate::i18n::{Moment, Phrase};

use super::{App, Frame, Name, Sentence};

/// The choice of an app: what is connected first, then all.
#[derive(Debug, Clone, Template)]
#[template(path = "choose.html", whitespace = "minimize")]
pub struct Choose {
    /// The frame.
    pub frame: Frame,
    /// This page without search and category; the search is sent there as `q`.
    pub all_url: String,
    /// What was searched for; empty if nothing was.
    pub query: Name,
    /// The categories to narrow the list by; empty for none.
    pub categories: Vec<Category>,
    /// The connected apps that match.
    pub connected: Vec<ConnectedApp>,
    /// Whether it is unknown which apps are connected, because the list could not be had.
    pub connected_unknown: bool,
    /// The apps that match, connected ones among them.
    pub apps: Vec<ListedApp>,
    /// Whether the apps are from earlier, because the vendor does not answer.
    pub stale: bool,
}

/// A category to narrow the list by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The value of `category`, which a search within it repeats.
    pub value: String,
    /// Its name.
    pub name: Name,
    /// The page with only its apps.
    pub url: String,
    /// How many apps it has.
    pub count: usize,
    /// Whether it is the one shown.
    pub current: bool,
}

/// An app that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedApp {
    /// The app.
    pub app: App,
    /// The app's own page.
    pub url: String,
    /// What the account is called; the one connected first.
    pub account: Name,
    /// Since when, if that is known.
    pub since: Option<Moment>,
    /// How many more accounts of the same app are connected.
    pub others: usize,
}

/// An app of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedApp {
    /// The app.
    pub app: App,
    /// The app's own page.
    pub url: String,
    /// One line on what it is.
    pub line: Option<Sentence>,
    /// Its category, by which it is found too, if the line does not say it.
    pub category: Option<Name>,
}

impl Choose {
    fn heading(&self) -> Phrase {
        self.say("choose-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.frame.say(key)
    }

    /// With what was searched for.
    fn say_query(&self, key: &'static str) -> Phrase {
        self.say(key).with("query", &self.query)
    }

    fn category(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.current)
    }
}

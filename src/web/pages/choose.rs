//! The catalogue.

use askama::Template;
use time::macros::datetime;

use crate::i18n::{Moment, Phrase};

use super::{App, Frame, Name, Sentence, sample::Cast};

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

    pub(crate) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let listed = |(id, app, line)| ListedApp {
            app,
            url: format!("/connectors/{id}"),
            line: Some(line),
            category: Some("Messaging".into()),
        };
        let day = |at| Some(cast.language.day(at, datetime!(2026-06-01 12:00 UTC)));
        let connect = |(id, app, _): (String, App, Sentence), since, others| ConnectedApp {
            account: format!("{}’s {}", cast.first_name, app.name).into(),
            app,
            url: format!("/connectors/{id}"),
            since,
            others,
        };
        let since = [day(datetime!(2026-03-03 9:00 UTC)), day(datetime!(2025-11-20 9:00 UTC))];
        let connected: Vec<ConnectedApp> =
            cast.apps().zip(since).zip([0, 1]).map(|((app, since), others)| connect(app, since, others)).collect();
        let category = |name: &str| Category {
            value: name.to_lowercase(),
            name: name.into(),
            url: format!("/connectors?category={}", name.to_lowercase()),
            count: 4,
            current: false,
        };
        let full = Self {
            frame: cast.frame(),
            all_url: "/connectors".to_owned(),
            query: Name::default(),
            categories: ["Messaging", "Sales", "Marketing", "Commerce", "Support", "Finance"].map(category).into(),
            connected,
            connected_unknown: false,
            apps: cast.apps().map(listed).collect(),
            stale: false,
        };
        let plain = Self {
            frame: cast.bare_frame(),
            categories: Vec::new(),
            connected: Vec::new(),
            connected_unknown: true,
            ..full.clone()
        };
        let found = Self {
            query: "sl".into(),
            apps: cast.apps().take(1).map(listed).collect(),
            connected: full.connected.iter().take(1).cloned().collect(),
            ..full.clone()
        };
        let nothing = Self { query: "zzz".into(), connected: Vec::new(), apps: Vec::new(), ..full.clone() };
        let none = Self { query: Name::default(), categories: Vec::new(), ..nothing.clone() };
        let down = Self { stale: true, frame: cast.frame(), ..plain.clone() };
        vec![("", full), ("plain", plain), ("down", down), ("found", found), ("nothing", nothing), ("none", none)]
    }
}

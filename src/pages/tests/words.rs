//! The words that people read.

use scraper::Html;

use super::{pages, select, text};
use crate::link::{Reason, State};
use crate::pages::{Cause, sample::Cast, samples_with};

/// Words of ours that mean nothing to an end user.
const FORBIDDEN: [&str; 16] = [
    "connector",
    "credential",
    "link attempt",
    "session",
    "oauth",
    "callback",
    "upstream",
    "token",
    "gangway",
    "alloy",
    "redirect",
    "endpoint",
    "data.",
    "apikey",
    "shopname",
    "67a37f29e0aa276e50d7253a",
];

/// All that a page says, to the eye and to the ear.
fn said(page: &Html) -> String {
    let shown = select(page, "title, body").into_iter().map(text);
    let spoken = ["aria-label", "placeholder", "alt", "title", "data-found", "data-none", "data-done", "data-hide"];
    let spoken = select(page, "*").into_iter().flat_map(|element| spoken.map(|name| element.attr(name)));
    shown.chain(spoken.flatten().map(str::to_owned)).collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn no_page_speaks_our_own_language() {
    let cast = Cast { consent_name: "Notes Link", ..Cast::default() };
    for (name, html) in samples_with(&cast) {
        let said = said(&Html::parse_document(&html));
        for word in FORBIDDEN {
            assert!(!said.contains(word), "{name} says {word:?}:\n{said}");
        }
    }
}

#[test]
fn every_end_has_its_own_words() {
    let mut seen = std::collections::BTreeMap::new();
    for (name, page) in
        pages().into_iter().filter(|(name, _)| name.starts_with("not-linked") && !name.ends_with("lost"))
    {
        let words = text(select(&page, "main")[0]);
        assert_eq!(seen.insert(words, name.clone()), None, "{name}");
    }
}

#[test]
fn every_reason_but_a_link_has_a_page() {
    for &reason in Reason::ALL {
        let linked = matches!(reason, Reason::New | Reason::Renewed | Reason::KeySaved);
        assert_eq!(Cause::of(State::Failed, reason).is_none(), linked, "{reason}");
    }
    assert_eq!(Cause::of(State::Expired, Reason::NoReturn), Some(Cause::Expired));
    assert_eq!(Cause::of(State::Unverified, Reason::NoReturn), Some(Cause::NobodyCame));
}

/// What a page says from top to bottom, a line for each block.
fn script(page: &Html) -> String {
    let blocks = "title, h1, h2, nav a, p, li, label, option, textarea, .button, .search button";
    let lines = select(page, blocks).into_iter().map(|block| match block.value().name() {
        "h1" | "h2" => format!("# {}", text(block)),
        "button" | "a" => format!("[{}]", text(block)),
        _ => text(block),
    });
    lines.filter(|line| !line.is_empty() && line != "[]").collect::<Vec<_>>().join("\n")
}

#[test]
fn the_pages_say_what_was_agreed() {
    let all: Vec<String> = pages().into_iter().map(|(name, page)| format!("=== {name}\n{}\n", script(&page))).collect();
    insta::assert_snapshot!(all.join("\n"));
}

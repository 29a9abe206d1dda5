//! The texts of the pages.

use scraper::{ElementRef, Html};
use strum::VariantArray as _;

use super::{languages, pages, pages_in, select, text};
use crate::{
    domain::attempt::{Reason, State},
    i18n::Language,
    web::pages::{
        Cause,
        samples::{Cast, samples_with},
    },
};

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

fn said(page: &Html) -> String {
    let shown = select(page, "title, body").into_iter().map(text);
    let spoken = [
        "aria-label",
        "placeholder",
        "alt",
        "title",
        "data-found",
        "data-none",
        "data-done",
        "data-hide",
        "data-closes",
        "data-stays",
    ];
    let spoken = select(page, "*").into_iter().flat_map(|element| spoken.map(|name| element.attr(name)));
    shown.chain(spoken.flatten().map(str::to_owned)).collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn no_page_speaks_our_own_language() {
    for language in languages() {
        let tag = language.tag().to_owned();
        let cast = Cast { consent_name: "Notes Link", language, ..Cast::default() };
        for (name, html) in samples_with(&cast) {
            let said = said(&Html::parse_document(&html));
            for word in FORBIDDEN {
                assert!(!said.contains(word), "{name} in {tag} says {word:?}:\n{said}");
            }
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
    for &reason in Reason::VARIANTS {
        let linked = matches!(reason, Reason::New | Reason::Renewed | Reason::KeySaved);
        assert_eq!(Cause::of(State::Failed, reason).is_none(), linked, "{reason}");
    }
    assert_eq!(Cause::of(State::Expired, Reason::NoReturn), Some(Cause::Expired));
    assert_eq!(Cause::of(State::Unverified, Reason::NoReturn), Some(Cause::WithoutReturn));
}

fn script(page: &Html) -> String {
    let blocks = ["h1", "h2", "nav a", "p", "li", "label", "option", "textarea", ".button", ".search button"];
    let blocks = blocks.map(|block| format!("main {block}")).join(", ");
    let lines = select(page, &format!("title, {blocks}")).into_iter().map(|block| match block.value().name() {
        "h1" | "h2" => format!("# {}", text(block)),
        "button" | "a" => format!("[{}]", text(block)),
        "p" if block.attr("data-closes").is_some() => block.attr("data-closes").unwrap_or_default().to_owned(),
        _ => text(block),
    });
    lines.filter(|line| !line.is_empty() && line != "[]").collect::<Vec<_>>().join("\n")
}

#[test]
fn the_pages_say_what_was_agreed() {
    for language in languages() {
        let pages = pages_in(&language);
        let all: Vec<String> = pages.iter().map(|(name, page)| format!("=== {name}\n{}\n", script(page))).collect();
        insta::assert_snapshot!(format!("pages_{}", language.tag()), all.join("\n"));
    }
}

/// Texts on a page that are neither a phrase nor a name have no translation.
#[test]
fn nothing_on_a_page_is_left_untranslated() {
    let pseudo = Language::pseudo();
    let plain_word = |text: &str| {
        let mut words = text.split(|letter: char| !letter.is_ascii_alphabetic());
        words.find(|word| word.len() > 1).map(str::to_owned)
    };
    for (name, page) in pages_in(&pseudo) {
        for node in page.tree.nodes() {
            let Some(text) = node.value().as_text() else { continue };
            let names = |above: &ElementRef<'_>| {
                let above = above.value();
                ["bdi", "time", "title", "script", "noscript", "textarea", "option"].contains(&above.name())
                    || above.attr("lang").is_some_and(|lang| lang != "en-XA")
                    || above.attr("class").is_some_and(|class| class.contains("letter"))
            };
            if !node.ancestors().filter_map(ElementRef::wrap).any(|above| names(&above)) {
                assert_eq!(plain_word(text), None, "{name}: {}", &**text);
            }
        }
        for element in
            select(&page, "[aria-label], [placeholder], [data-done], [data-hide], [data-found], [data-closes]")
        {
            for attribute in
                ["aria-label", "placeholder", "data-done", "data-hide", "data-found", "data-closes", "data-stays"]
            {
                let said = element.attr(attribute).unwrap_or_default();
                assert!(said.is_empty() || !said.is_ascii(), "{name}: {attribute}={said}");
            }
        }
    }
}

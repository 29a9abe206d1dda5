//! Rules for every page, in every variant.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

use super::samples::{Cast, samples, samples_with};
use crate::{
    i18n::{Language, Languages},
    web::assets,
};

mod hostile;
mod words;

/// What has a script beside the one of every page: a waiting page, a window, a frame, and the page of a closed one.
const SCRIPTED: &str = "[data-status], form#window, .framed, [data-closed]";

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages() -> Vec<(String, Html)> {
    pages_in(&Language::default())
}

fn pages_in(language: &Language) -> Vec<(String, Html)> {
    samples(language).into_iter().map(|(name, html)| (name, Html::parse_document(&html))).collect()
}

#[test]
fn every_page_has_one_heading_that_its_title_repeats() {
    for (name, page) in pages() {
        let headings = select(&page, "h1");
        assert_eq!(headings.len(), 1, "{name}");
        let title = text(select(&page, "title")[0]);
        let title = title.strip_prefix("Please check: ").unwrap_or(&title);
        assert_eq!(title, format!("{} – Acme Notes", text(headings[0])), "{name}");
        assert_eq!(select(&page, "html[lang=en][dir=ltr]").len(), 1, "{name}");
        assert_eq!(select(&page, "meta[name=robots][content=noindex]").len(), 1, "{name}");
    }
}

#[test]
fn every_page_has_one_primary_button() {
    // On these pages the rows of apps are the actions.
    let lists = [
        "start",
        "start-bare",
        "start-long",
        "start-in-app-browser",
        "start-window",
        "choose",
        "choose-attention",
        "choose-plain",
        "choose-down",
        "choose-found",
    ];
    // These pages have no action, only an explanation.
    let ends = ["linked-close", "problem-not-found-unknown", "problem-time-over-lost", "closed-lost", "closed-frame"];
    let mut seen = BTreeSet::new();
    for (name, page) in pages() {
        let primary = select(&page, "a.primary[href], button.primary").len();
        if lists.contains(&name.as_str()) {
            assert_eq!(primary, 0, "{name}");
            assert!(!select(&page, "a.row[href], button.row[value]").is_empty(), "{name}");
        } else if ends.contains(&name.as_str()) {
            assert_eq!(select(&page, "main .button:not(.plain)").len(), 0, "{name}");
        } else {
            assert_eq!(primary, 1, "{name}");
        }
        assert!(seen.insert(name.clone()), "two samples are called {name}");
    }
    assert!(lists.iter().chain(&ends).all(|name| seen.contains(*name)), "a sample is gone");
}

#[test]
fn nothing_on_a_page_needs_a_weaker_policy() {
    for (name, html) in samples(&Language::default()).into_iter().chain(samples_with(&hostile::cast())) {
        let page = Html::parse_document(&html);
        assert!(select(&page, "style, [style], script:not([src]), iframe, object, embed, base").is_empty(), "{name}");
        assert_eq!(select(&page, "script").len(), 1 + select(&page, SCRIPTED).len(), "{name}");
        for element in select(&page, "*") {
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on"), "{name}: {attribute}");
                assert!(!value.trim_start().starts_with("javascript:"), "{name}: {attribute}");
                assert!(!value.trim_start().starts_with("data:"), "{name}: {attribute}");
            }
        }
        for file in select(&page, "script, link") {
            let url = file.attr("src").or(file.attr("href")).unwrap();
            assert!(assets::find(url.trim_start_matches("/static/")).is_some(), "{name}: {url}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    for (name, page) in pages() {
        let ids: Vec<&str> = select(&page, "[id]").into_iter().filter_map(|element| element.attr("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        let labelled: Vec<&str> = select(&page, "label[for]").into_iter().filter_map(|one| one.attr("for")).collect();
        for field in select(&page, "input:not([type=hidden]), select, textarea") {
            let within = field.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "label");
            assert!(within || field.attr("id").is_some_and(|id| labelled.contains(&id)), "{name}: {}", field.html());
        }
        let targets = select(&page, "[aria-describedby], [aria-labelledby], label[for], [data-copy], [data-reveal]");
        let named = ["aria-describedby", "aria-labelledby", "for", "data-copy", "data-reveal"];
        for target in targets {
            let refers = named.iter().filter_map(|attribute| target.attr(attribute)).flat_map(str::split_whitespace);
            refers.for_each(|id| assert!(unique.contains(id), "{name}: nothing is called {id}"));
        }
        for link in select(&page, "a[href^='#']") {
            assert!(unique.contains(link.attr("href").unwrap().trim_start_matches('#')), "{name}");
        }
        for button in select(&page, "button, a") {
            assert!(!text(button).is_empty() || button.attr("aria-label").is_some(), "{name}: {}", button.html());
        }
    }
}

#[test]
fn a_picture_keeps_its_place_before_it_is_there() {
    for (name, page) in pages() {
        for picture in select(&page, "img") {
            assert!(picture.attr("width").is_some() && picture.attr("height").is_some(), "{name}");
            assert_eq!(picture.attr("alt"), Some(""), "{name}: the name is beside it");
        }
    }
}

#[test]
fn what_was_typed_comes_back_but_a_secret_never_does() {
    let mistakes = samples(&Language::default()).into_iter().find(|(name, _)| name == "connect-mistakes").unwrap().1;
    let page = Html::parse_document(&mistakes);
    assert_eq!(select(&page, "input[name='data.shopName']")[0].attr("value"), Some(Cast::default().typed));
    assert_eq!(select(&page, "input[name='data.shopName'][aria-invalid=true]").len(), 1);
    assert_eq!(select(&page, "input[type=password]")[0].attr("value"), None);
    assert_eq!(select(&page, ".summary[autofocus] a").len(), 2);
}

#[test]
fn a_form_is_posted_with_its_token() {
    for (name, page) in pages() {
        for form in select(&page, "form[method=post]:not([data-seconds])") {
            let token = Selector::parse("input[type=hidden][name=form_token][value]").unwrap();
            assert_eq!(form.select(&token).count(), 1, "{name}");
        }
    }
}

#[test]
fn in_a_window_what_leads_to_the_host_closes_it() {
    let pages = pages();
    for (name, page) in pages.iter().filter(|(name, _)| name.contains("-window")) {
        assert_eq!(select(page, "form#window[method=post]").len(), 1, "{name}");
        assert!(!select(page, "main button[form=window]").is_empty(), "{name}");
        assert!(select(page, "a[href*='notes.acme.test']").is_empty(), "{name}");
    }
    let closes = |name: &str| {
        let (_, page) = pages.iter().find(|(one, _)| one == name).unwrap();
        !select(page, "[role=status][data-closes]").is_empty()
    };
    assert!(closes("linked-window"));
    // What asks something stays, and so does a tab of the browser's own.
    assert!(!closes("linked-window-earlier-kept") && !closes("linked"));
}

fn languages() -> Vec<Language> {
    Languages::default().iter().cloned().collect()
}

#[test]
fn every_page_can_be_read_in_every_language() {
    for language in languages() {
        for (name, page) in pages_in(&language) {
            let root = select(&page, "html")[0];
            assert_eq!(root.attr("lang"), Some(language.tag()), "{name}");
            assert_eq!(root.attr("dir"), Some(language.direction().to_string().as_str()), "{name}");
            let said = page.root_element().html();
            for unsaid in ["{$", "{ $", "[field-", "()"] {
                assert!(!said.contains(unsaid), "{name} in {}: {unsaid}", language.tag());
            }
            let missing = said.split('[').skip(1).filter_map(|rest| rest.split(']').next());
            let missing: Vec<&str> = missing.filter(|key| key.contains('-') && !key.contains(' ')).collect();
            assert!(missing.is_empty(), "{name} in {} has no phrase {missing:?}", language.tag());
        }
    }
}

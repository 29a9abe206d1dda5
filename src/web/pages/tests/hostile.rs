//! Hostile names and texts.

use scraper::Html;

use super::{SCRIPTED, select, text};
use crate::{
    domain::text::is_unprintable,
    web::pages::samples::{Cast, samples_with},
};

pub(crate) fn cast() -> Cast {
    let long = format!("\"'><script>alert(1)</script><b onclick=x>\u{202E}{{{{7*7}}}}{}", "x".repeat(10_000)).leak();
    Cast {
        host: long,
        first_name: long,
        name: long,
        email: long,
        consent_name: long,
        mark: long,
        typed: long,
        ..Cast::default()
    }
}

#[test]
fn names_are_escaped_cut_and_lose_their_invisible_marks() {
    for (name, html) in samples_with(&cast()) {
        let page = Html::parse_document(&html);
        assert!(select(&page, "[onclick]").is_empty(), "{name}");
        assert_eq!(select(&page, "script").len(), 1 + select(&page, SCRIPTED).len(), "{name}");
        let said = text(select(&page, "main")[0]);
        assert!(!said.chars().any(is_unprintable), "{name}");
        assert!(!said.contains(&"x".repeat(240)), "{name}: too long");
        let title = text(select(&page, "title")[0]);
        assert!(title.chars().count() < 300, "{name}: {}", title.chars().count());
    }
}

#[test]
fn what_was_typed_is_escaped_but_stays_whole() {
    let cast = cast();
    let page = samples_with(&cast).into_iter().find(|(name, _)| name == "connect-mistakes").unwrap().1;
    let page = Html::parse_document(&page);
    assert_eq!(select(&page, "input[name='data.shopName']")[0].attr("value"), Some(cast.typed));
}

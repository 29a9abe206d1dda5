use std::collections::{BTreeMap, BTreeSet};

use time::macros::datetime;

use super::{files, *};
use crate::domain::{
    connector::AuthenticationType,
    form::{Field, FieldError, FieldKind, Form, Limits},
};

fn variables(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let found = |part: &str| -> BTreeSet<String> {
        let names = part.split('$').skip(1);
        names.map(|rest| rest.chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect()).collect()
    };
    let mut all = BTreeMap::new();
    let mut message = String::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (head, words) = line.split_once(" = ").or_else(|| line.split_once(" =")).unwrap_or(("", line));
        if !head.is_empty() && !head.starts_with(' ') {
            message = head.to_owned();
            key.clone_from(&message);
        } else if let Some(attribute) = head.trim().strip_prefix('.') {
            key = format!("{message}.{attribute}");
        }
        all.entry(key.clone()).or_insert_with(BTreeSet::new).extend(found(words));
    }
    all.remove("");
    all
}

#[test]
fn every_language_says_everything_with_the_same_names_in_it() {
    let english = files::own("en").unwrap();
    let (keys, names) = (files::keys(&english), variables(&english));
    assert!(keys.len() > 200, "{}", keys.len());
    // Only English varies a field's name inside a sentence.
    let fits = |own: &BTreeSet<String>, wanted: &BTreeSet<String>| {
        let without = |set: &BTreeSet<String>| -> BTreeSet<String> {
            set.iter().filter(|name| !["within", "label", "other"].contains(&name.as_str())).cloned().collect()
        };
        without(own) == without(wanted)
    };
    for tag in files::tags() {
        let text = files::own(&tag).unwrap();
        assert_eq!(FluentResource::try_new(text.clone()).err().map(|(_, errors)| errors), None, "{tag}");
        assert_eq!(files::keys(&text), keys, "{tag}");
        for (key, own) in variables(&text) {
            assert!(fits(&own, &names[&key]), "{tag}: {key} names {own:?}, English {:?}", names[&key]);
            assert!(tag == "en" || !own.contains("within"), "{tag}: {key} names what is for English only");
        }
    }
}

fn texts_of(folder: &std::path::Path, ending: &str) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&texts_of(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) && !path.ends_with("tests.rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_phrase_is_said_somewhere_and_nothing_else_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = root.join("src");
    let all = texts_of(&source, "rs") + &texts_of(&source, "json") + &texts_of(&root.join("templates"), "html");
    let english = files::own("en").unwrap();
    let keys = files::keys(&english);
    let unused: Vec<&String> = keys.iter().filter(|key| !all.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "no page says {unused:?}");
    let said = all.split("say(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let missing: BTreeSet<&str> = said.filter(|key| !key.contains(' ') && !keys.contains(*key)).collect();
    assert!(missing.is_empty(), "there are no phrases for {missing:?}");
}

#[test]
fn a_phrase_escapes_what_it_names_and_isolates_it() {
    let phrase = Language::default().say("back").with("host", Value::Name("<Acme> & \"Söhne\"".to_owned()));
    assert_eq!(phrase.html(), "Back to <bdi>&#60;Acme&#62; &#38; &#34;Söhne&#34;</bdi>");
    assert_eq!(phrase.plain(), "Back to <Acme> & \"Söhne\"");
    let arabic = Languages::default().find("ar").unwrap().say("back").with("host", Value::Name("Acme".to_owned()));
    assert!(arabic.plain().contains("\u{2068}Acme\u{2069}"), "{}", arabic.plain());
}

#[test]
fn a_number_chooses_its_form() {
    let say = |count: usize| {
        let phrase = Language::default().say("mistake-short").with("within", Value::Words("key".into()));
        phrase.with("count", count).plain()
    };
    assert_eq!(say(1), "Your key has at least 1 character. Check that nothing is missing.");
    assert_eq!(say(1200), "Your key has at least 1,200 characters. Check that nothing is missing.");
}

#[test]
fn days_and_numbers_are_written_as_people_write_them() {
    let languages = Languages::default();
    let at = datetime!(2026-03-03 23:30 -2);
    let (same_year, later) = (datetime!(2026-11-01 0:00 UTC), datetime!(2027-01-01 0:00 UTC));
    let english = languages.find("en").unwrap();
    let day = english.day(at, same_year);
    assert_eq!((day.text.as_str(), day.datetime.as_str()), ("4 March", "2026-03-04T01:30:00Z"));
    assert_eq!(english.day(at, later).text, "4 March 2026");
    assert_eq!(english.time(at).text, "01:30");
    assert_eq!(english.number(1000), "1,000");
    for (tag, day, number) in
        [("de", "4. März 2026", "1.000"), ("es", "4 de marzo de 2026", "1000"), ("ja", "2026年3月4日", "1,000")]
    {
        let language = languages.find(tag).unwrap();
        assert_eq!((language.day(at, later).text.as_str(), language.number(1000).as_str()), (day, number));
    }
    assert_eq!(languages.find("ar").unwrap().direction(), Direction::Rtl);
}

#[test]
fn the_browsers_wish_is_read_by_its_weights() {
    let languages = Languages::default();
    let accepted = |header| languages.accepted(header).map(|language| language.tag().to_owned());
    assert_eq!(accepted("de-CH,de;q=0.9,en;q=0.8").as_deref(), Some("de"));
    assert_eq!(accepted("fr-FR, en;q=0.3, ja;q=0.7").as_deref(), Some("ja"));
    assert_eq!(accepted("fr, es;q=0"), None);
    for odd in ["", ";;;,", "q=1", "*", "de;q=much", &"de-x,".repeat(10_000)] {
        accepted(odd);
    }
}

#[test]
fn the_hosts_phrases_stand_over_ours_and_may_add_a_language() {
    let host = [
        ("en".to_owned(), "back = Return to { $host }\napp-slack-name = Team chat".to_owned()),
        ("fr".to_owned(), "language-name = Français\nback = Retour à { $host }".to_owned()),
    ];
    let languages = Languages::new(&host, &["fr".to_owned(), "en".to_owned()]).unwrap();
    assert_eq!(languages.iter().map(Language::name).collect::<Vec<_>>(), ["Français", "English"]);
    let (french, english) = (languages.first(), languages.find("en-US").unwrap());
    assert_eq!(french.say("back").with("host", Value::Words("Acme".into())).plain(), "Retour à Acme");
    assert_eq!(french.say("cancel").plain(), "Cancel", "English stands in");
    assert_eq!(english.say("back").with("host", Value::Words("Acme".into())).plain(), "Return to Acme");
    assert_eq!(english.of_the_host("app-slack-name").as_deref(), Some("Team chat"));
    assert_eq!(french.of_the_host("app-slack-name"), None);
}

#[test]
fn phrases_that_cannot_be_used_are_named() {
    let refused =
        |tag: &str, text: &str| Languages::new(&[(tag.to_owned(), text.to_owned())], &[]).unwrap_err().to_string();
    assert_eq!(refused("en", "bakc = Back"), "en.ftl: no page says \"bakc\"");
    assert!(refused("de", "back = { $").contains("1 of its entries"));
    assert!(refused("deutsch, bitte", "back = Zurück").contains("no language tag"));
    assert!(Languages::new(&[], &["tlh".to_owned()]).unwrap_err().to_string().contains("no phrases for"));
}

#[test]
fn pseudo_language_is_longer_and_has_no_plain_letter() {
    let pseudo = Language::pseudo().say("back").with("host", Value::Name("X".to_owned())).plain();
    assert!(pseudo.starts_with("Ɓàćķ ţõ X") && pseudo.chars().count() > "Back to X".len(), "{pseudo}");
}

#[test]
fn decimal_mark_is_the_languages() {
    use crate::domain::form::DecimalMark::{Comma, Point};
    let languages = Languages::default();
    for (tag, mark) in [("en", Point), ("de", Comma), ("es", Comma), ("ja", Point), ("ar", Point)] {
        assert_eq!(languages.find(tag).unwrap().decimal_mark(), mark, "{tag}");
    }
}

#[test]
fn field_error_names_label_and_example() {
    let sentence = |field: &Field, error| Language::default().field_error(field, error).plain();
    let field = |label: &str, kind| Field { label: label.into(), kind, ..Field::default() };
    let shop = Field { example: Some("acme".into()), ..field("Shop name", FieldKind::Text) };
    assert_eq!(sentence(&shop, FieldError::Missing), "Enter your shop name, for example acme.");
    assert_eq!(sentence(&field("API key", FieldKind::Secret), FieldError::Missing), "Enter your API key.");
    assert_eq!(sentence(&field("Region", FieldKind::Choice(Vec::new())), FieldError::Missing), "Choose your region.");
    assert!(sentence(&shop, FieldError::HiddenCharacters).contains("cannot be seen"));
    let limits = Limits { minimum: Some(1.0), maximum: Some(65535.0), ..Limits::default() };
    let port = Field { limits, ..field("Port", FieldKind::Integer) };
    assert_eq!(sentence(&port, FieldError::OutOfRange), "Enter your port as a number between 1 and 65535.");
}

#[test]
fn field_list_joins_labels() {
    let list = |labels: &[&str]| {
        let fields = labels.iter().map(|label| Field { label: (*label).into(), ..Field::default() }).collect();
        let form = Form { fields, ..Form::bare(AuthenticationType::parse("oauth2").unwrap()) };
        Language::default().field_list(&form).unwrap().plain()
    };
    assert_eq!(list(&["API key"]), "API key");
    assert_eq!(list(&["Username", "Password"]), "Username and password");
    assert_eq!(list(&["Name", "API key", "Password"]), "Name, API key and password");
}

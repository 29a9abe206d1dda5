use serde_json::json;

use super::*;
use crate::i18n::Language;

fn field(name: &str, kind: Kind) -> Field {
    Field {
        name: format!("data.{name}"),
        path: vec![name.to_owned()],
        label: "Shop name".into(),
        kind,
        required: true,
        ..Field::default()
    }
}

fn form(fields: Vec<Field>) -> Form {
    Form { fields, ..Form::bare(AuthenticationType::parse("oauth2").unwrap()) }
}

/// What one field makes of what was typed: what is sent, or the sentence.
fn read(field: Field, typed: &str) -> Result<Value, String> {
    let (name, path) = (field.name.clone(), field.path.join("/"));
    match form(vec![field]).read(&[(name.clone(), typed.to_owned())]) {
        Ok(answers) => {
            Ok(answers.data().and_then(|data| data.pointer(&format!("/{path}")).cloned()).unwrap_or(Value::Null))
        }
        Err(mistakes) => Err(mistakes.of(&name).unwrap().sentence(&Language::default()).plain()),
    }
}

#[test]
fn an_answer_is_trimmed_of_what_cannot_be_seen() {
    assert_eq!(read(field("shop", Kind::Text), " \u{200b}acme\u{feff}\n"), Ok(json!("acme")));
    let inside = read(field("shop", Kind::Text), "ac\u{202e}me").unwrap_err();
    assert!(inside.contains("cannot be seen"), "{inside}");
}

#[test]
fn a_missing_answer_is_asked_for_with_an_example() {
    let shop = Field { example: Some("acme".into()), ..field("shop", Kind::Text) };
    assert_eq!(read(shop, "  ").unwrap_err(), "Enter your shop name, for example acme.");
    let key = Field { label: "API key".into(), ..field("key", Kind::Secret) };
    assert_eq!(read(key, "").unwrap_err(), "Enter your API key.");
    assert_eq!(read(Field { required: false, ..field("shop", Kind::Text) }, ""), Ok(Value::Null));
}

#[test]
fn a_pasted_address_is_taken_apart_unless_the_vendor_wants_it_whole() {
    let shop = || Field { pasted: Pasted::FirstLabel, ..field("shop", Kind::Text) };
    assert_eq!(read(shop(), "https://acme.myshopify.com/admin"), Ok(json!("acme")));
    let rule = Rule { pattern: Pattern::compile("\\.myshopify\\.com$"), ..Rule::default() };
    assert_eq!(read(Field { rule, ..shop() }, "acme.myshopify.com"), Ok(json!("acme.myshopify.com")));
    assert!(read(shop(), "https://").is_err());
}

#[test]
fn limits_are_kept_and_said_without_repeating_the_answer() {
    let rule =
        Rule { min_length: Some(3), max_length: Some(5), pattern: Pattern::compile("^[a-z]+$"), ..Rule::default() };
    let limited = || Field { rule: rule.clone(), ..field("key", Kind::Secret) };
    assert_eq!(read(limited(), "abcd"), Ok(json!("abcd")));
    for bad in ["zq", "zqzqzq", "zq1!"] {
        let sentence = read(limited(), bad).unwrap_err();
        assert!(!sentence.contains("zq") && sentence.ends_with('.'), "{sentence}");
    }
    let unreadable = Rule { pattern: Pattern::compile("(?<=x)y"), ..Rule::default() };
    assert_eq!(read(Field { rule: unreadable, ..field("key", Kind::Text) }, "z"), Ok(json!("z")));
    assert!(read(field("key", Kind::Text), &"z".repeat(5000)).is_err());
}

#[test]
fn formats_and_numbers_are_checked() {
    assert_eq!(read(field("mail", Kind::Email), "jane@acme.test"), Ok(json!("jane@acme.test")));
    for bad in ["jane", "@acme.test", "jane@", "jane@.test", "a b@c.test"] {
        assert!(read(field("mail", Kind::Email), bad).is_err(), "{bad}");
    }
    assert!(read(field("site", Kind::Url), "javascript:alert(1)").is_err());
    assert_eq!(read(field("port", Kind::Integer), "443"), Ok(json!(443)));
    assert_eq!(read(field("rate", Kind::Number), "1.5"), Ok(json!(1.5)));
    for (kind, bad) in [(Kind::Integer, "1.5"), (Kind::Integer, "many"), (Kind::Number, "NaN"), (Kind::Number, "inf")] {
        assert!(read(field("port", kind), bad).is_err(), "{bad}");
    }
    let rule = Rule { minimum: Some(1.0), maximum: Some(65535.0), ..Rule::default() };
    let sentence = read(Field { rule, ..field("port", Kind::Integer) }, "0").unwrap_err();
    assert_eq!(sentence, "Enter your shop name as a number between 1 and 65535.");
}

#[test]
fn choices_flags_and_lists_are_sent_as_the_vendor_means_them() {
    let choice = |value: &str, meaning: Value| Choice { value: value.into(), label: value.into(), meaning };
    let region = || field("region", Kind::Choice(vec![choice("eu", json!("eu")), choice("2", json!(2))]));
    assert_eq!(read(region(), "2"), Ok(json!(2)));
    assert_eq!(read(region(), "mars").unwrap_err(), "Choose your shop name.");
    assert_eq!(read(field("live", Kind::Flag), "on"), Ok(json!(true)));
    assert_eq!(read(Field { many: true, ..field("tags", Kind::Text) }, "a, b,,c "), Ok(json!(["a", "b", "c"])));
    let unticked = Field { default: Some("true".into()), required: false, ..field("live", Kind::Flag) };
    assert_eq!(form(vec![unticked]).read(&[]).unwrap().data(), Some(json!({"live": false})));
}

#[test]
fn what_nobody_is_asked_is_sent_too_and_nothing_is_sent_for_nothing() {
    let mut form = form(Vec::new());
    assert_eq!(form.read(&[]).unwrap().data(), None);
    form.always_answers = true;
    assert_eq!(form.read(&[]).unwrap().data(), Some(json!({})));
    form.fixed = vec![(vec!["auth".to_owned(), "kind".to_owned()], json!("basic"))];
    form.fields = vec![Field { path: vec!["auth".to_owned(), "user".to_owned()], ..field("user", Kind::Text) }];
    let submitted = [("data.user".to_owned(), "jane".to_owned()), ("form_token".to_owned(), "x".to_owned())];
    assert_eq!(form.read(&submitted).unwrap().data(), Some(json!({"auth": {"kind": "basic", "user": "jane"}})));
}

#[test]
fn a_key_is_neither_shown_again_nor_printed() {
    let key = field("key", Kind::Secret);
    let submitted = [("data.key".to_owned(), "sk_secret".to_owned()), ("data.shop".to_owned(), "acme".to_owned())];
    assert_eq!(key.shown(&submitted), "");
    assert_eq!(field("shop", Kind::Text).shown(&submitted), "acme");
    let answers = form(vec![key]).read(&submitted).unwrap();
    assert!(!format!("{answers:?}").contains("sk_secret"));
    assert_eq!(answers.redact("not sk_secret"), "not …");
}

#[test]
fn all_mistakes_are_told_at_once_and_in_order() {
    let form = form(vec![field("one", Kind::Text), field("two", Kind::Integer)]);
    let mistakes = form.read(&[("data.two".to_owned(), "x".to_owned())]).unwrap_err();
    let fields: Vec<&str> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    assert_eq!(fields, ["data.one", "data.two"]);
}

#[test]
fn a_form_says_in_a_few_words_what_it_asks_for() {
    let asks_for = |fields| form(fields).asks_for(&Language::default()).unwrap().plain();
    let named = |label: &str| Field { label: label.into(), ..field("x", Kind::Text) };
    assert_eq!(asks_for(vec![named("API key")]), "API key");
    assert_eq!(asks_for(vec![named("Username"), named("Password")]), "Username and password");
    assert_eq!(asks_for(vec![named("Name"), named("API key"), named("Password")]), "Name, API key and password");
}

#[test]
fn a_tick_that_was_taken_away_stays_away_when_the_form_is_shown_again() {
    let flag = Field { default: Some("true".into()), required: false, ..field("live", Kind::Flag) };
    assert_eq!(flag.shown(&[]), "true");
    assert_eq!(flag.shown(&[("form_token".to_owned(), "x".to_owned())]), "");
    assert_eq!(flag.shown(&[("data.live".to_owned(), "true".to_owned())]), "true");
}

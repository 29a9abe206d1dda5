use serde_json::json;

use super::*;

fn field(name: &str, kind: FieldKind) -> Field {
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

fn read(field: Field, typed: &str) -> Result<Value, FieldError> {
    let (name, path) = (field.name.clone(), field.path.join("/"));
    match form(vec![field]).read(&[(name.clone(), typed.to_owned())], DecimalMark::Point) {
        Ok(answers) => {
            Ok(answers.data().and_then(|data| data.pointer(&format!("/{path}")).cloned()).unwrap_or(Value::Null))
        }
        Err(errors) => Err(errors.get(&name).unwrap()),
    }
}

#[test]
fn invisible_characters_are_trimmed() {
    assert_eq!(read(field("shop", FieldKind::Text), " \u{200b}acme\u{feff}\n"), Ok(json!("acme")));
    assert_eq!(read(field("shop", FieldKind::Text), "ac\u{202e}me"), Err(FieldError::HiddenCharacters));
}

#[test]
fn key_of_several_lines_is_no_address() {
    let key = "-----BEGIN PRIVATE KEY-----\nMHcCAQEE\n-----END PRIVATE KEY-----\n";
    for kind in [FieldKind::Email, FieldKind::Url] {
        assert!(read(field("contact", kind), key).is_err());
    }
    assert!(read(field("key", FieldKind::Secret), key).is_ok());
}

#[test]
fn only_required_field_must_be_filled() {
    assert_eq!(read(field("shop", FieldKind::Text), "  "), Err(FieldError::Missing));
    assert_eq!(read(Field { required: false, ..field("shop", FieldKind::Text) }, ""), Ok(Value::Null));
}

#[test]
fn pasted_address_is_reduced_unless_pattern_needs_all() {
    let provider = Provider { app: "shopify".to_owned(), domains: vec!["myshopify.com".to_owned()] };
    let shop = || Field { pasted: Pasted::FirstLabel, provider: provider.clone(), ..field("shop", FieldKind::Text) };
    assert_eq!(read(shop(), "https://acme.myshopify.com/admin"), Ok(json!("acme")));
    let limits = Limits { pattern: Pattern::compile("\\.myshopify\\.com$"), ..Limits::default() };
    for typed in ["acme", "acme.myshopify.com", "https://acme.myshopify.com/admin"] {
        let whole = Field { limits: limits.clone(), ..shop() };
        assert_eq!(read(whole, typed), Ok(json!("acme.myshopify.com")), "{typed}");
    }
    assert_eq!(read(Field { limits, ..shop() }, "shop.acme.test"), Err(FieldError::OtherAddress));
    assert!(read(shop(), "https://").is_err());
}

#[test]
fn values_beyond_limits_are_refused() {
    let limits =
        Limits { min_length: Some(3), max_length: Some(5), pattern: Pattern::compile("^[a-z]+$"), ..Limits::default() };
    let limited = || Field { limits: limits.clone(), ..field("key", FieldKind::Secret) };
    assert_eq!(read(limited(), "abcd"), Ok(json!("abcd")));
    assert_eq!(read(limited(), "zq"), Err(FieldError::TooShort(3)));
    assert_eq!(read(limited(), "zqzqzq"), Err(FieldError::TooLong(5)));
    assert_eq!(read(limited(), "zq1!"), Err(FieldError::Malformed));
    let unreadable = Limits { pattern: Pattern::compile("(?<=x)y"), ..Limits::default() };
    assert_eq!(read(Field { limits: unreadable, ..field("key", FieldKind::Text) }, "z"), Ok(json!("z")));
    assert_eq!(read(field("key", FieldKind::Text), &"z".repeat(5000)), Err(FieldError::TooLong(4096)));
}

#[test]
fn blanks_around_a_password_count_where_its_pattern_allows_them() {
    let password = |pattern| Field {
        verbatim: true,
        limits: Limits { pattern: Pattern::compile(pattern), ..Limits::default() },
        ..field("pwd", FieldKind::Secret)
    };
    assert_eq!(read(password("^acme$"), " acme "), Ok(json!("acme")));
    assert_eq!(read(password("acme"), " acme "), Ok(json!(" acme ")));
    assert_eq!(read(password("^acme$"), " other "), Err(FieldError::Malformed));
}

#[test]
fn formats_and_numbers_are_checked() {
    assert_eq!(read(field("mail", FieldKind::Email), "jane@acme.test"), Ok(json!("jane@acme.test")));
    for bad in ["jane", "@acme.test", "jane@", "jane@.test", "a b@c.test"] {
        assert!(read(field("mail", FieldKind::Email), bad).is_err(), "{bad}");
    }
    assert!(read(field("site", FieldKind::Url), "javascript:alert(1)").is_err());
    assert_eq!(read(field("port", FieldKind::Integer), "443"), Ok(json!(443)));
    assert_eq!(read(field("rate", FieldKind::Number), "1.5"), Ok(json!(1.5)));
    for (kind, bad) in [
        (FieldKind::Integer, "1.5"),
        (FieldKind::Integer, "many"),
        (FieldKind::Number, "NaN"),
        (FieldKind::Number, "inf"),
    ] {
        assert!(read(field("port", kind), bad).is_err(), "{bad}");
    }
    let limits = Limits { minimum: Some(1.0), maximum: Some(65535.0), ..Limits::default() };
    assert_eq!(read(Field { limits, ..field("port", FieldKind::Integer) }, "0"), Err(FieldError::OutOfRange));
}

#[test]
fn choices_flags_and_lists_are_sent_as_json() {
    let choice = |value: &str, meaning: Value| Choice { value: value.into(), label: value.into(), meaning };
    let region = || field("region", FieldKind::Choice(vec![choice("eu", json!("eu")), choice("2", json!(2))]));
    assert_eq!(read(region(), "2"), Ok(json!(2)));
    assert_eq!(read(region(), "mars"), Err(FieldError::Missing));
    let odd =
        || field("odd", FieldKind::Choice(vec![choice("\"\"", json!("")), choice(" eu\nwest ", json!(" eu\nwest "))]));
    assert_eq!(read(odd(), "\"\""), Ok(json!("")));
    assert_eq!(read(odd(), " eu\r\nwest "), Ok(json!(" eu\nwest ")));
    assert_eq!(read(odd(), ""), Err(FieldError::Missing));
    assert_eq!(read(field("live", FieldKind::Flag), "on"), Ok(json!(true)));
    assert_eq!(read(Field { many: true, ..field("tags", FieldKind::Text) }, "a, b,,c "), Ok(json!(["a", "b", "c"])));
    let unticked = Field { default: Some("true".into()), required: false, ..field("live", FieldKind::Flag) };
    assert_eq!(form(vec![unticked]).read(&[], DecimalMark::Point).unwrap().data(), Some(json!({"live": false})));
}

#[test]
fn password_goes_as_typed_and_key_is_trimmed() {
    let password = || Field { verbatim: true, ..field("password", FieldKind::Secret) };
    for typed in [" pw 1 ", "pw\u{a0}", "\u{3000}", "   ", "گذر\u{200c}واژه", "a\tb", "\u{200f}סוד"] {
        assert_eq!(read(password(), typed), Ok(json!(typed)), "{typed:?}");
    }
    for typed in ["pw 1\r\n", "\npw 1\n\n"] {
        assert_eq!(read(password(), typed), Ok(json!("pw 1")), "{typed:?}");
    }
    for typed in ["pw\u{200b}", "p\nw", "pw\u{0}", "\u{feff}pw", "\u{202e}pw"] {
        assert_eq!(read(password(), typed), Err(FieldError::HiddenCharacters), "{typed:?}");
    }
    assert_eq!(read(password(), "\r\n"), Err(FieldError::Missing));
    assert_eq!(read(field("key", FieldKind::Secret), " \u{200b}sk_1\u{a0}\r\n"), Ok(json!("sk_1")));
    assert_eq!(read(field("name", FieldKind::Text), "می\u{200c}خواهم"), Ok(json!("می\u{200c}خواهم")));
}

#[test]
fn required_field_may_be_empty_once_its_user_was_asked() {
    let password = Field { may_be_empty: true, verbatim: true, ..field("password", FieldKind::Secret) };
    let form = form(vec![field("key", FieldKind::Secret), password]);
    let typed = |key: &str, left_empty: &[&str]| {
        let fields = [("data.key", key), ("data.password", "")].into_iter();
        let fields = fields.chain(left_empty.iter().map(|&name| (LEFT_EMPTY, name)));
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let read = |submitted: &[(String, String)]| form.read(submitted, DecimalMark::Point);
    let asked = read(&typed("key-1", &[])).unwrap_err();
    assert_eq!(asked.iter().collect::<Vec<_>>(), [("data.password", FieldError::Empty)]);
    assert_eq!(form.left_empty(&typed("key-1", &[])).collect::<Vec<_>>(), ["data.password"]);
    let answers = read(&typed("key-1", &["data.password"])).unwrap();
    assert_eq!(answers.data(), Some(json!({"key": "key-1", "password": ""})));
    // Only that field may be empty, and an empty form is not meant.
    let empty = read(&typed("", &["data.key", "data.password"])).unwrap_err();
    let missing = [("data.key", FieldError::Missing), ("data.password", FieldError::Missing)];
    assert_eq!(empty.iter().collect::<Vec<_>>(), missing);
}

#[test]
fn constants_are_sent_and_empty_form_is_not() {
    let mut form = form(Vec::new());
    assert_eq!(form.read(&[], DecimalMark::Point).unwrap().data(), None);
    form.always_answers = true;
    assert_eq!(form.read(&[], DecimalMark::Point).unwrap().data(), Some(json!({})));
    form.fixed = vec![(vec!["auth".to_owned(), "kind".to_owned()], json!("basic"))];
    form.fields = vec![Field { path: vec!["auth".to_owned(), "user".to_owned()], ..field("user", FieldKind::Text) }];
    let submitted = [("data.user".to_owned(), "jane".to_owned()), ("form_token".to_owned(), "x".to_owned())];
    assert_eq!(
        form.read(&submitted, DecimalMark::Point).unwrap().data(),
        Some(json!({"auth": {"kind": "basic", "user": "jane"}}))
    );
}

#[test]
fn secret_is_neither_shown_again_nor_logged() {
    let key = field("key", FieldKind::Secret);
    let submitted = [("data.key".to_owned(), "sk_secret".to_owned()), ("data.shop".to_owned(), "acme".to_owned())];
    assert_eq!(key.initial_value(&submitted), "");
    assert_eq!(field("shop", FieldKind::Text).initial_value(&submitted), "acme");
    let pasted = [("data.shop".to_owned(), "-----BEGIN PRIVATE KEY-----\nMIIE\n".to_owned())];
    assert_eq!(field("shop", FieldKind::Text).initial_value(&pasted), "", "in a field for other values");
    let answers = form(vec![key]).read(&submitted, DecimalMark::Point).unwrap();
    assert!(!format!("{answers:?}").contains("sk_secret"));
    assert_eq!(answers.redact("not sk_secret"), "not …");
}

#[test]
fn all_errors_are_returned_in_form_order() {
    let form = form(vec![field("one", FieldKind::Text), field("two", FieldKind::Integer)]);
    let errors = form.read(&[("data.two".to_owned(), "x".to_owned())], DecimalMark::Point).unwrap_err();
    let expected = [("data.one", FieldError::Missing), ("data.two", FieldError::NotANumber)];
    assert_eq!(errors.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn unticked_box_stays_unticked() {
    let flag = Field { default: Some("true".into()), required: false, ..field("live", FieldKind::Flag) };
    assert_eq!(flag.initial_value(&[]), "true");
    assert_eq!(flag.initial_value(&[("form_token".to_owned(), "x".to_owned())]), "");
    assert_eq!(flag.initial_value(&[("data.live".to_owned(), "true".to_owned())]), "true");
}

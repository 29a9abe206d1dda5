//! Cookies that another host of the same domain sets, under names that only look like ours: browsers send them to us, and
//! with a longer path in front of our own.

mod requests;

use gangway::config::VerifyCompletion;
use serde_json::json;

use crate::{
    app::TestApp,
    browser::{COOKIE as LOOPBACK_COOKIE, HTTPS_COOKIE as COOKIE},
    fuzz_cookies::without_limits,
    provider::redirect_uri,
    spellings::spellings,
    wire::Wire,
};

use requests::{Planted, header, navigate, outline, pair, routes, send};

/// The spellings with which the hole was found.
const FOUND: [&[u8]; 5] = [
    b"%5F%5FHost-gangway",
    b"__%48ost-gangway",
    b"\xe2\x80\x80__Host-gangway",
    b"__Host-gangway\xc2\xa0",
    b"\xc2\x85__Host-gangway\xc2\x85",
];

#[tokio::test]
async fn no_route_takes_another_spelling() {
    let app = TestApp::spawn_over_https_with(without_limits).await;
    let mut planted = Planted::prepare(&app, "mallory").await;
    planted.victim.link_and_allow(&app.sandbox, "notion").await;
    let attempt = app.last_attempt("jane", "notion").await;
    let text = |name: &str| attempt[name].as_str().unwrap();
    let back = redirect_uri(&planted.victim.leave_for("hubspot").await);
    let state = back.rsplit_once('/').unwrap().1;
    let used = app.session_with(json!({})).await["start_code"].as_str().unwrap().to_owned();
    planted.victim.post_from(crate::app::HOST_ORIGIN, "/start", &[("code", &used)]).await;
    let spellings = spellings(COOKIE);
    let own = planted.own();
    let mut judged = Vec::new();
    for (route, methods) in routes() {
        let fill = [("{connector}", "slack"), ("{state}", state), ("{attempt}", text("id")), ("{kind}", "not-found")];
        let fill = fill.into_iter().chain([("{credential}", text("credential_id")), ("{user}", "jane")]);
        let path = fill.fold(route.clone(), |path, (name, value)| path.replace(name, value));
        let path = path.replace(['{', '}'], "");
        let path = if route == "/start" { format!("{path}?code={used}") } else { path };
        let more = format!(
            "origin: {}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\n",
            app.origin()
        );
        for method in methods {
            let body = if method == "POST" { format!("code={used}") } else { String::new() };
            let answer = async |cookies: &[Vec<u8>]| send(&app, (&method, &path, &body), &more, cookies).await;
            let (without, with) = (answer(&[]).await, answer(std::slice::from_ref(&own)).await);
            let (without, with) = (outline(&without), outline(&with));
            assert!(without.0 != 400 && with.0 != 400, "{method} {path}");
            let reads_cookies = without != with;
            for chunk in spellings.chunks(if reads_cookies { 1 } else { 40 }) {
                let chunk: Vec<Vec<u8>> = chunk.iter().map(|name| planted.pair(name)).collect();
                let alone = answer(&[chunk.join(&b"; "[..])]).await;
                assert_eq!(outline(&alone), without, "{method} {path}: {}", String::from_utf8_lossy(&chunk[0]));
            }
            for chunk in spellings.chunks(40) {
                let chunk: Vec<Vec<u8>> = chunk.iter().map(|name| planted.pair(name)).collect();
                let junk = chunk.join(&b"; "[..]);
                for line in [[&junk[..], &own].join(&b"; "[..]), [&own[..], &junk].join(&b"; "[..])] {
                    assert_eq!(outline(&answer(&[line]).await), with, "{method} {path}");
                }
                assert_eq!(outline(&answer(&[junk, own.clone()]).await), with, "{method} {path}, two headers");
            }
            let twice = [planted.pair(COOKIE.as_bytes()), own.clone()];
            assert_eq!(outline(&answer(&[twice.join(&b"; "[..])]).await), without, "{method} {path}, two of our name");
            if reads_cookies {
                judged.push(format!("{method} {route}"));
            }
        }
    }
    // The addresses of a session: if the list shrinks, the comparison has lost its force.
    assert_eq!(judged.len(), 21, "{judged:#?}");
}

#[tokio::test]
async fn planted_cookie_binds_no_return() {
    for mode in [VerifyCompletion::Never, VerifyCompletion::Links] {
        let app = TestApp::spawn_over_https_with(|settings| settings.host.verify_completion = mode).await;
        let names = FOUND.into_iter().chain([COOKIE.as_bytes()]).enumerate();
        for (number, name) in names {
            let user = format!("mallory-{number}");
            let planted = Planted::prepare(&app, &user).await;
            // The browser sends the planted cookie first: its path is `/callback`.
            let line = [planted.pair(name), planted.own()].join(&b"; "[..]);
            let answer = navigate(&app, &planted.back, &[line]).await;
            let attempt = app.last_attempt(&user, "slack").await;
            let end = (attempt["state"].as_str().unwrap(), attempt["reason"].as_str().unwrap_or_default());
            let shown = String::from_utf8_lossy(name);
            assert_eq!((answer.status, end), (403, ("unverified", "foreign_return")), "{mode:?} {shown}");
            app.until("the deletion", async || app.held(&user).is_empty()).await;
            assert!(app.connections(&user).await.is_empty(), "{mode:?} {shown}");
        }
    }
}

/// On http loopback our cookies have no prefix, and everywhere else they have one. Neither kind opens the other.
#[tokio::test]
async fn name_under_another_public_url_is_not_ours() {
    for (app, own, other) in [
        (TestApp::spawn().await, LOOPBACK_COOKIE, COOKIE),
        (TestApp::spawn_over_https().await, COOKIE, LOOPBACK_COOKIE),
    ] {
        let mut planted = Planted::prepare(&app, "mallory").await;
        assert_eq!(planted.victim.cookie_name(), own);
        let (victims, attackers) = (planted.victim.cookie().unwrap().clone(), planted.attacker.clone());
        let opened = async |cookies: &[Vec<u8>]| {
            let answer = send(&app, ("GET", "/connectors", ""), "", cookies).await;
            (answer.status, answer.body.contains("Jane Doe"))
        };
        let own_pair = pair(own.as_bytes(), &victims);
        assert_eq!(opened(std::slice::from_ref(&own_pair)).await, (200, true), "{own}");
        // Neither the victim's own value nor an attacker's counts under the other name, alone or beside ours.
        for value in [&victims, &attackers] {
            let other = pair(other.as_bytes(), value);
            assert_eq!(opened(std::slice::from_ref(&other)).await, (401, false), "{own}");
            assert_eq!(opened(&[[&other[..], &own_pair].join(&b"; "[..])]).await, (200, true), "{own}");
        }
        // The language is read in the same way.
        for (name, expected) in [(own, "lang=\"ja\""), (other, "lang=\"en\"")] {
            let language = pair(format!("{name}-language").as_bytes(), "ja");
            let answer = send(&app, ("GET", "/connectors", ""), "", &[language]).await;
            assert!(answer.body.contains(expected), "{name}: {}", answer.body);
        }
        // A return with the attacker's session under the other name is foreign.
        let line = pair(other.as_bytes(), &attackers);
        let back = planted.back.clone();
        assert_eq!(navigate(&app, &back, &[line]).await.status, 403, "{own}");
        assert_eq!(app.last_attempt("mallory", "slack").await["reason"], "foreign_return", "{own}");
        assert_eq!(planted.victim.get("/connectors").await.status, 200);
    }
}

#[tokio::test]
async fn planted_cookie_opens_no_session() {
    let app = TestApp::spawn_over_https().await;
    let planted = Planted::prepare(&app, "mallory").await;
    for name in FOUND {
        let answer = navigate(&app, "/connectors/slack", &[planted.pair(name)]).await;
        assert_eq!(answer.status, 401, "{}", String::from_utf8_lossy(name));
        assert!(!answer.body.contains("Mallory"), "{}", answer.body);
    }
    // A return without any session of the attacker's is foreign.
    let answer = navigate(&app, &planted.back, &[planted.pair(FOUND[0])]).await;
    assert_eq!(
        (answer.status, app.last_attempt("mallory", "slack").await["state"].as_str()),
        (403, Some("unverified"))
    );
}

#[tokio::test]
async fn every_spelling_at_the_callback_is_noise() {
    let app = TestApp::spawn_over_https_with(without_limits).await;
    let planted = Planted::prepare(&app, "mallory").await;
    let path = planted.back.trim_start_matches(&app.origin());
    for name in spellings(COOKIE) {
        let (planted_pair, own) = (planted.pair(&name), planted.own());
        let before = [&planted_pair[..], &own].join(&b"; "[..]);
        let behind = [&own[..], &planted_pair].join(&b";"[..]);
        let without_space = [&planted_pair[..], &own, &planted_pair].join(&b";"[..]);
        let lines: [&[Vec<u8>]; 6] = [
            std::slice::from_ref(&planted_pair),
            &[before],
            &[behind],
            &[without_space],
            &[planted_pair.clone(), own.clone()],
            &[own, planted_pair.clone()],
        ];
        for cookies in lines {
            // Without Fetch Metadata only a session of the attacker's would count, and nothing else is recorded.
            let answer = send(&app, ("GET", path, ""), "", cookies).await;
            assert_eq!(answer.status, 403, "{}: {}", String::from_utf8_lossy(&name), answer.body);
        }
    }
    let steps = app.last_attempt("mallory", "slack").await["timeline"].to_string();
    assert!(!steps.contains("returned"), "{steps}");
}

#[tokio::test]
async fn bound_return_counts_among_planted_cookies() {
    let app = TestApp::spawn_over_https_with(without_limits).await;
    for chunk in spellings(COOKIE).chunks(60) {
        let mut planted = Planted::prepare(&app, "mallory").await;
        let back = app.sandbox.approve(&planted.victim.leave_for("notion").await).unwrap().unwrap();
        let junk: Vec<Vec<u8>> = chunk.iter().map(|name| planted.pair(name)).collect();
        let junk = junk.join(&b"; "[..]);
        let line = [&junk[..], &planted.own(), &junk].join(&b"; "[..]);
        let answer = navigate(&app, &back, &[line]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = planted.victim.get(header(&answer, "location").unwrap()).await;
        assert_eq!(page.heading(), "Notion is connected");
    }
}

#[tokio::test]
async fn cookie_headers_are_read_by_their_bytes() {
    let app = TestApp::spawn_over_https().await;
    let planted = Planted::prepare(&app, "mallory").await;
    let (own, attackers) = (planted.victim.cookie().unwrap(), planted.attacker.as_str());
    let cases = [
        // Several headers are one, SP and HTAB bound a name, and the space behind a semicolon may be missing.
        (format!("cookie: a=b\r\nCOOKIE: {COOKIE}={own}"), 200),
        (format!("cookie: a=b;{COOKIE}={own};c"), 200),
        (format!("cookie: \t {COOKIE}\t = \t{own} \t;\t"), 200),
        (format!("cookie:\r\ncookie: ;;;{COOKIE}={own};;;"), 200),
        (format!("cookie: {COOKIE}; {COOKIE}={own}; ={COOKIE}"), 200),
        (format!("cookie: {COOKIE}={own}; a=\"b"), 200),
        (format!("cookie: a=b=c; =; {COOKIE}={own}"), 200),
        (format!("cookie: {COOKIE}={}", own.replace("%3D", "=")), 200),
        // Two of our name are none, in any order and form.
        (format!("cookie: {COOKIE}={own}\r\ncookie: {COOKIE}={own}"), 401),
        (format!("cookie: {COOKIE}={own}; {COOKIE}="), 401),
        (format!("cookie: {COOKIE}=x; {COOKIE}={own}"), 401),
        (format!("cookie: {COOKIE}={attackers};{COOKIE} ={own}"), 401),
        (format!("cookie: {COOKIE}=\"{attackers}\"; {COOKIE}={own}"), 401),
        // Nothing but the value itself is a value of ours.
        (format!("cookie: {COOKIE}=\"{own}\""), 401),
        (format!("cookie: {COOKIE}={own}, a=b"), 401),
        (format!("cookie: {COOKIE}={own}\u{a0}"), 401),
        (format!("cookie: {COOKIE}=={own}"), 401),
        (format!("cookie: a=\"; {COOKIE}={attackers}; {COOKIE}={own}; \""), 401),
        (format!("cookie2: {COOKIE}={own}"), 401),
        // The server below reads no such header.
        (format!("cookie: a=b\r\n {COOKIE}={attackers}"), 400),
        (format!("cookie: \0{COOKIE}={attackers}"), 400),
        (format!("cookie: {COOKIE}\u{b}={attackers}"), 400),
        (format!("cookie: {COOKIE}\u{c}={attackers}"), 400),
        (format!("cookie: {COOKIE}\r={attackers}"), 400),
        (format!("cookie : {COOKIE}={attackers}"), 400),
    ];
    for (line, status) in cases {
        let answer = send(&app, ("GET", "/connectors", ""), &format!("{line}\r\n"), &[]).await;
        assert_eq!(answer.status, status, "{line:?}: {}", answer.head);
        assert!(!answer.body.contains("Mallory"), "{line:?}");
    }
}

#[tokio::test]
async fn planted_cookies_choose_no_language() {
    let app = TestApp::spawn_over_https_with(without_limits).await;
    let name = format!("{COOKIE}-language");
    let own = pair(name.as_bytes(), "de");
    let language = async |cookies: &[Vec<u8>]| {
        let answer = send(&app, ("GET", "/connectors", ""), "", cookies).await;
        answer.body.split_once("lang=\"").unwrap().1.get(..2).unwrap().to_owned()
    };
    assert_eq!(language(std::slice::from_ref(&own)).await, "de");
    for spelling in spellings(&name) {
        let planted = pair(&spelling, "ja");
        let shown = String::from_utf8_lossy(&spelling);
        assert_eq!(language(std::slice::from_ref(&planted)).await, "en", "{shown}");
        assert_eq!(language(&[[&planted[..], &own].join(&b"; "[..])]).await, "de", "{shown}");
        assert_eq!(language(&[own.clone(), planted]).await, "de", "{shown}");
    }
    assert_eq!(language(&[[&own[..], &pair(name.as_bytes(), "ja")].join(&b"; "[..])]).await, "en");
}

/// A page of the same domain can fill the browser with cookies. That locks out this browser, and no other.
#[tokio::test]
async fn cookies_beyond_the_head_are_refused() {
    let app = TestApp::spawn_over_https().await;
    let mut jane = app.arrived().await;
    let own = pair(COOKIE.as_bytes(), jane.cookie().unwrap());
    let bomb: Vec<Vec<u8>> = (0..9).map(|number| format!("a{number}={}", "x".repeat(3_900)).into_bytes()).collect();
    let accepted = [bomb[..7].join(&b"; "[..]), own.clone()].join(&b"; "[..]);
    assert_eq!(send(&app, ("GET", "/connectors", ""), "", &[accepted]).await.status, 200);
    let refused = String::from_utf8([bomb.join(&b"; "[..]), own].join(&b"; "[..])).unwrap();
    let mut wire = Wire::open(&app).await;
    wire.takes(format!("GET /connectors HTTP/1.1\r\nhost: localhost\r\ncookie: {refused}\r\n\r\n")).await;
    let (bytes, _) = wire.until_closed().await;
    assert!(!bytes.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(jane.get("/connectors").await.status, 200);
}

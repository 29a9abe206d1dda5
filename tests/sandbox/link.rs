//! The browser's way: link, consent, callback, return.

use gangway::sandbox::{API_KEY, Route};
use serde_json::Value;
use time::Duration;
use url::Url;

use crate::fixture::{Alloy, RETURN, is_id, location, parameter};

#[tokio::test]
async fn starting_a_link_gives_the_documented_address_and_stores_nothing() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let url = alloy.authorization_url(&jane, "slack").await;
    let parsed = Url::parse(&url).unwrap();
    assert!(url.starts_with(alloy.control.base_url()));
    assert_eq!(parsed.path(), "/api/strategy/connector/slack/authorize");
    let names: Vec<String> = parsed.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["userId", "redirectUri", "token"]);
    assert_eq!(parameter(&url, "userId"), Some(jane.clone()));
    assert_eq!(parameter(&url, "redirectUri").as_deref(), Some(RETURN));

    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let token = parameter(&url, "token").unwrap();
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect();
    assert_eq!(parts[0]["alg"], "HS256");
    assert_eq!(parts[1]["exp"].as_i64().unwrap() - parts[1]["iat"].as_i64().unwrap(), 3600);
    assert!(!token.contains(API_KEY));
    assert!(alloy.listed(&jane, "slack").await.is_empty());
}

#[tokio::test]
async fn the_providers_page_waits_for_a_person_and_says_what_is_asked() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let page = alloy.consent_page(&alloy.authorization_url(&jane, "slack").await).await;
    assert!(page.text().contains("Alloy wants to use your Slack"), "{}", page.text());
    assert!(page.text().contains("Account Jane's Slack"));
    assert!(!page.html.contains("<script"));
    for name in ["client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"] {
        assert!(parameter(&page.url, name).is_some_and(|value| !value.is_empty()), "{name}");
    }
    assert_eq!(parameter(&page.url, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(
        parameter(&page.url, "redirect_uri"),
        Some(alloy.url("/api/strategy/connector/slack/callback")),
        "the provider returns to Alloy, not to us"
    );
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn allowing_stores_a_credential_and_returns_bare() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let back = alloy.walk(&alloy.authorization_url(&jane, "slack").await, "Allow").await;
    assert_eq!(location(&back), RETURN);
    let listed = alloy.listed(&jane, "slack").await;
    assert_eq!(listed.len(), 1);
    assert!(is_id(&listed[0]["credentialId"]));
    assert_eq!(listed[0]["name"], "Jane's Slack");
    assert_eq!(listed[0]["type"], "slack-oauth2");
    assert_eq!(listed[0]["createdAt"], listed[0]["updatedAt"]);
}

#[tokio::test]
async fn each_approval_adds_a_credential_even_by_the_same_link() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let url = alloy.authorization_url(&jane, "slack").await;
    for _ in 0..2 {
        alloy.walk(&url, "Allow").await;
    }
    let names: Vec<String> = alloy.control.credentials(&jane).into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Jane's Slack", "Jane's Slack (2)"]);
}

#[tokio::test]
async fn cancelling_stores_nothing_and_returns_with_an_error() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let back = alloy.walk(&alloy.authorization_url(&jane, "slack").await, "Cancel").await;
    assert_eq!(location(&back), format!("{RETURN}&error=access_denied"));
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn what_an_app_asks_for_beforehand_travels_with_the_link() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let body = serde_json::json!({"userId": jane, "authenticationType": "oauth2", "redirectUri": RETURN,
        "data": {"shopName": "acme"}});
    let (status, answer) = alloy.post("/connectors/shopify/credentials", body).await;
    assert_eq!(status, 200);
    let back = alloy.walk(answer["oauthUrl"].as_str().unwrap(), "Allow").await;
    assert_eq!(location(&back), RETURN);
    assert_eq!(alloy.listed(&jane, "shopify").await[0]["name"], "Jane's Shopify");
}

#[tokio::test]
async fn a_link_without_a_redirect_uri_ends_on_a_page() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let body = serde_json::json!({"userId": jane, "authenticationType": "oauth2"});
    let (_, answer) = alloy.post("/connectors/notion/credentials", body).await;
    let end = alloy.walk(answer["oauthUrl"].as_str().unwrap(), "Allow").await;
    assert_eq!(end.status(), 200);
    assert_eq!(alloy.control.credentials(&jane).len(), 1);
}

#[tokio::test]
async fn a_link_lives_one_hour_and_cannot_be_made_for_somebody_else() {
    let alloy = Alloy::start();
    let (jane, sam) = (alloy.jane(), alloy.control.add_user("acme:sam", None));
    let url = alloy.authorization_url(&jane, "slack").await;
    assert_eq!(alloy.open(&url.replace(&jane, &sam)).await.status(), 400);
    assert_eq!(alloy.open(&url.replace("connector/slack", "connector/notion")).await.status(), 400);
    assert_eq!(alloy.open(&format!("{url}x")).await.status(), 400);
    alloy.control.shift_clock(Duration::minutes(59));
    assert_eq!(alloy.open(&url).await.status(), 302);
    alloy.control.shift_clock(Duration::minutes(1));
    let page = alloy.open(&url).await;
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("expired"));
}

#[tokio::test]
async fn the_code_is_exchanged_once_in_time_and_with_the_right_verifier() {
    let alloy = Alloy::start();
    let verifier = "a-verifier-of-our-own-that-is-long-enough-for-the-rule";
    let callback = alloy.url("/api/strategy/connector/slack/callback");
    // The provider as any client sees it: our own challenge (S256 of the verifier), no Alloy in between.
    let request = Url::parse_with_params(
        &alloy.url("/provider/slack/authorize"),
        [
            ("response_type", "code"),
            ("client_id", "alloy"),
            ("redirect_uri", callback.as_str()),
            ("state", "s"),
            ("code_challenge", &s256(verifier)),
            ("code_challenge_method", "S256"),
        ],
    )
    .unwrap();
    let code = async || {
        let html = alloy.open(request.as_str()).await.text().await.unwrap();
        let page = crate::fixture::ConsentPage { url: request.to_string(), html };
        let back = location(&alloy.press(&page, "Allow").await);
        assert_eq!(parameter(&back, "state").as_deref(), Some("s"));
        parameter(&back, "code").unwrap()
    };
    let exchange = async |code: &str, verifier: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", "alloy"),
            ("redirect_uri", &callback),
            ("code_verifier", verifier),
        ];
        alloy.token(&form).await
    };
    let used = code().await;
    let (status, tokens) = exchange(&used, verifier).await;
    assert_eq!(status, 200);
    assert!(tokens["access_token"].is_string());
    assert_eq!(exchange(&used, verifier).await.1["error"], "invalid_grant", "a code works once");

    let other = code().await;
    assert_eq!(exchange(&other, "another verifier").await.0, 400);
    assert_eq!(exchange(&other, verifier).await.0, 400, "a wrong try uses it up");

    let late = code().await;
    alloy.control.shift_clock(Duration::seconds(61));
    assert_eq!(exchange(&late, verifier).await.0, 400);
}

fn s256(verifier: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use sha2::{Digest as _, Sha256};
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[tokio::test]
async fn alloys_callback_takes_only_a_state_that_is_under_way_and_each_once() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let page = alloy.consent_page(&alloy.authorization_url(&jane, "slack").await).await;
    let callback = location(&alloy.press(&page, "Allow").await);
    assert_eq!(alloy.open(&alloy.url("/api/strategy/connector/slack/callback?code=x&state=y")).await.status(), 400);
    assert_eq!(location(&alloy.open(&callback).await), RETURN);
    assert_eq!(alloy.open(&callback).await.status(), 400);
    assert_eq!(alloy.control.credentials(&jane).len(), 1);
}

#[tokio::test]
async fn a_code_of_anothers_round_trip_is_refused() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let first = alloy.consent_page(&alloy.authorization_url(&jane, "slack").await).await;
    let second = alloy.consent_page(&alloy.authorization_url(&jane, "slack").await).await;
    let code = parameter(&location(&alloy.press(&first, "Allow").await), "code").unwrap();
    let callback = Url::parse_with_params(
        &alloy.url("/api/strategy/connector/slack/callback"),
        [("code", &code), ("state", &parameter(&second.url, "state").unwrap())],
    )
    .unwrap();
    assert_eq!(location(&alloy.open(callback.as_str()).await), format!("{RETURN}&error=server_error"));
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn the_provider_sends_nobody_to_a_stranger() {
    let alloy = Alloy::start();
    for query in [
        "response_type=code&client_id=alloy&redirect_uri=https%3A%2F%2Fevil.test%2F&code_challenge=x&code_challenge_method=S256",
        "response_type=code&client_id=stranger",
        "",
    ] {
        let page = alloy.open(&alloy.url(&format!("/provider/slack/authorize?{query}"))).await;
        assert_eq!(page.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn a_test_can_approve_without_a_browser() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let url = alloy.authorization_url(&jane, "slack").await;
    assert_eq!(alloy.control.approve(&url), Ok(Some(RETURN.to_owned())));
    assert_eq!(alloy.control.credentials(&jane)[0].name, "Jane's Slack");
    assert!(alloy.control.approve(&format!("{url}x")).is_err());
    assert_eq!(alloy.control.count(Route::CreateCredential), 1);
}

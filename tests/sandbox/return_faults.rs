//! What nobody documents about the return.

use gangway::sandbox::Fault;

use crate::fixture::{Alloy, RETURN, location, parameter};

/// Walks to the end with that fault on.
async fn returned(fault: Fault, button: &str) -> (Alloy, String, String) {
    let alloy = Alloy::with(fault);
    let jane = alloy.jane();
    let end = alloy.walk(&alloy.authorization_url(&jane, "slack").await, button).await;
    let location = location(&end);
    (alloy, jane, location)
}

#[tokio::test]
async fn parameters_in_the_style_of_oauth() {
    let (alloy, jane, back) = returned(Fault::ReturnOauth, "Allow").await;
    assert!(back.starts_with(RETURN));
    assert!(parameter(&back, "code").is_some() && parameter(&back, "state").is_some());
    assert_eq!(alloy.control.credentials(&jane).len(), 1);
}

#[tokio::test]
async fn parameters_in_the_style_of_a_vendor() {
    let (alloy, jane, back) = returned(Fault::ReturnVendor, "Allow").await;
    let stored = &alloy.control.credentials(&jane)[0];
    assert_eq!(back, format!("{RETURN}&credentialId={}&success=true", stored.credential_id));
}

#[tokio::test]
async fn a_provider_that_fails() {
    let (alloy, jane, back) = returned(Fault::ProviderError, "Allow").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("server_error"));
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn a_refusal_that_returns_bare() {
    let (alloy, jane, back) = returned(Fault::DenialBare, "Cancel").await;
    assert_eq!(back, RETURN);
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn a_refusal_in_the_fragment() {
    let (alloy, jane, back) = returned(Fault::DenialFragment, "Cancel").await;
    assert_eq!(back, format!("{RETURN}#error=access_denied"));
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn a_refusal_that_never_returns() {
    let alloy = Alloy::with(Fault::DenialNever);
    let jane = alloy.jane();
    let end = alloy.walk(&alloy.authorization_url(&jane, "slack").await, "Cancel").await;
    assert_eq!(end.status(), 200);
    assert!(end.text().await.unwrap().contains("Not connected"));
}

#[tokio::test]
async fn an_administrator_who_has_to_be_asked_and_never_returns() {
    let alloy = Alloy::with(Fault::AdminApproval);
    let jane = alloy.jane();
    let page = alloy.consent_page(&alloy.authorization_url(&jane, "slack").await).await;
    let end = alloy.press(&page, "Allow").await;
    assert_eq!(end.status(), 200);
    assert!(end.text().await.unwrap().contains("administrator"));
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn a_link_can_be_rewritten_unless_it_is_tied_to_its_token() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let url = alloy.authorization_url(&jane, "slack").await;
    let rewritten = url.replace("connect.acme.test", "elsewhere.test");
    let back = location(&alloy.walk(&rewritten, "Allow").await);
    assert_eq!(back, RETURN.replace("connect.acme.test", "elsewhere.test"));
    alloy.switch(Fault::RedirectTied);
    assert_eq!(alloy.open(&rewritten).await.status(), 400);
    assert_eq!(alloy.open(&url).await.status(), 302);
}

#[tokio::test]
async fn a_link_leads_to_web_addresses_only() {
    let alloy = Alloy::start();
    let url = alloy.authorization_url(&alloy.jane(), "slack").await;
    let script = url.replace("redirectUri=https%3A", "redirectUri=javascript%3A");
    assert_eq!(alloy.open(&script).await.status(), 400);
}

#[tokio::test]
async fn a_list_of_redirect_uris_refuses_others() {
    let alloy = Alloy::with(Fault::RedirectAllowList);
    let jane = alloy.jane();
    let (status, answer) = alloy.start_link(&jane, "slack").await;
    assert_eq!((status, answer["error"]["message"].as_str()), (400, Some("redirectUri is not allowed")));
    alloy.control.allow_redirects(&[RETURN]);
    let url = alloy.authorization_url(&jane, "slack").await;
    assert_eq!(alloy.open(&url.replace("s7-x", "other")).await.status(), 400);
    alloy.control.allow_redirects(&["https://connect.acme.test/callback/*"]);
    assert_eq!(location(&alloy.walk(&url.replace("s7-x", "other"), "Allow").await), RETURN.replace("s7-x", "other"));
}

#[tokio::test]
async fn a_link_that_has_expired_already() {
    let alloy = Alloy::with(Fault::ExpiredLink);
    let url = alloy.authorization_url(&alloy.jane(), "slack").await;
    let page = alloy.open(&url).await;
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("expired"));
}

#[tokio::test]
async fn connecting_again_can_renew_instead_of_adding() {
    let alloy = Alloy::with(Fault::ReconnectRenews);
    let jane = alloy.jane();
    let url = alloy.authorization_url(&jane, "slack").await;
    alloy.walk(&url, "Allow").await;
    let first = alloy.control.credentials(&jane);
    alloy.control.shift_clock(time::Duration::minutes(5));
    alloy.walk(&url, "Allow").await;
    let second = alloy.control.credentials(&jane);
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(first[0].credential_id, second[0].credential_id);
    assert_eq!(first[0].created_at, second[0].created_at);
    assert!(first[0].updated_at < second[0].updated_at);
}

#[tokio::test]
async fn provider_pages_are_cut_off_from_their_opener() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    for (isolated, policy) in [(false, None), (true, Some("same-origin"))] {
        if isolated {
            alloy.switch(Fault::ProviderCoop);
        }
        let link = alloy.authorization_url(&jane, "slack").await;
        let of = |answer: &reqwest::Response| {
            answer.headers().get("cross-origin-opener-policy").map(|value| value.to_str().unwrap().to_owned())
        };
        let to_provider = alloy.open(&link).await;
        assert_eq!(of(&to_provider), None, "Alloy's own address");
        let page = alloy.open(&location(&to_provider)).await;
        assert_eq!(of(&page).as_deref(), policy);
        let page = alloy.consent_page(&link).await;
        assert_eq!(of(&alloy.press(&page, "Allow").await).as_deref(), policy);
    }
}

//! What a cookie leads to.

use gangway::store::BrowserState;

use super::{
    fresh::Fresh,
    samples::{at, code},
};

on_both!(a_cookie_leads_to_its_last_state_until_its_time_is_over, states_that_are_over_do_not_pile_up);

async fn a_cookie_leads_to_its_last_state_until_its_time_is_over(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = BrowserState { state: r#"{"session":"é"}"#.to_owned(), expires_at: at(100) };
    let second = BrowserState { state: "{}".to_owned(), expires_at: at(200) };
    let key = code("cookie");

    store.put_browser(&key, &first).await.unwrap();
    assert_eq!(store.browser(&key, at(99)).await.unwrap(), Some(first));
    assert_eq!(store.browser(&key, at(100)).await.unwrap(), None);
    store.put_browser(&key, &second).await.unwrap();
    assert_eq!(store.browser(&key, at(199)).await.unwrap(), Some(second));
    assert_eq!(store.browser(&code("other"), at(0)).await.unwrap(), None);
    store.delete_browser(&key).await.unwrap();
    assert_eq!(store.browser(&key, at(50)).await.unwrap(), None);
    store.delete_browser(&key).await.unwrap();
}

async fn states_that_are_over_do_not_pile_up(fresh: &Fresh) {
    let store = fresh.open().await;
    let keys: Vec<_> = (0..25).map(|number| code(&format!("cookie {number}"))).collect();
    for key in &keys {
        let state = BrowserState { state: "{}".to_owned(), expires_at: at(100) };
        store.put_browser(key, &state).await.unwrap();
    }
    let fresh_state = BrowserState { state: "{}".to_owned(), expires_at: at(1000) };
    store.put_browser(&code("new"), &fresh_state).await.unwrap();
    for _ in 0..3 {
        store.purge_browsers(at(101), 10).await.unwrap();
    }
    for key in &keys {
        assert_eq!(store.browser(key, at(0)).await.unwrap(), None, "it is gone, not only hidden");
    }
    assert_eq!(store.browser(&code("new"), at(100)).await.unwrap(), Some(fresh_state));
}

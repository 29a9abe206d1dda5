//! The host changes its API key while everything goes on.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::app::{HOST_KEY, TestApp};

#[tokio::test]
async fn while_one_key_takes_anothers_place_both_work_and_then_only_the_new_one() {
    let new = "the-next-host-key-of-thirty-two-chars";
    let digest: String = Sha256::digest(new.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let ask = async |app: &TestApp, key: &str| {
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(key);
        request.json(&json!({ "user": { "id": "jane" } })).send().await.unwrap().status().as_u16()
    };
    let app = TestApp::spawn().await;
    assert_eq!((ask(&app, HOST_KEY).await, ask(&app, new).await), (201, 401));
    // The operator may write the new one as its digest, and so may whoever reads the settings not use it.
    let written = format!("sha256:{digest}");
    let app = app.restart_with(|settings| settings.host.api_keys = vec![HOST_KEY.into(), written.clone().into()]).await;
    assert_eq!((ask(&app, HOST_KEY).await, ask(&app, new).await), (201, 201));
    assert_eq!(ask(&app, &written).await, 401, "a digest is no key");
    let app = app.restart_with(|settings| settings.host.api_keys = vec![written.clone().into()]).await;
    assert_eq!((ask(&app, HOST_KEY).await, ask(&app, new).await), (401, 201));
}

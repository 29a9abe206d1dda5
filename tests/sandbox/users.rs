//! Users.

use gangway::sandbox::{Fault, OWNER};
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Alloy, is_id, read};

#[tokio::test]
async fn a_user_is_made_found_changed_and_removed() {
    let alloy = Alloy::start();
    let (status, made) = alloy.post("/users", json!({"username": "acme:a/b é", "fullName": "Jane Doe"})).await;
    assert_eq!(status, 200);
    assert_eq!(made.as_object().unwrap().len(), 1);
    assert!(is_id(&made["userId"]));
    let id = made["userId"].as_str().unwrap().to_owned();

    let user = json!({"userId": id, "fullName": "Jane Doe", "username": "acme:a/b é"});
    assert_eq!(alloy.get(&format!("/users/{id}")).await, (200, user.clone()));
    assert_eq!(alloy.get("/users/acme:a%2Fb%20%C3%A9").await, (200, user.clone()));
    let (_, all) = alloy.get("/users").await;
    assert!(all["data"].as_array().unwrap().contains(&user));

    let changed = read(alloy.call(Method::PUT, &format!("/users/{id}")).json(&json!({"fullName": "Jane Roe"}))).await;
    assert_eq!(changed, (200, json!({"userId": id, "fullName": "Jane Roe", "username": "acme:a/b é"})));

    let gone = read(alloy.call(Method::DELETE, &format!("/users/{id}"))).await;
    assert_eq!(gone, (200, json!({"success": true})));
    assert_eq!(alloy.get(&format!("/users/{id}")).await.0, 404);
    assert_eq!(alloy.post("/users", json!({"username": "acme:a/b é"})).await.0, 200);
}

#[tokio::test]
async fn a_user_needs_a_username() {
    let alloy = Alloy::start();
    for body in [json!({}), json!({"username": " "}), json!([])] {
        let (status, answer) = alloy.post("/users", body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("INVALID_INPUT")));
    }
}

#[tokio::test]
async fn a_username_that_exists_is_answered_as_switched() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let again = || alloy.post("/users", json!({"username": "acme:jane"}));
    assert_eq!(again().await.0, 409);
    alloy.switch(Fault::DuplicateUser400);
    assert_eq!(again().await.0, 400);
    alloy.control.switch_all_off();
    alloy.switch(Fault::DuplicateUserExisting);
    assert_eq!(again().await, (200, json!({"userId": jane})));
    alloy.control.switch_all_off();
    alloy.switch(Fault::DuplicateUserAgain);
    let (status, other) = again().await;
    assert_eq!(status, 200);
    assert_ne!(other["userId"], jane);
    assert_eq!(alloy.control.users().iter().filter(|user| user.username == "acme:jane").count(), 2);
}

#[tokio::test]
async fn the_keys_owner_is_there_from_the_beginning() {
    let alloy = Alloy::start();
    assert_eq!(alloy.get(&format!("/users/{OWNER}")).await.0, 200);
}

#[tokio::test]
async fn another_user_is_answered_as_switched() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let create = |name: &'static str| alloy.post("/users", json!({ "username": name }));
    alloy.switch(Fault::UsernamesIgnoreCase);
    assert_eq!(create("ACME:Jane").await, (200, json!({"userId": jane})));
    assert_eq!(alloy.get("/users/ACME:JANE").await.1["username"], "acme:jane");
    alloy.switch(Fault::CreatedUserNamed);
    assert_eq!(create("ACME:Jane").await.1["username"], "acme:jane");
    alloy.control.switch_all_off();
    assert_eq!(alloy.get("/users/ACME:JANE").await.0, 404);
    alloy.switch(Fault::AnotherUser);
    let (status, other) = create("acme:sam").await;
    assert_eq!((status, alloy.control.user("acme:sam")), (200, None));
    assert!(alloy.control.user(other["userId"].as_str().unwrap()).is_some());
}

//! Values that the host sends in another form, and ids of the longest form.

use serde_json::{Value, json};

use crate::app::{HOST_KEY, TestApp};

#[tokio::test]
async fn value_of_another_type_is_refused_with_the_cure() {
    let app = TestApp::spawn().await;
    let number = "It is a number and has to be a string: send";
    for (body, field, detail) in [
        (r#"{"user":{"id":42}}"#, "user.id", format!("{number} \"42\".")),
        (r#"{"user":{"id":18446744073709551615}}"#, "user.id", format!("{number} \"18446744073709551615\".")),
        (r#"{"user":{"id":true}}"#, "user.id", "It is true or false and has to be a string.".to_owned()),
        (r#"{"user":{"id":null}}"#, "user.id", "It is null and has to be a string.".to_owned()),
        (r#"{"user":{"id":"a","name":7}}"#, "user.name", format!("{number} \"7\".")),
        (r#"{"user":{"id":"a","alloy_user_id":7}}"#, "user.alloy_user_id", format!("{number} \"7\".")),
        (r#"{"user":{"id":"a"},"connector":"slack","reconnect":7}"#, "reconnect", format!("{number} \"7\".")),
        (r#"{"user":{"id":"a"},"connectors":[7]}"#, "connectors[0]", format!("{number} \"7\".")),
        (r#"{"user":{"id":"a"},"after":"later"}"#, "after", "It has to be `stay` or `return`.".to_owned()),
        (r#"{"user":{"id":"a"},"after":true}"#, "after", "It is not of the wanted form.".to_owned()),
        (
            r#"{"user":{"id":"a"},"connectors":"slack"}"#,
            "connectors",
            "It is a string and has to be a list: send [\"slack\"].".to_owned(),
        ),
        (
            r#"{"user":{"id":"a"},"expires_in":"600"}"#,
            "expires_in",
            "It is a string and has to be a whole number: send 600.".to_owned(),
        ),
        (r#"{"user":"jane"}"#, "user", "It is a string and has to be an object.".to_owned()),
        (r#"{}"#, "user", "It is missing.".to_owned()),
        (r#"{"user":{"id":"a","id":"b"}}"#, "user.id", "It is given twice.".to_owned()),
        (r#"{"user":{"id":"a"},"colour":1}"#, "colour", "There is no such field.".to_owned()),
    ] {
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        let (status, problem) = (answer.status(), answer.json::<Value>().await.unwrap());
        assert_eq!(
            (status.as_u16(), &problem["errors"]),
            (422, &json!([{ "field": field, "detail": detail }])),
            "{body}"
        );
    }
    // A null stands for an absent field.
    app.session_with(json!({ "user": { "id": "jane", "name": null, "email": null }, "reconnect": null })).await;
    let (_, problem) =
        app.api("POST", "/link-attempts/complete", Some(json!({ "completion": "x", "user_id": 42 }))).await;
    assert_eq!(problem["errors"][0]["detail"], format!("{number} \"42\"."));
}

#[tokio::test]
async fn user_id_of_255_characters_goes_all_the_way() {
    let app = TestApp::spawn().await;
    let id = "🧾".repeat(255);
    let mut browser = app.arrived_with(json!({ "user": { "id": id } })).await;
    assert_eq!(browser.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    let path = url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>();
    let connections = app.connections(&path).await;
    let credential = connections[0]["credential_id"].as_str().unwrap();
    assert_eq!(app.api("GET", &format!("/users/{path}"), None).await.1["id"], json!(id));
    assert_eq!(app.api("GET", &format!("/link-attempts?user={path}"), None).await.0, 200);
    assert_eq!(app.api("DELETE", &format!("/users/{path}/connections/{credential}"), None).await.0, 204);
    assert_eq!(app.api("DELETE", &format!("/users/{path}?credentials=delete"), None).await.0, 204);
}

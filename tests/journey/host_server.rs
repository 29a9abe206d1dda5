//! What the host's server asks of a running Gangway.

use gangway::domain::{connector::ConnectorId, session::ExternalId};
use serde_json::{Value, json};

use crate::app::{HOST_KEY, TestApp};

impl TestApp {
    /// Asks the host's API, with its key.
    pub(crate) async fn api(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.request(method, &format!("/api/v1{path}")).bearer_auth(HOST_KEY);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// A connect session as the host makes one: `{"id","url","start_code","expires_at"}`.
    pub(crate) async fn session_with(&self, more: Value) -> Value {
        let mut wanted = json!({ "user": { "id": "jane", "name": "Jane Doe", "email": "jane@acme.test" } });
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        let (status, session) = self.api("POST", "/connect-sessions", Some(wanted)).await;
        assert_eq!(status, 201, "{session}");
        session
    }

    /// The id of the user's newest attempt at that app.
    pub(crate) async fn last_attempt(&self, user: &str, connector: &str) -> Value {
        let (user, connector) = (ExternalId::parse(user).unwrap(), ConnectorId::parse(connector).unwrap());
        let attempt = self.store.last_attempt(&user, &connector).await.unwrap().unwrap();
        self.attempt(&attempt.id.to_string()).await
    }

    /// What the host's server learns of an attempt.
    pub(crate) async fn attempt(&self, id: &str) -> Value {
        let (status, attempt) = self.api("GET", &format!("/link-attempts/{id}"), None).await;
        assert_eq!(status, 200, "{attempt}");
        attempt
    }

    /// What the host's server learns of a user's connections.
    pub(crate) async fn connections(&self, user: &str) -> Vec<Value> {
        let (status, answer) = self.api("GET", &format!("/users/{user}/connections"), None).await;
        assert_eq!(status, 200, "{answer}");
        answer["connections"].as_array().unwrap().clone()
    }
}

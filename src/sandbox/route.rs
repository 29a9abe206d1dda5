//! The endpoints of the API.

use super::named::named;

named! {
    /// An endpoint of the API.
    Route, "route" {
        /// `GET /connectors`
        ListConnectors = "list-connectors",
        /// `GET /connectors/{connectorId}/credentials/metadata`
        Metadata = "metadata",
        /// `POST /connectors/{connectorId}/credentials`
        CreateCredential = "create-credential",
        /// `GET /connectors/{connectorId}/credentials`
        ListCredentials = "list-credentials",
        /// `GET /users/{userId}/credentials`
        ListUserCredentials = "list-user-credentials",
        /// `DELETE /connectors/{connectorId}/credentials/{credentialId}`
        DeleteCredential = "delete-credential",
        /// `DELETE /users/{userId}/credentials/{credentialId}`
        DeleteUserCredential = "delete-user-credential",
        /// `POST /users`
        CreateUser = "create-user",
        /// `GET /users`
        ListUsers = "list-users",
        /// `GET /users/{userId or username}`
        ReadUser = "read-user",
        /// `PUT /users/{userId}`
        UpdateUser = "update-user",
        /// `DELETE /users/{userId}`
        DeleteUser = "delete-user",
        /// `GET /connectors/{connectorId}/resources`
        Resources = "resources",
        /// `POST /connectors/{connectorId}/actions/{actionId}/execute`
        Execute = "execute",
    }
}

impl Route {
    /// The endpoint of a request, with the first and second id of its path (empty if absent).
    pub(super) fn of<'a>(method: &str, segments: &[&'a str]) -> Option<(Self, &'a str, &'a str)> {
        Some(match (method, segments) {
            ("GET", ["connectors"]) => (Self::ListConnectors, "", ""),
            ("GET", ["connectors", id, "credentials", "metadata"]) => (Self::Metadata, id, ""),
            ("POST", ["connectors", id, "credentials"]) => (Self::CreateCredential, id, ""),
            ("GET", ["connectors", id, "credentials"]) => (Self::ListCredentials, id, ""),
            ("DELETE", ["connectors", id, "credentials", credential]) => (Self::DeleteCredential, id, credential),
            ("GET", ["connectors", id, "resources"]) => (Self::Resources, id, ""),
            ("POST", ["connectors", id, "actions", action, "execute"]) => (Self::Execute, id, action),
            ("POST", ["users"]) => (Self::CreateUser, "", ""),
            ("GET", ["users"]) => (Self::ListUsers, "", ""),
            ("GET", ["users", user]) => (Self::ReadUser, user, ""),
            ("PUT", ["users", user]) => (Self::UpdateUser, user, ""),
            ("DELETE", ["users", user]) => (Self::DeleteUser, user, ""),
            ("GET", ["users", user, "credentials"]) => (Self::ListUserCredentials, user, ""),
            ("DELETE", ["users", user, "credentials", credential]) => (Self::DeleteUserCredential, user, credential),
            _ => return None,
        })
    }
}

//! The endpoints of the API.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// An endpoint of the API, by its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case", parse_err_ty = String, parse_err_fn = unknown)]
pub enum Route {
    /// `GET /connectors`
    ListConnectors,
    /// `GET /connectors/{connectorId}/credentials/metadata`
    Metadata,
    /// `POST /connectors/{connectorId}/credentials`
    CreateCredential,
    /// `GET /connectors/{connectorId}/credentials`
    ListCredentials,
    /// `GET /users/{userId}/credentials`
    ListUserCredentials,
    /// `DELETE /connectors/{connectorId}/credentials/{credentialId}`
    DeleteCredential,
    /// `DELETE /users/{userId}/credentials/{credentialId}`
    DeleteUserCredential,
    /// `POST /users`
    CreateUser,
    /// `GET /users`
    ListUsers,
    /// `GET /users/{userId or username}`
    ReadUser,
    /// `PUT /users/{userId}`
    UpdateUser,
    /// `DELETE /users/{userId}`
    DeleteUser,
    /// `GET /connectors/{connectorId}/resources`
    Resources,
    /// `GET /connectors/{connectorId}/actions/{actionId}`
    ActionDetails,
    /// `POST /connectors/{connectorId}/actions/{actionId}/execute`
    Execute,
}

fn unknown(_: &str) -> String {
    let names: Vec<String> = Route::VARIANTS.iter().map(ToString::to_string).collect();
    format!("no such route; there are {}", names.join(", "))
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
            ("GET", ["connectors", id, "actions", action]) => (Self::ActionDetails, id, action),
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

//! Use cases of a connect session and its user: opened by a start code, or by a token that the host signed.

pub(crate) mod alloy_users;
pub(crate) mod host_token;
pub(crate) mod signed_token;

//! Use cases of a connect session: opened by a start code, or by a token that the host signed.

pub(crate) mod host_token;
pub(crate) mod signed_token;

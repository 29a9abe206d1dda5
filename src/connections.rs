//! Use cases of a user's connections: load, disconnect, delete upstream, erase the user.

pub(crate) mod delete_upstream;
pub(crate) mod disconnect;
pub(crate) mod erase;
pub(crate) mod load;

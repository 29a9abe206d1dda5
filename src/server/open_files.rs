//! The limit of open files. Each connection needs one, and most systems default to 1,024 although they allow far more.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Beyond this, memory is the limit.
const MAX_OPEN_FILES: u64 = 65_536;

/// Raises the limit to the system's maximum, or 65,536.
pub fn raise_open_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = limit.maximum.map_or(MAX_OPEN_FILES, |maximum| maximum.min(MAX_OPEN_FILES));
    if limit.current.is_some_and(|current| current < raised)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), ..limit })
    {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

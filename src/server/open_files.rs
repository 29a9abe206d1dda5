//! How many files the process may have open. Every connection is one, and most systems begin with 1,024 although they
//! allow far more.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than enough: beyond it memory is the limit.
const ENOUGH: u64 = 65_536;

/// Takes as many open files as the system allows this process, up to 65,536. Where it does not, the process goes on with
/// what it has.
pub fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit { current: Some(wanted), ..limit };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files stays as it is");
        }
    }
}

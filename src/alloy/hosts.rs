//! Lists of hosts in the settings: `api.runalloy.com`, or `*.runalloy.com` for every name under it.

/// The hosts that a setting allows; an empty list allows every one.
#[derive(Debug, Clone)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    pub(crate) fn new(listed: &[String]) -> Self {
        Self(listed.iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    /// Whether that host, as a parsed address has it, is allowed.
    pub(crate) fn allow(&self, host: &str) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|allowed| match allowed.strip_prefix("*.") {
                Some(suffix) => host.strip_suffix(suffix).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
                None => host == allowed,
            })
    }
}

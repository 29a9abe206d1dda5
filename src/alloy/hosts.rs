//! Lists of hosts in the settings: `api.runalloy.com`, or `*.runalloy.com` for every subdomain.

/// An empty list allows every host.
#[derive(Debug, Clone)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    pub(crate) fn new(listed: &[String]) -> Self {
        Self(listed.iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    pub(crate) fn allow(&self, host: &str) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|allowed| match allowed.strip_prefix("*.") {
                Some(suffix) => host.strip_suffix(suffix).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
                None => host == allowed,
            })
    }
}

//! The variables that name a proxy for outgoing calls. None is used: every call of Gangway connects directly.

const NAMES: [&str; 3] = ["https_proxy", "http_proxy", "all_proxy"];

/// The names of those that are set.
pub(crate) fn proxy_variables(environment: &[(String, String)]) -> Vec<&str> {
    let is_one = |name: &str| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    let set = environment.iter().filter(|(name, value)| is_one(name) && !value.trim().is_empty());
    set.map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_both_spellings() {
        let environment = [
            ("HTTPS_PROXY", "http://proxy:3128"),
            ("http_proxy", "http://user:password@proxy:3128"),
            ("ALL_PROXY", " "),
            ("NO_PROXY", "localhost"),
            ("MY_HTTPS_PROXY", "http://proxy"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(proxy_variables(&environment), ["HTTPS_PROXY", "http_proxy"]);
    }
}

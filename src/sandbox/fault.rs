//! Named faults: undocumented behaviour of Alloy, and failures of any upstream.

use std::{fmt, str::FromStr};

use super::{named::named, route::Route};

named! {
    /// A fault. Some take a number ([`Fault::unit`]).
    Fault, "fault" {
        /// After approval the return carries `code` and `state`, as a provider's own return does.
        ReturnOauth = "return-oauth",
        /// After approval the return carries `credentialId` and `success=true`.
        ReturnVendor = "return-vendor",
        /// After Allow the provider fails: the return carries `error=server_error`, and nothing is stored.
        ProviderError = "provider-error",
        /// After Allow the provider waits for an administrator, and the browser never returns.
        AdminApproval = "admin-approval",
        /// A refusal returns without any parameter.
        DenialBare = "denial-bare",
        /// A refusal returns with its error in the fragment.
        DenialFragment = "denial-fragment",
        /// A refusal ends on Alloy's own page, and the browser never returns.
        DenialNever = "denial-never",
        /// Only listed redirect URIs are taken: `http://localhost:3000`, unless a test lists others.
        RedirectAllowList = "redirect-allow-list",
        /// The link is refused when its `redirectUri` is not the one that it was made for.
        RedirectTied = "redirect-tied",
        /// Links have expired by the time they are opened.
        ExpiredLink = "expired-link",
        /// Connecting again renews the user's newest credential of that type instead of adding one.
        ReconnectRenews = "reconnect-renews",
        /// New credentials are listed only after that many seconds (5).
        ListLag = "list-lag",
        /// Deleted credentials are listed for that many more seconds (5).
        DeletionLag = "deletion-lag",
        /// Lists come in a new order each time.
        AnyOrder = "any-order",
        /// Errors use the envelope `{"code","message"}` instead of `{"error":{…}}`.
        FlatErrors = "flat-errors",
        /// Every answer is 429; with a number it says to retry after that many seconds.
        RateLimited = "rate-limited",
        /// Calls answer 500, 502 and 503 in turn; with a number, that many in a row, then as many good ones.
        ServerErrors = "server-errors",
        /// The API key is refused.
        KeyRefused = "key-refused",
        /// Calls answer 302 to another place.
        Redirected = "redirected",
        /// Calls are not served: the HTML 404 of an unknown path. Mostly used for one route.
        NotServed = "not-served",
        /// Answers come after that many seconds (5).
        Slow = "slow",
        /// Answers stop half-way for that many seconds (5).
        SlowBody = "slow-body",
        /// Answers end half-way.
        CutOff = "cut-off",
        /// Answers begin with that many MiB of white space (16).
        Oversized = "oversized",
        /// Answers are an HTML page with status 200.
        NotJson = "not-json",
        /// Answers have an empty body.
        Empty = "empty",
        /// A username that exists is answered 400 instead of 409.
        DuplicateUser400 = "duplicate-user-400",
        /// A username that exists is answered with the user that has it.
        DuplicateUserExisting = "duplicate-user-existing",
        /// A username that exists is given to another user too.
        DuplicateUserAgain = "duplicate-user-again",
        /// Usernames that differ only in case are the same: the user that has one is answered.
        UsernamesIgnoreCase = "usernames-ignore-case",
        /// Making a user answers with the user made last.
        AnotherUser = "another-user",
        /// Making a user answers with the whole user, the username included.
        CreatedUserNamed = "created-user-named",
        /// Metadata has the older form everywhere.
        OlderMetadata = "older-metadata",
        /// Only `POST /connectors/{connectorId}/credentials` is served.
        OnlyDocumentedEndpoint = "only-documented-endpoint",
        /// `oauthUrl` is a `javascript:` address.
        BadAuthorizationUrl = "bad-authorization-url",
        /// Starting a link answers with both keys.
        BothKeys = "both-keys",
        /// Starting a link answers with neither key.
        NeitherKey = "neither-key",
        /// Starting a link answers with numbers in place of texts.
        WrongTypes = "wrong-types",
        /// Actions say 401 for every credential: the provider takes none of them any more.
        DeadCredentials = "dead-credentials",
        /// Actions answer 200, and say in the body that they failed.
        ActionFails = "action-fails",
        /// Starting a link answers 201.
        Created = "201",
    }
}

impl Fault {
    /// Unit of its number, if it takes one.
    pub const fn unit(self) -> Option<&'static str> {
        match self {
            Self::ListLag | Self::DeletionLag | Self::RateLimited | Self::Slow | Self::SlowBody => Some("SECONDS"),
            Self::Oversized => Some("MIB"),
            Self::ServerErrors => Some("CALLS"),
            _ => None,
        }
    }

    /// This fault with a number.
    pub fn with(self, number: u64) -> Switch {
        Switch { number: Some(number), ..Switch::from(self) }
    }

    /// Limits the fault to one route.
    pub fn on(self, route: Route) -> Switch {
        Switch::from(self).on(route)
    }

    /// Limits the fault to that many calls.
    pub fn times(self, calls: u32) -> Switch {
        Switch::from(self).times(calls)
    }
}

/// A fault with its number and its bounds; on the command line `NAME[=NUMBER][@ROUTE]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// The fault.
    pub fault: Fault,
    /// Its number.
    pub number: Option<u64>,
    /// `None` for all routes.
    pub route: Option<Route>,
    /// Remaining calls; `None` until it is switched off.
    pub calls: Option<u32>,
}

impl Switch {
    /// Limits the fault to one route.
    pub fn on(self, route: Route) -> Self {
        Self { route: Some(route), ..self }
    }

    /// Limits the fault to that many calls.
    pub fn times(self, calls: u32) -> Self {
        Self { calls: Some(calls), ..self }
    }
}

impl From<Fault> for Switch {
    fn from(fault: Fault) -> Self {
        Self { fault, number: None, route: None, calls: None }
    }
}

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (text, route) = match text.split_once('@') {
            Some((text, route)) => (text, Some(route.parse()?)),
            None => (text, None),
        };
        let (name, number) = match text.split_once('=') {
            Some((name, number)) => (name, Some(number)),
            None => (text, None),
        };
        let fault: Fault = name.parse()?;
        let number = match (number, fault.unit()) {
            (None, _) => None,
            (Some(_), None) => return Err(format!("{fault} takes no number")),
            (Some(number), Some(unit)) => {
                Some(number.parse().map_err(|_| format!("{fault} takes a whole number: {fault}={unit}"))?)
            }
        };
        Ok(Self { fault, number, route, calls: None })
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.fault)?;
        if let Some(number) = self.number {
            write!(out, "={number}")?;
        }
        if let Some(route) = self.route {
            write!(out, "@{route}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_and_explained() {
        for &fault in Fault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(fault));
            assert!(fault.description().ends_with('.'), "{fault}: {}", fault.description());
        }
    }

    #[test]
    fn a_switch_is_read_as_it_is_written() {
        let switches = [
            Fault::Slow.into(),
            Fault::ListLag.with(5),
            Fault::NotServed.on(Route::DeleteUserCredential),
            Fault::Slow.with(2).on(Route::ListCredentials),
        ];
        for switch in switches {
            assert_eq!(switch.to_string().parse(), Ok(switch));
        }
    }

    #[test]
    fn a_mistake_says_what_would_be_right() {
        let refused = |text: &str| text.parse::<Switch>().unwrap_err();
        assert!(refused("snow").contains("list-lag"));
        assert_eq!(refused("list-lag=soon"), "list-lag takes a whole number: list-lag=SECONDS");
        assert_eq!(refused("both-keys=2"), "both-keys takes no number");
        assert!(refused("slow@nowhere").contains("list-credentials"));
    }
}

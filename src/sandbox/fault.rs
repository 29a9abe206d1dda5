//! Named faults: undocumented behaviour of Alloy, and failures of any upstream.

use std::{fmt, str::FromStr};

use strum::{Display, EnumMessage, EnumString, VariantArray};

use super::route::Route;

/// A fault, by its name on the command line. Some take a number ([`Fault::unit`]). The comments are shown by `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumMessage, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case", parse_err_ty = String, parse_err_fn = unknown)]
pub enum Fault {
    /// After approval the return carries `code` and `state`, as a provider's own return does.
    ReturnOauth,
    /// After approval the return carries `credentialId` and `success=true`.
    ReturnVendor,
    /// After Allow the provider fails: the return carries `error=server_error`, and nothing is stored.
    ProviderError,
    /// After Allow the provider waits for an administrator, and the browser never returns.
    AdminApproval,
    /// A refusal returns without any parameter.
    DenialBare,
    /// A refusal returns with its error in the fragment.
    DenialFragment,
    /// A refusal ends on Alloy's own page, and the browser never returns.
    DenialNever,
    /// Only listed redirect URIs are taken: `http://localhost:3000`, unless a test lists others.
    RedirectAllowList,
    /// The link is refused when its `redirectUri` is not the one that it was made for.
    RedirectTied,
    /// Links have expired by the time they are opened.
    ExpiredLink,
    /// Connecting again renews the user's newest credential of that type instead of adding one.
    ReconnectRenews,
    /// New credentials are listed only after that many seconds (5).
    ListLag,
    /// Deleted credentials are listed for that many more seconds (5).
    DeletionLag,
    /// Lists come in a new order each time.
    AnyOrder,
    /// Errors use the envelope `{"code","message"}` instead of `{"error":{…}}`.
    FlatErrors,
    /// Every answer is 429; with a number it says to retry after that many seconds.
    RateLimited,
    /// Calls answer 500, 502 and 503 in turn; with a number, that many in a row, then as many good ones.
    ServerErrors,
    /// The API key is refused.
    KeyRefused,
    /// Calls answer 302 to another place.
    Redirected,
    /// Calls are not served: the HTML 404 of an unknown path, or JSON with that status. Mostly used for one route.
    NotServed,
    /// Answers come after that many seconds (5).
    Slow,
    /// Answers stop half-way for that many seconds (5).
    SlowBody,
    /// Answers end half-way.
    CutOff,
    /// Answers begin with that many MiB of white space (16).
    Oversized,
    /// Answers are an HTML page with status 200.
    NotJson,
    /// Answers have an empty body.
    Empty,
    /// A username that exists is answered 400 instead of 409.
    #[strum(serialize = "duplicate-user-400")]
    DuplicateUser400,
    /// A username that exists is answered with the user that has it.
    DuplicateUserExisting,
    /// A username that exists is given to another user too.
    DuplicateUserAgain,
    /// Usernames that differ only in case are the same: the user that has one is answered.
    UsernamesIgnoreCase,
    /// Making a user answers with the user made last.
    AnotherUser,
    /// Making a user answers with the whole user, the username included.
    CreatedUserNamed,
    /// Metadata has the older form everywhere.
    OlderMetadata,
    /// Only `POST /connectors/{connectorId}/credentials` is served.
    OnlyDocumentedEndpoint,
    /// `oauthUrl` is a `javascript:` address.
    BadAuthorizationUrl,
    /// Starting a link answers with both keys.
    BothKeys,
    /// Starting a link answers with neither key.
    NeitherKey,
    /// Starting a link answers with numbers in place of texts.
    WrongTypes,
    /// Actions say 401 for every credential: the provider takes none of them any more.
    DeadCredentials,
    /// Actions with a credential that the provider refuses answer with that status (403) instead of 401.
    RefusedStatus,
    /// Actions with a credential that the provider refuses answer 200, with the provider's own error in the body.
    RefusedInBody,
    /// Credentials that the provider refuses are no longer listed.
    RefusedUnlisted,
    /// Actions answer with `success` and `result` instead of `responseData`.
    ResultForm,
    /// Actions without `x-alloy-userid` find the key owner's own credentials only, not every user's.
    OwnerCredentialsOnly,
    /// Actions without `x-alloy-userid` use the key owner's own account in place of the credential that they name.
    OwnerAccount,
    /// Actions answer 200, and say in the body that they failed.
    ActionFails,
    /// Pages and redirects of the providers have `Cross-Origin-Opener-Policy: same-origin`.
    ProviderCoop,
    /// Starting a link answers 201.
    #[strum(serialize = "201")]
    Created,
}

fn unknown(_: &str) -> String {
    let names: Vec<String> = Fault::VARIANTS.iter().map(ToString::to_string).collect();
    format!("no such fault; there are {}", names.join(", "))
}

impl Fault {
    /// Description in one line.
    pub fn description(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// Unit of its number, if it takes one.
    pub const fn unit(self) -> Option<&'static str> {
        match self {
            Self::ListLag | Self::DeletionLag | Self::RateLimited | Self::Slow | Self::SlowBody => Some("SECONDS"),
            Self::Oversized => Some("MIB"),
            Self::RefusedStatus | Self::NotServed => Some("STATUS"),
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
        for &fault in Fault::VARIANTS {
            assert_eq!(fault.to_string().parse(), Ok(fault));
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

//! What every page has around it: the host, and whom this is for.

use super::Name;

/// The person at the host for whom apps are linked; the host may have told neither name nor address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Their name.
    pub name: Option<Name>,
    /// Their e-mail address.
    pub email: Option<Name>,
}

impl Person {
    /// One word for them: the name, else the address; `None` if the host told neither.
    pub fn called(&self) -> Option<&Name> {
        self.name.as_ref().or(self.email.as_ref())
    }
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// What the host calls itself.
    pub host: Name,
    /// The host's logo, served by us; without one its first letter is shown.
    pub logo_url: Option<String>,
    /// Where *Back to …* leads: a registered address of the host.
    pub return_url: Option<String>,
    /// Whom this is for; `None` as long as it is not known, and then the header does not say.
    pub person: Option<Person>,
    /// The stylesheet of the host's colour ([`super::brand::css`]), served by us.
    pub brand_css_url: Option<String>,
}

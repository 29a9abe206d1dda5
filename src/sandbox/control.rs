//! The sandbox's handle for tests: faults, recorded calls, users and credentials, without a browser.

use actix_web::{dev::ServerHandle, web};
use time::{Duration, OffsetDateTime};

use super::{
    authorize,
    clock::new_id,
    credentials::credential_name,
    fault::{Fault, Switch},
    journal::Call,
    ledger::{Credential, Ledger, NewCredential, User},
    messages::Message,
    route::Route,
    world::World,
};

/// Handle of a running sandbox in the same process.
#[derive(Clone)]
pub struct Control {
    world: web::Data<World>,
    server: ServerHandle,
}

impl Control {
    pub(super) fn new(world: web::Data<World>, server: ServerHandle) -> Self {
        Self { world, server }
    }

    /// Base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.world.base_url
    }

    /// Switches a fault on; number, route and count are optional
    /// (`Fault::Slow.with(2).on(Route::Metadata).times(1)`).
    pub fn switch_on(&self, switch: impl Into<Switch>) {
        self.world.faults.on(switch.into());
    }

    /// Switches a fault off, on every route.
    pub fn switch_off(&self, fault: Fault) {
        self.world.faults.off(fault);
    }

    /// Switches all faults off.
    pub fn switch_all_off(&self) {
        self.world.faults.clear();
    }

    /// The faults that are on.
    pub fn active(&self) -> Vec<Switch> {
        self.world.faults.active()
    }

    /// Sets the redirect URIs accepted while [`Fault::RedirectAllowList`] is on; `*` at the end matches any suffix.
    pub fn allow_redirects(&self, uris: &[&str]) {
        *self.world.redirects() = uris.iter().map(|&uri| uri.to_owned()).collect();
    }

    /// Sets the account that the action `whoami` names from now on.
    pub fn name_account(&self, account: &str) {
        *self.world.account() = Some(account.to_owned());
    }

    /// Recorded API calls: at most the last thousand, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.world.journal.calls()
    }

    /// Number of calls of that route.
    pub fn count(&self, route: Route) -> usize {
        self.world.journal.count(route)
    }

    /// Clears the recorded calls.
    pub fn forget_calls(&self) {
        self.world.journal.clear();
    }

    /// The sandbox's time.
    pub fn now(&self) -> OffsetDateTime {
        self.world.clock.now()
    }

    /// Shifts the sandbox's time, and `Date` with it.
    pub fn shift_clock(&self, by: Duration) {
        self.world.clock.shift(by);
    }

    /// Adds a user and returns its id.
    pub fn add_user(&self, username: &str, full_name: Option<&str>) -> String {
        let id = new_id(self.now());
        self.world.ledger_mut().add_user(id, username, full_name.map(str::to_owned)).user_id
    }

    /// Deletes a user, as Alloy's dashboard does. Returns whether it existed.
    pub fn remove_user(&self, id: &str) -> bool {
        self.world.ledger_mut().remove_user(id)
    }

    /// The user of that id or username.
    pub fn user(&self, id_or_name: &str) -> Option<User> {
        self.world.ledger().user(id_or_name).cloned()
    }

    /// Every user, the key's owner included.
    pub fn users(&self) -> Vec<User> {
        self.world.ledger().users().into_iter().cloned().collect()
    }

    /// A user's credentials in order of creation, including those not listed yet.
    pub fn credentials(&self, user_id: &str) -> Vec<Credential> {
        self.world.ledger().credentials(user_id).to_vec()
    }

    /// Stores a credential of the connector's first authentication type and returns its id. `None` for an unknown user
    /// or connector.
    pub fn add_credential(&self, user_id: &str, connector_id: &str) -> Option<String> {
        let now = self.now();
        self.add(user_id, connector_id, |ledger, new| ledger.add_credential(new, now).credential_id)
    }

    /// Stores many credentials with names longer by `length`, for lists of many MiB. `None` as above.
    pub fn add_many_credentials(&self, user_id: &str, connector_id: &str, count: usize, length: usize) -> Option<()> {
        let now = self.now();
        self.add(user_id, connector_id, |ledger, new| ledger.add_many(new, count, length, now))
    }

    fn add<T>(
        &self,
        user_id: &str,
        connector_id: &str,
        add: impl FnOnce(&mut Ledger, &NewCredential<'_>) -> T,
    ) -> Option<T> {
        let connector = self.world.catalogue.find(connector_id)?;
        let authentication = connector.authentication.first()?;
        let mut ledger = self.world.ledger_mut();
        let user = ledger.user(user_id).cloned()?;
        let new = NewCredential {
            user_id: &user.user_id,
            connector: connector_id,
            authentication: &authentication.kind,
            name: credential_name(user.full_name.as_deref(), &connector.name),
            works: true,
        };
        Some(add(&mut ledger, &new))
    }

    /// Moves a credential's `updatedAt` to now. Returns whether it exists.
    pub fn renew_credential(&self, user_id: &str, credential_id: &str) -> bool {
        let now = self.now();
        self.world.ledger_mut().renew(user_id, credential_id, now)
    }

    /// Removes a credential. Returns whether it existed.
    pub fn remove_credential(&self, user_id: &str, credential_id: &str) -> bool {
        let now = self.now();
        self.world.ledger_mut().remove_credential(user_id, credential_id, now)
    }

    /// Removes an app's access at the provider: from now on the provider refuses the credential. Returns whether it
    /// exists.
    pub fn revoke_credential(&self, credential_id: &str) -> bool {
        self.world.ledger_mut().set_works(credential_id, false)
    }

    /// Messages in the channels of all providers, the oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.world.messages.all()
    }

    /// Allows an authorization URL without a browser: stores the credential and returns the redirect.
    ///
    /// # Errors
    /// The sentence on the page, if the link is refused.
    pub fn approve(&self, authorization_url: &str) -> Result<Option<String>, &'static str> {
        let link = authorize::check_url(&self.world, authorization_url)?;
        Ok(authorize::approved(&self.world, &link, None))
    }

    /// Stops the sandbox; its port is free on return.
    pub async fn stop(&self) {
        self.server.stop(false).await;
    }
}

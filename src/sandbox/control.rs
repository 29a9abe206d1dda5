//! The sandbox's handle for tests: faults, calls seen, users and credentials, without a browser.

use actix_web::{dev::ServerHandle, web};
use time::{Duration, OffsetDateTime};
use url::Url;

use super::{
    authorize,
    clock::new_id,
    credentials::credential_name,
    fault::{Fault, Switch},
    journal::Call,
    ledger::{Credential, Ledger, NewCredential, User},
    route::Route,
    world::World,
};

/// Holds a running sandbox from inside of its process; copies hold the same one.
#[derive(Clone)]
pub struct Control {
    world: web::Data<World>,
    server: ServerHandle,
}

impl Control {
    pub(super) fn new(world: web::Data<World>, server: ServerHandle) -> Self {
        Self { world, server }
    }

    /// Where the sandbox answers, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.world.base_url
    }

    /// Switches a fault on: a bare one, or one with a number, for one route, for so many calls
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

    /// The redirect URIs that are taken while [`Fault::RedirectAllowList`] is on; a `*` at the end stands for anything.
    pub fn allow_redirects(&self, uris: &[&str]) {
        *self.world.redirects() = uris.iter().map(|&uri| uri.to_owned()).collect();
    }

    /// The API calls since the start, or since they were forgotten; the last thousand, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.world.journal.calls()
    }

    /// How many calls of that route there were.
    pub fn count(&self, route: Route) -> usize {
        self.world.journal.count(route)
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.world.journal.clear();
    }

    /// The time here.
    pub fn now(&self) -> OffsetDateTime {
        self.world.clock.now()
    }

    /// Moves the time here, forwards or backwards; `Date` moves with it.
    pub fn shift_clock(&self, by: Duration) {
        self.world.clock.shift(by);
    }

    /// Adds a user, and gives its id.
    pub fn add_user(&self, username: &str, full_name: Option<&str>) -> String {
        let id = new_id(self.now());
        self.world.ledger_mut().add_user(id, username, full_name.map(str::to_owned)).user_id
    }

    /// Deletes a user with all that they have, as somebody does in Alloy's dashboard; whether there was one.
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

    /// What a user has, in the order of making, whether it is listed yet or not.
    pub fn credentials(&self, user_id: &str) -> Vec<Credential> {
        self.world.ledger().credentials(user_id).to_vec()
    }

    /// Stores a credential for the connector's first authentication type, as if the user had allowed it elsewhere;
    /// gives its id. `None`: no such user or connector.
    pub fn add_credential(&self, user_id: &str, connector_id: &str) -> Option<String> {
        let now = self.now();
        self.add(user_id, connector_id, |ledger, new| ledger.add_credential(new, now).credential_id)
    }

    /// Stores that many credentials in that way, whose names are longer by `length`: for lists of many MiB. `None`: no such
    /// user or connector.
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

    /// Moves a credential's `updatedAt` to now; whether there was one.
    pub fn renew_credential(&self, user_id: &str, credential_id: &str) -> bool {
        let now = self.now();
        self.world.ledger_mut().renew(user_id, credential_id, now)
    }

    /// Removes a credential; whether there was one.
    pub fn remove_credential(&self, user_id: &str, credential_id: &str) -> bool {
        let now = self.now();
        self.world.ledger_mut().remove_credential(user_id, credential_id, now)
    }

    /// Opens an authorization URL and allows it, without a browser: stores the credential and gives the address that a
    /// browser would be sent to.
    ///
    /// # Errors
    /// What the page would say if the link is refused.
    pub fn approve(&self, authorization_url: &str) -> Result<Option<String>, &'static str> {
        let url = Url::parse(authorization_url).map_err(|_| "This is no address.")?;
        let connector_id = url.path_segments().and_then(|mut segments| segments.nth(3)).unwrap_or_default();
        let link = authorize::check(&self.world, connector_id, url.query().unwrap_or_default())?;
        Ok(authorize::approved(&self.world, &link, None))
    }

    /// Stops the sandbox at once: its port is free when this returns.
    pub async fn stop(&self) {
        self.server.stop(false).await;
    }
}

//! Two sample users, and which of them is signed in to this browser. A sample needs no password.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest,
    cookie::{Cookie, SameSite},
    dev::Payload,
    error::ErrorInternalServerError,
    web::Data,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;

const COOKIE: &str = "acme_notes";

pub(crate) struct User {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) initials: &'static str,
    /// Value of the sign-in cookie; new at each start.
    token: String,
}

pub(crate) struct Accounts {
    users: [Arc<User>; 2],
    secure: bool,
}

impl Accounts {
    /// `secure` restricts the cookie to https.
    pub(crate) fn open(secure: bool) -> Self {
        let user = |id, name, email, initials| {
            let mut token = [0; 32];
            rand::rng().fill_bytes(&mut token);
            Arc::new(User { id, name, email, initials, token: URL_SAFE_NO_PAD.encode(token) })
        };
        let jane = user("jane", "Jane Doe", "jane@acme.test", "JD");
        let sam = user("sam", "Sam Lee", "sam@acme.test", "SL");
        Self { users: [jane, sam], secure }
    }

    pub(crate) fn find(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id).map(AsRef::as_ref)
    }

    /// The signed-in user; a new browser is Jane's.
    fn visitor(&self, cookie: Option<&str>) -> Visitor {
        let [jane, sam] = &self.users;
        let known = self.users.iter().find(|user| Some(user.token.as_str()) == cookie);
        let user = known.unwrap_or(jane);
        let other = if Arc::ptr_eq(user, jane) { sam } else { jane };
        let cookie = known.is_none().then(|| self.cookie(user));
        Visitor { user: Arc::clone(user), other: Arc::clone(other), cookie }
    }

    pub(crate) fn cookie(&self, user: &User) -> Cookie<'static> {
        let cookie = Cookie::build(COOKIE, user.token.clone()).path("/").http_only(true).same_site(SameSite::Lax);
        cookie.secure(self.secure).finish()
    }
}

/// The user of a request.
pub(crate) struct Visitor {
    pub(crate) user: Arc<User>,
    /// The user to switch to.
    pub(crate) other: Arc<User>,
    /// Set for a browser without one.
    pub(crate) cookie: Option<Cookie<'static>>,
}

impl Visitor {
    /// False for a new browser, which becomes Jane's on pages where the user does not matter.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.cookie.is_none()
    }
}

impl FromRequest for Visitor {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cookie = request.cookie(COOKIE);
        let accounts = request.app_data::<Data<Accounts>>();
        let visitor = accounts.map(|accounts| accounts.visitor(cookie.as_ref().map(Cookie::value)));
        ready(visitor.ok_or_else(|| ErrorInternalServerError("no accounts")))
    }
}

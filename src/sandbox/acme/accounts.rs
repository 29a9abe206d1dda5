//! Two sample people, and which of them is signed in to this browser. There is no password: it is a sample.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    dev::Payload,
    error::ErrorInternalServerError,
    http::header::LOCATION,
    web::{Data, Form},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::pages::{self, Page};

const COOKIE: &str = "acme_notes";

/// One person.
pub(crate) struct User {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) initials: &'static str,
    /// What the browser holds while this person is signed in; made at each start.
    token: String,
}

/// Everybody who can be signed in.
pub(crate) struct Accounts {
    users: [Arc<User>; 2],
    secure: bool,
}

impl Accounts {
    /// Makes the two, with fresh tokens. `secure` keeps the cookie to https.
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

    /// The person of that id.
    pub(crate) fn of_id(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id).map(AsRef::as_ref)
    }

    /// A browser that comes for the first time is Jane's.
    fn visitor(&self, cookie: Option<&str>) -> Visitor {
        let [jane, sam] = &self.users;
        let known = self.users.iter().find(|user| Some(user.token.as_str()) == cookie);
        let user = known.unwrap_or(jane);
        let other = if Arc::ptr_eq(user, jane) { sam } else { jane };
        let cookie = known.is_none().then(|| self.cookie(user));
        Visitor { user: Arc::clone(user), other: Arc::clone(other), cookie }
    }

    fn cookie(&self, user: &User) -> Cookie<'static> {
        let cookie = Cookie::build(COOKIE, user.token.clone()).path("/").http_only(true).same_site(SameSite::Lax);
        cookie.secure(self.secure).finish()
    }
}

/// Who is here.
pub(crate) struct Visitor {
    pub(crate) user: Arc<User>,
    /// Whom one can switch to.
    pub(crate) other: Arc<User>,
    /// To be set, if the browser has none yet.
    pub(crate) cookie: Option<Cookie<'static>>,
}

impl Visitor {
    /// Whether this browser was here before. In this sample, one that was not becomes Jane's by looking at any page but
    /// those on which it matters who it is.
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

/// The form of the user menu, and of the page that asks who is there.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    user: String,
    page: Page,
    /// What the browser had with it when it was asked.
    gangway_completion: Option<String>,
}

/// `POST /sign-in`: signs in, or switches to the other person, and goes on where the browser was.
pub(crate) async fn sign_in(form: Form<SignIn>, accounts: Data<Accounts>, visitor: Visitor) -> HttpResponse {
    let Some(user) = accounts.users.iter().find(|user| user.id == form.user) else {
        return pages::nothing_here(visitor).await;
    };
    let mut onward = form.page.path().to_owned();
    if let Some(code) = &form.gangway_completion {
        let query = Serializer::new(String::new()).append_pair("gangway_completion", code).finish();
        onward = format!("{onward}?{query}");
    }
    HttpResponse::SeeOther().insert_header((LOCATION, onward)).cookie(accounts.cookie(user)).finish()
}

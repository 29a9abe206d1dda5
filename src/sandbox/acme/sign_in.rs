//! Signing in as one of the sample users.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Data, Form},
};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::{
    accounts::{Accounts, Visitor},
    pages::{self, Page},
};

/// The form of the user menu and of the sign-in page.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    user: String,
    page: Page,
    gangway_completion: Option<String>,
    elicitation: Option<String>,
}

/// `POST /sign-in`: signs in or switches the user, and continues at the page.
pub(crate) async fn sign_in(form: Form<SignIn>, accounts: Data<Accounts>, visitor: Visitor) -> HttpResponse {
    let Some(user) = accounts.find(&form.user) else {
        return pages::nothing_here(visitor).await;
    };
    let mut onward = form.page.path().to_owned();
    if let Some(code) = &form.gangway_completion {
        let query = Serializer::new(String::new()).append_pair("gangway_completion", code).finish();
        onward = format!("{onward}?{query}");
    }
    if let Some(id) = &form.elicitation {
        let query = Serializer::new(String::new()).append_pair("elicitation", id).finish();
        onward = format!("/connect/slack?{query}");
    }
    HttpResponse::SeeOther().insert_header((LOCATION, onward)).cookie(accounts.cookie(user)).finish()
}

//! The product of the sample: a page of notes. `notes.json` has those of each user.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    accounts::Visitor,
    pages::{self, Frame, Note, NotesPage, Page},
};

static NOTES: LazyLock<HashMap<&str, Vec<Note>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("notes.json")).unwrap_or_default());

/// `GET /`
pub(crate) async fn show(visitor: Visitor) -> HttpResponse {
    let notes = NOTES.get(visitor.user.id).map(Vec::as_slice).unwrap_or_default();
    let page = NotesPage { frame: Frame::plain(Page::Notes, &visitor), notes };
    pages::respond(StatusCode::OK, &page, &visitor)
}

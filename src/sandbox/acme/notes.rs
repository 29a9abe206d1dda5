//! The product of the sample: a page of notes. `notes.json` has those of each user.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{
    accounts::{User, Visitor},
    behind_the_scenes::Drawer,
    desk::Desk,
    gangway::Gangway,
    pages::{self, Frame, Note, NoteCard, NotesPage, Page},
};

/// The connector that notes are shared to.
pub(crate) const SLACK: &str = "slack";

static NOTES: LazyLock<HashMap<&str, Vec<Note>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("notes.json")).unwrap_or_default());

fn of(user: &User) -> &'static [Note] {
    NOTES.get(user.id).map(Vec::as_slice).unwrap_or_default()
}

/// A note of the user.
pub(crate) fn find(user: &User, id: &str) -> Option<&'static Note> {
    of(user).iter().find(|note| note.id == id)
}

/// `GET /`
pub(crate) async fn show(
    visitor: Visitor,
    gangway: Data<Gangway>,
    desk: Data<Desk>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let user = &visitor.user;
    // Without an answer the forms are there all the same: sharing asks again.
    let mut slack = gangway.connections(user).await.unwrap_or_default();
    slack.retain(|connection| connection.connector == SLACK);
    let (usable, refused): (Vec<_>, Vec<_>) = slack.into_iter().partition(|connection| !connection.needs_reconnect());
    let page = NotesPage {
        notice: desk.take_notice(user),
        notes: of(user).iter().map(|note| NoteCard { arrival: desk.arrival(user, &note.id), note }).collect(),
        reconnect: refused.into_iter().next().filter(|_| usable.is_empty()),
        accounts: usable,
        conversation: desk.conversation(user),
        frame: Frame::with_drawer(Page::Notes, &visitor, &drawer),
    };
    pages::respond(StatusCode::OK, &page, &visitor)
}

//! The product of the sample: a page of notes.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    accounts::Visitor,
    pages::{self, Frame, Note, NotesPage, Page},
};

const JANE: &[Note] = &[
    Note {
        topic: "Launch",
        title: "Spring release, last steps",
        lines: &["Read the release notes aloud once", "Ask Sam for the new pictures", "Tell the #launch channel"],
        edited: "Edited today",
    },
    Note {
        topic: "Customers",
        title: "Call with Harbor Bikes",
        lines: &["Want notes next to each deal", "Eleven people, two shops", "Call again after the fair"],
        edited: "Edited yesterday",
    },
    Note {
        topic: "Team",
        title: "Ideas for the autumn offsite",
        lines: &["By train, under three hours", "One afternoon without any plan", "A table that seats twenty"],
        edited: "Edited on Monday",
    },
];

const SAM: &[Note] = &[
    Note {
        topic: "Design",
        title: "Pictures for the spring release",
        lines: &["Crop the harbour one", "Dark versions of all six", "Send to Jane by Thursday"],
        edited: "Edited today",
    },
    Note {
        topic: "Reading",
        title: "Type that is easy on the eyes",
        lines: &["Sixty characters in a line", "Space before a heading, not after", "Numbers that line up"],
        edited: "Edited last week",
    },
];

/// `GET /`
pub(crate) async fn show(visitor: Visitor) -> HttpResponse {
    let notes = if visitor.user.id == "sam" { SAM } else { JANE };
    let page = NotesPage { frame: Frame::plain(Page::Notes, &visitor), notes };
    pages::respond(StatusCode::OK, &page, &visitor)
}

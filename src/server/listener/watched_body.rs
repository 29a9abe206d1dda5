//! Whether a request's body was read to its end when its response is ready. If not, the rest is still on its way.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker, ready},
};

use actix_http::{BoxedPayloadStream, Payload, Request, error::PayloadError};
use bytes::Bytes;
use futures_util::Stream;

/// Set once the body has ended, or from the beginning if there is none.
pub(super) struct BodyEnd(Rc<Cell<bool>>);

impl BodyEnd {
    pub(super) fn is_unread(&self) -> bool {
        !self.0.get()
    }
}

/// Puts a stream in the body's place that notices its end.
pub(super) fn watch(request: &mut Request) -> BodyEnd {
    let has_ended = Rc::new(Cell::new(false));
    match request.take_payload() {
        Payload::None => has_ended.set(true),
        body => {
            let watched: BoxedPayloadStream = Box::pin(WatchedBody { body, has_ended: Rc::clone(&has_ended) });
            *request.payload() = Payload::Stream { payload: watched };
        }
    }
    BodyEnd(has_ended)
}

struct WatchedBody {
    body: Payload,
    has_ended: Rc<Cell<bool>>,
}

/// A body that has arrived, and that the handler did not need, has ended too.
impl Drop for WatchedBody {
    fn drop(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(piece) = Pin::new(&mut self.body).poll_next(&mut context) {
            if !matches!(piece, Some(Ok(_))) {
                self.has_ended.set(true);
                break;
            }
        }
    }
}

impl Stream for WatchedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(Pin::new(&mut self.body).poll_next(context));
        if !matches!(piece, Some(Ok(_))) {
            self.has_ended.set(true);
        }
        Poll::Ready(piece)
    }
}

//! A connection whose other end may not take for ever. The server below waits for the head of a connection's first request
//! only; whoever has had one answer could send the next head a byte a minute, or never read what comes.

use std::{
    cell::Cell,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use crate::web::middleware::departure::Departure;

/// How long the head of a request may take, from its first byte; on a new connection from the beginning.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may rest between two requests: longer than proxies keep theirs.
const REST: Duration = Duration::from_secs(75);
/// How long the other end may take none of what we send.
const DEAF: Duration = Duration::from_secs(10);
/// How much is read, in bytes, before the other connections of the worker are served: thousands of small requests may come
/// at once on one connection, and their answers are ready at once.
const READ_AT_ONCE: usize = 1024;
/// The largest head of a request, in bytes. The server below would keep 128 KiB of each.
const LARGEST_HEAD: usize = 32 * 1024;

/// Whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Theirs: nothing of the next request is there.
    Rest,
    /// Theirs: so many bytes of it are.
    Head(usize),
    /// Ours: a request has come and is not answered. Its handler has limits of its own.
    Answer,
}

/// Tells a connection whose turn it is; every request on it can be asked for this.
#[derive(Clone)]
pub(crate) struct Turn(Rc<Cell<Phase>>);

impl Turn {
    /// A whole head has come.
    pub(crate) fn is_ours(&self) {
        self.0.set(Phase::Answer);
    }

    /// The answer is about to be sent.
    pub(crate) fn is_theirs(&self) {
        self.0.set(Phase::Rest);
    }
}

/// A stream that ends by itself.
pub(crate) struct Patient {
    stream: TcpStream,
    turn: Turn,
    departure: Departure,
    deadline: Pin<Box<Sleep>>,
    full: bool,
    deaf: bool,
    /// Bytes that were read since the other connections were served.
    read: usize,
}

impl Patient {
    /// A connection that was opened now.
    pub(crate) fn new(stream: TcpStream) -> Self {
        let turn = Turn(Rc::new(Cell::new(Phase::Head(0))));
        let departure = Departure::default();
        let deadline = Box::pin(sleep_until(Instant::now() + HEAD));
        Self { stream, turn, departure, deadline, full: false, deaf: false, read: 0 }
    }

    /// What tells it whose turn it is.
    pub(crate) fn turn(&self) -> Turn {
        self.turn.clone()
    }

    /// What tells a request that the other end has gone.
    pub(crate) fn departure(&self) -> Departure {
        self.departure.clone()
    }

    fn wait(&mut self, time: Duration) {
        self.deadline.as_mut().reset(Instant::now() + time);
    }

    /// Pending until the deadline, and an error from then on.
    fn until_deadline<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Whether there is room for more of a head. The server reads what there is before it looks at it, and a body may
    /// follow at once: so it is made to look before the connection ends.
    fn has_room(&mut self, context: &Context<'_>) -> Poll<io::Result<()>> {
        match self.turn.0.get() {
            Phase::Head(so_far) if so_far >= LARGEST_HEAD && self.full => {
                Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()))
            }
            Phase::Head(so_far) if so_far >= LARGEST_HEAD => {
                self.full = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Counts what was read of a head.
    fn count(&mut self, read: usize) {
        match self.turn.0.get() {
            Phase::Rest if read > 0 => {
                self.full = false;
                self.wait(HEAD);
                self.turn.0.set(Phase::Head(read));
            }
            Phase::Head(so_far) => self.turn.0.set(Phase::Head(so_far + read)),
            Phase::Rest | Phase::Answer => {}
        }
    }

    /// What a write came to.
    fn wrote<T>(&mut self, written: Poll<T>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = written {
            if self.deaf {
                self.deaf = false;
                // Reading has stopped meanwhile.
                context.waker().wake_by_ref();
            }
            if self.turn.0.get() == Phase::Rest {
                self.wait(REST);
                // Nobody reads before something comes, so the waker has to be left here.
                let _ = self.deadline.as_mut().poll(context);
            }
            return Poll::Ready(Ok(written));
        }
        if !self.deaf {
            self.deaf = true;
            self.wait(DEAF);
        }
        self.until_deadline(context)
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.has_room(context))?;
        // Whoever takes none of our answers gets no more of them into memory.
        if self.deaf {
            return Poll::Pending;
        }
        if self.read >= READ_AT_ONCE {
            self.read = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut piece = [0; READ_AT_ONCE];
        let most = buffer.remaining().min(READ_AT_ONCE - self.read);
        let mut piece = ReadBuf::new(piece.get_mut(..most).unwrap_or_default());
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, &mut piece) {
            let read_now = piece.filled().len();
            buffer.put_slice(piece.filled());
            self.read += read_now;
            self.count(read_now);
            if read_now == 0 {
                self.departure.has_left();
            }
            return Poll::Ready(read);
        }
        self.read = 0;
        if self.turn.0.get() == Phase::Answer { Poll::Pending } else { self.until_deadline(context) }
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written, context).map(|written| written?)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

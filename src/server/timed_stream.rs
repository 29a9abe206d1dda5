//! A connection with timeouts for slow clients. actix limits only the first request head of a connection, so a client
//! could send the next one at a byte a minute, or never read the response.

mod bodiless_post;

use std::{
    cell::Cell,
    io,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use bodiless_post::BodilessPost;

use crate::web::middleware::departure::ClientGone;

/// Timeout for a request head from its first byte; on a new connection from its start.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout for a client that reads nothing of the response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum bytes to read before other connections are served: a client may send thousands of pipelined requests.
const READ_BUDGET: usize = 1024;
/// Maximum size of a request head, in bytes. actix would buffer 128 KiB of each.
const MAX_HEAD: usize = 32 * 1024;
/// Maximum bytes of a body that are read after a response that did not need it. A proxy that sends on meanwhile would
/// otherwise see a reset connection in place of the response; nginx takes bodies of up to 1 MiB by default.
const MAX_UNREAD: usize = 1024 * 1024 + MAX_HEAD;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Head(usize),
    /// A handler runs, under its own time limits.
    Responding,
    /// The response is ready, and the rest of the body is discarded.
    Discarding(usize),
}

/// Counts the connections of a listener.
#[derive(Default)]
pub(crate) struct Arrivals {
    taken: AtomicUsize,
    /// Connections whose request has not been read.
    pending: AtomicUsize,
}

impl Arrivals {
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    pub(crate) fn are_pending(&self) -> bool {
        self.pending.load(Ordering::Relaxed) > 0
    }
}

struct CountedPhase {
    phase: Cell<Phase>,
    arrivals: Arc<Arrivals>,
}

impl CountedPhase {
    fn new(arrivals: Arc<Arrivals>) -> Self {
        arrivals.taken.fetch_add(1, Ordering::Relaxed);
        arrivals.pending.fetch_add(1, Ordering::Relaxed);
        Self { phase: Cell::new(Phase::Head(0)), arrivals }
    }

    fn get(&self) -> Phase {
        self.phase.get()
    }

    fn set(&self, phase: Phase) {
        let is_pending = |phase| matches!(phase, Phase::Head(_));
        match (is_pending(self.phase.replace(phase)), is_pending(phase)) {
            (false, true) => _ = self.arrivals.pending.fetch_add(1, Ordering::Relaxed),
            (true, false) => _ = self.arrivals.pending.fetch_sub(1, Ordering::Relaxed),
            _ => {}
        }
    }
}

impl Drop for CountedPhase {
    fn drop(&mut self) {
        self.set(Phase::Idle);
    }
}

/// Lets the service notify the connection when a handler starts and ends.
#[derive(Clone)]
pub(crate) struct PhaseHandle(Rc<CountedPhase>);

impl PhaseHandle {
    pub(crate) fn request_started(&self) {
        self.0.set(Phase::Responding);
    }

    pub(crate) fn response_ready(&self, body_is_unread: bool) {
        self.0.set(if body_is_unread { Phase::Discarding(0) } else { Phase::Idle });
    }
}

pub(crate) struct TimedStream {
    stream: TcpStream,
    pub(crate) phase: PhaseHandle,
    pub(crate) departure: ClientGone,
    /// Timeout between two requests.
    keep_alive: Duration,
    posts: BodilessPost,
    /// Bytes that the last read had no space for.
    ready: Vec<u8>,
    deadline: Pin<Box<Sleep>>,
    head_is_full: bool,
    write_stalled: bool,
    read: usize,
}

impl TimedStream {
    pub(crate) fn new(stream: TcpStream, keep_alive: Duration, arrivals: Arc<Arrivals>) -> Self {
        let phase = PhaseHandle(Rc::new(CountedPhase::new(arrivals)));
        let departure = ClientGone::default();
        let deadline = Box::pin(sleep_until(Instant::now() + HEAD_TIMEOUT));
        Self {
            stream,
            phase,
            departure,
            keep_alive,
            posts: BodilessPost::new(),
            ready: Vec::new(),
            deadline,
            head_is_full: false,
            write_stalled: false,
            read: 0,
        }
    }

    fn wait(&mut self, time: Duration) {
        self.deadline.as_mut().reset(Instant::now() + time);
    }

    fn poll_deadline<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Fails if the head is too large. actix reads everything available before it parses, and a body may follow at
    /// once: so it may parse once more before the connection ends.
    fn check_head_size(&mut self, context: &Context<'_>) -> Poll<io::Result<()>> {
        match self.phase.0.get() {
            Phase::Discarding(so_far) if so_far >= MAX_UNREAD => Poll::Ready(Err(io::ErrorKind::FileTooLarge.into())),
            Phase::Head(so_far) if so_far >= MAX_HEAD && self.head_is_full => {
                Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()))
            }
            Phase::Head(so_far) if so_far >= MAX_HEAD => {
                self.head_is_full = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    fn count_head(&mut self, read: usize) {
        match self.phase.0.get() {
            Phase::Idle if read > 0 => {
                self.head_is_full = false;
                self.wait(HEAD_TIMEOUT);
                self.phase.0.set(Phase::Head(read));
                self.posts.begin();
            }
            Phase::Head(so_far) => self.phase.0.set(Phase::Head(so_far + read)),
            Phase::Discarding(so_far) => self.phase.0.set(Phase::Discarding(so_far + read)),
            Phase::Idle | Phase::Responding => {}
        }
    }

    fn after_write<T>(&mut self, written: Poll<T>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = written {
            if self.write_stalled {
                self.write_stalled = false;
                // Reading has stopped in the meantime.
                context.waker().wake_by_ref();
            }
            let timeout = match self.phase.0.get() {
                Phase::Idle => Some(self.keep_alive),
                // Or the next head, if the body ended at this moment.
                Phase::Discarding(_) => Some(HEAD_TIMEOUT),
                Phase::Head(_) | Phase::Responding => None,
            };
            if let Some(timeout) = timeout {
                self.wait(timeout);
                // actix reads again only after a wake-up, so the deadline needs this waker.
                let _ = self.deadline.as_mut().poll(context);
            }
            return Poll::Ready(Ok(written));
        }
        if !self.write_stalled {
            self.write_stalled = true;
            self.wait(WRITE_TIMEOUT);
        }
        self.poll_deadline(context)
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ready.is_empty() {
            let most = self.ready.len().min(buffer.remaining());
            buffer.put_slice(&self.ready.drain(..most).collect::<Vec<u8>>());
            return Poll::Ready(Ok(()));
        }
        ready!(self.check_head_size(context))?;
        // No more requests are read from a client that does not read the responses.
        if self.write_stalled {
            return Poll::Pending;
        }
        if self.read >= READ_BUDGET {
            self.read = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut piece = [0; READ_BUDGET];
        let most = buffer.remaining().min(READ_BUDGET - self.read);
        let mut piece = ReadBuf::new(piece.get_mut(..most).unwrap_or_default());
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, &mut piece) {
            let read_now = piece.filled().len();
            self.read += read_now;
            self.count_head(read_now);
            if read_now == 0 {
                self.departure.notify();
            } else if self.posts.is_open() {
                buffer.put_slice(piece.filled());
            } else {
                let mut passed = self.posts.pass(piece.filled());
                if passed.is_empty() {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                self.ready = passed.split_off(passed.len().min(buffer.remaining()));
                buffer.put_slice(&passed);
            }
            return Poll::Ready(read);
        }
        self.read = 0;
        if self.phase.0.get() == Phase::Responding { Poll::Pending } else { self.poll_deadline(context) }
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.after_write(written, context).map(|written| written?)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

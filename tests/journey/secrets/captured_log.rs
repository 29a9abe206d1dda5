//! What is logged, kept in memory.

use std::{
    io, panic,
    sync::{Arc, Mutex},
};

use gangway::runtime::logging::{self, LogFormat};
use serde_json::Value;

/// All that was logged since [`CapturedLog::listen`].
#[derive(Clone, Default)]
pub(crate) struct CapturedLog(Arc<Mutex<Vec<u8>>>);

impl io::Write for CapturedLog {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl CapturedLog {
    /// Everything is logged that may be, as the program itself logs; each test has a process of its own.
    pub(crate) fn listen() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let hook = panic::take_hook();
        logging::init("trace", LogFormat::Json, move || writer.clone()).unwrap();
        // A panic here is a test that fails: that is for people to read.
        panic::set_hook(hook);
        log
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The events: one a line, and each is JSON.
    pub(crate) fn events(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.text().lines().map(read).collect()
    }
}

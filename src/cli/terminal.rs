//! The one place that writes for the person who typed a command.

use std::io::Write;

/// Where answers and complaints go. A closed pipe is nobody's mistake: what cannot be written is dropped.
pub struct Terminal<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Terminal<'a> {
    /// Writes answers to the one and complaints to the other: in the program, standard output and standard error.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err }
    }

    /// Answers, with a line's end.
    pub fn say(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
    }

    /// Answers with one line of many; false once nobody reads them any more.
    pub fn line(&mut self, text: &str) -> bool {
        writeln!(self.out, "{text}").and_then(|()| self.out.flush()).is_ok()
    }

    /// Complains, with a line's end.
    pub fn complain(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}").and_then(|()| self.err.flush());
    }
}

impl std::fmt::Debug for Terminal<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Terminal")
    }
}

//! Output of the commands, the only place that prints.

use std::io::Write;

/// Standard output and standard error. Errors of a closed pipe are ignored.
pub struct Terminal<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Terminal<'a> {
    /// Wraps the writers for output and errors.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err }
    }

    /// Prints to standard output.
    pub(crate) fn say(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
    }

    /// Prints one line of many; returns `false` once the pipe is closed.
    pub(crate) fn line(&mut self, text: &str) -> bool {
        writeln!(self.out, "{text}").and_then(|()| self.out.flush()).is_ok()
    }

    /// Prints to standard error.
    pub(crate) fn complain(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}").and_then(|()| self.err.flush());
    }
}

/// Asks on standard error and reads the answer from standard input. The end of the input is a no.
pub(crate) fn confirm(terminal: &mut Terminal<'_>, question: &str) -> bool {
    terminal.complain(question);
    let mut answer = String::new();
    let is_read = std::io::stdin().read_line(&mut answer).is_ok();
    is_read && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

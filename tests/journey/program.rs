//! A program beside Gangway: what it prints is read line by line, and it does not outlive its test.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The program, running.
pub(crate) struct Program {
    child: Child,
    lines: UnboundedReceiver<String>,
}

impl Program {
    /// Starts it, in a group of its own with whatever it starts itself.
    pub(crate) fn start(mut command: Command) -> Self {
        let name = command.get_program().to_owned();
        // The tests speak to this machine only, and the libraries of other languages would ask a proxy.
        command.env("NO_PROXY", "*").env("no_proxy", "*").process_group(0);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not run ({error}): tests/run installs it", name.display()));
        let (told, lines) = unbounded_channel();
        let printed = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in printed.lines().map_while(Result::ok) {
                if told.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line that it prints; `None` once it will print no more.
    pub(crate) async fn line(&mut self) -> Option<String> {
        tokio::time::timeout(Duration::from_secs(60), self.lines.recv()).await.expect("it prints nothing")
    }

    /// Waits for its end; gives all the lines that were not read yet.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let mut lines = Vec::new();
        while let Some(line) = self.line().await {
            lines.push(line);
        }
        (self.child.wait().unwrap(), lines)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        kill_process_group(Pid::from_child(&self.child), Signal::KILL).ok();
        self.child.wait().ok();
    }
}

//! The `gangway` program.

use std::{env, io, process::ExitCode};

use gangway::cli::{self, Terminal};

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout(), io::stderr());
    let mut terminal = Terminal::new(&mut out, &mut err);
    match cli::parse(env::args_os(), &mut terminal) {
        Ok(command) => cli::run(command, &mut terminal),
        Err(code) => code,
    }
}

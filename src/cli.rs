//! The command line: what can be asked for, and what is answered at once.

mod arguments;
pub mod attempt;
pub mod backup;
pub mod check;
pub mod demo;
pub mod events;
pub mod health;
pub mod init;
mod run;
pub mod run_check;
mod terminal;

use std::{ffi::OsString, path::Path, process::ExitCode};

use clap::Parser as _;

use crate::config::{Settings, SettingsError};

pub use arguments::{
    Arguments, Attempt, Backup, Check, Command, Create, Demo, Events, Health, Init, Sandbox, Serve, Session,
};
pub use run::run;
pub use terminal::Terminal;

/// The exit code of a wrong command line.
const USAGE: u8 = 2;

/// Reads the command line. Help and version are answered here, and so is a mistake.
///
/// # Errors
/// With the exit code, when there is nothing left to do: 0 after help, 2 after a mistake.
pub fn parse(arguments: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>) -> Result<Command, ExitCode> {
    Arguments::try_parse_from(arguments).map(|arguments| arguments.command).map_err(|answer| {
        let text = answer.render().to_string();
        if answer.use_stderr() {
            terminal.complain(text.trim_end());
            ExitCode::from(USAGE)
        } else {
            terminal.say(text.trim_end());
            ExitCode::SUCCESS
        }
    })
}

/// The settings of this process: defaults, that file, the environment.
///
/// # Errors
/// As [`Settings::load`].
pub fn settings(config: Option<&Path>) -> Result<Settings, SettingsError> {
    Settings::load(config, environment())
}

/// The variables of this process whose names and values are text; others cannot be ours.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests;

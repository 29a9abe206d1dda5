//! The command line: arguments and commands.

mod arguments;
pub(crate) mod attempt;
pub(crate) mod backup;
pub(crate) mod check;
pub mod demo;
pub(crate) mod embed;
pub mod events;
pub(crate) mod health;
pub(crate) mod init;
mod run;
mod terminal;

use std::{ffi::OsString, path::Path, process::ExitCode};

use clap::Parser as _;

use crate::config::{Settings, SettingsError};

pub use arguments::{
    Arguments, Attempt, Backup, Check, Command, Create, Demo, Embed, Events, Health, Init, Sandbox, Serve, Session,
};
pub use run::run;
pub use terminal::Terminal;

/// Exit code of a wrong command line.
const USAGE: u8 = 2;

/// Parses the command line. Help, version and usage errors are printed, and the exit code is returned instead.
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

/// The settings of this process: defaults, file, environment.
fn settings(config: Option<&Path>) -> Result<Settings, SettingsError> {
    Settings::load(config, environment())
}

/// The environment variables whose names and values are valid Unicode.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests;

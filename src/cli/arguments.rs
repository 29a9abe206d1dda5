//! Every command with its options and its help.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use strum::VariantArray as _;

use crate::{
    domain::{connector::ConnectorId, session::ExternalId},
    sandbox::{Fault, REVOKED, Route, Switch},
};

const EXAMPLES: &str = "\
First steps:
  gangway demo                          see it work, with nothing to configure
  gangway init                          write gangway.toml with fresh keys
  gangway check --config gangway.toml   what is wrong, and the exact line to write
  gangway serve --config gangway.toml   go

Exit codes: 0 done, 1 failed, 2 wrong command line.";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  gangway sandbox
  gangway sandbox --bind 127.0.0.1:5050 --fault admin-approval --fault slow=3@metadata";

const EVENTS_EXAMPLES: &str = "\
Each is one line of JSON: what your server gets as the body, with the id that it gets as webhook-id. It reads the store, so
that it works without webhook.url, and beside a running `gangway serve`.

Example:
  gangway events --follow --config gangway.toml";

const EMBED_EXAMPLE: &str = "\
Most pages need no copy: they load /embed/v1.js from the running Gangway, which is always the right version. The folder is a
package of its own: v1.js, frame-v1.js, their types and package.json. Run it again after each update of Gangway.

Example:
  gangway embed web/gangway-embed";

const CHECK_EXAMPLES: &str = "\
Settings come from built-in defaults, then the file, then the environment:
server.bind of the file is the variable GANGWAY__SERVER__BIND.

First contact with a real account:
  gangway check --probe --config gangway.toml        what the account serves; makes one user and deletes it
  gangway check --link slack --config gangway.toml   connect an account of yours, with `gangway serve` stopped
Each ends in a report without secrets, for an issue, and in lines for the settings file.";

const SETTINGS: &str = "\
Settings come from built-in defaults, then the file, then the environment:
server.bind of the file is the variable GANGWAY__SERVER__BIND.";

/// Connect pages for the users of your product, over Alloy's Connectivity API.
#[derive(Debug, Parser)]
#[command(name = "gangway", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run Gangway
    #[command(after_help = SETTINGS)]
    Serve(Serve),
    /// Run Gangway, a sandbox Alloy and the sample product "Acme Notes", to look at
    Demo(Demo),
    /// Run the sandbox Alloy alone
    #[command(after_help = SANDBOX_EXAMPLES, after_long_help = faults_and_examples())]
    Sandbox(Sandbox),
    /// Write a settings file with fresh keys, and say what to do next
    Init(Init),
    /// Say what is wrong with the settings, and the exact line to write
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Print the events of your users, as your server is told of them
    #[command(after_help = EVENTS_EXAMPLES)]
    Events(Events),
    /// Tell what became of a try to connect an app, by the reference that its user reads out
    #[command(after_help = "\
It only reads, and works beside a running Gangway. Example:
  gangway attempt K7F3-92QD --config gangway.toml")]
    Attempt(Attempt),
    /// Say whether the Gangway of these settings is ready: for a container's health check
    Health(Health),
    /// Copy the SQLite database, beside a running Gangway or without one
    #[command(after_help = "\
To restore it, stop Gangway, put the copy in the place of the file in store.url, delete that file's neighbours that end in
-wal and -shm, and start Gangway.")]
    Backup(Backup),
    /// Copy the script for your own pages, with its types, to pin its version
    #[command(after_help = EMBED_EXAMPLE)]
    Embed(Embed),
    /// Work with sessions
    #[command(subcommand)]
    Session(Session),
}

/// `gangway serve`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Serve {
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer requests only: send no event, delete nothing at Alloy, do no other work in the background. For a look at a
    /// restored copy of the database
    #[arg(long)]
    pub hold_back: bool,
}

/// `gangway demo`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
It listens on this machine only, and leaves nothing behind: Gangway on port 3000 (its admin listener on 3001), the
sandbox Alloy on 4040, Acme Notes on 8080. Are they in use? `gangway demo --port-base 5000` takes 5000 to 5003.")]
pub struct Demo {
    /// Use the four ports from N on, in the order Gangway, its admin listener, the sandbox Alloy, Acme Notes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=65_532))]
    pub port_base: Option<u16>,
}

/// `gangway sandbox`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Sandbox {
    /// Where it listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4040")]
    pub bind: SocketAddr,
    /// What goes wrong, by name; several may be named. `--help` lists them all
    #[arg(long = "fault", value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    pub faults: Vec<Switch>,
}

/// `gangway init`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Init {
    /// The file to write; one that is there already is never touched
    #[arg(long, value_name = "FILE", default_value = "gangway.toml")]
    pub out: PathBuf,
}

/// `gangway check`
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Check {
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Check the settings and this machine only; call neither Alloy nor other servers
    #[arg(long, conflicts_with_all = ["probe", "link"])]
    pub offline: bool,
    /// Report what the Alloy account serves: makes one user, reads, and deletes it. Asks first
    #[arg(long, conflicts_with = "link")]
    pub probe: bool,
    /// Report what connecting this app does: prints a link for your own browser, waits, and deletes again. Asks first
    #[arg(long, value_name = "APP", value_parser = |id: &str| ConnectorId::parse(id))]
    pub link: Option<ConnectorId>,
    /// With --link: run this action once, without input; choose one that changes nothing
    #[arg(long, value_name = "ID", requires = "link")]
    pub action: Option<String>,
    /// With --probe or --link: do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `gangway events`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Events {
    /// Go on as they come, until Ctrl-C
    #[arg(long)]
    pub follow: bool,
    /// Those of one user only, by your own id
    #[arg(long, value_name = "ID", value_parser = |id: &str| ExternalId::parse(id))]
    pub user: Option<ExternalId>,
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gangway attempt`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Attempt {
    /// The reference on the user's page, or the attempt's id
    #[arg(value_name = "REF")]
    pub reference: String,
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gangway health`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Health {
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gangway backup`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Backup {
    /// The file to make; one that is there already is never touched
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gangway embed`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Embed {
    /// The folder to write to; an earlier copy in it is replaced, and files of others are never touched
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// `gangway session`
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Session {
    /// Print a start link for one of your users
    #[command(after_help = "\
The browser that opens the link connects apps for that user, for a few minutes: give it to this user only.

Example:
  gangway session create --user user-1 --name 'Jane Doe' --connector slack --config gangway.toml")]
    Create(Create),
}

/// `gangway session create`
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Create {
    /// Your own id of the user
    #[arg(long, value_name = "ID", value_parser = |id: &str| ExternalId::parse(id))]
    pub user: ExternalId,
    /// What pages call the user
    #[arg(long)]
    pub name: Option<String>,
    /// Shown beside the name
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The app to go to at once, by Alloy's id
    #[arg(long, value_name = "APP", value_parser = |id: &str| ConnectorId::parse(id))]
    pub connector: Option<ConnectorId>,
    /// The settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The faults with their descriptions, and the calls that they can be limited to.
fn faults_and_examples() -> String {
    let fault = |fault: &Fault| {
        let number = fault.unit().map(|unit| format!("={unit}")).unwrap_or_default();
        format!("  {fault}{number}\n          {}\n", fault.description())
    };
    let faults: String = Fault::VARIANTS.iter().map(fault).collect();
    let routes: Vec<&str> = Route::VARIANTS.iter().map(Into::into).collect();
    format!(
        "Faults:\n{faults}\nNAME@CALL puts a fault on one call of the API only:\n  {}\n\n\
         A key that contains \"{REVOKED}\" is stored like any other, and does not work.\n\n{SANDBOX_EXAMPLES}",
        routes.join(", ")
    )
}

//! Runs the commands.

use std::{io, process::ExitCode};

use anyhow::{Context as _, anyhow, bail};

use super::{
    Command, Create, Demo, Events, Sandbox, Serve, Session, Terminal, attempt, backup, check, embed, environment,
    events, health, init, settings,
};
use crate::{
    cli::{
        check::{Outcome, moved_store::MovedStore},
        demo,
    },
    config::Settings,
    domain::{
        clock::{SystemClock, SystemEntropy},
        session::After,
    },
    host_api::ApiProblem,
    runtime::{
        logging::{self, LogFormat},
        net::proxy_variables,
    },
    sandbox,
    server::{self, Environment, SettingsSource},
    sessions::{RequestedUser, SessionRequest},
    store,
    web::routes,
};

/// Runs a command. The exit code is 0 on success and 1 on failure.
pub fn run(command: Command, terminal: &mut Terminal<'_>) -> ExitCode {
    match actix_web::rt::System::new().block_on(execute(command, terminal)) {
        Ok(code) => code,
        Err(error) => {
            terminal.complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn execute(command: Command, terminal: &mut Terminal<'_>) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(arguments) => serve(arguments).await?,
        Command::Demo(arguments) => run_demo(&arguments, terminal).await?,
        Command::Sandbox(arguments) => run_sandbox(arguments, terminal).await?,
        Command::Session(Session::Create(arguments)) => create_session(arguments, terminal).await?,
        Command::Events(arguments) => print_events(arguments, terminal).await?,
        Command::Attempt(arguments) => {
            log_warnings()?;
            attempt::run(&arguments, &settings(arguments.config.as_deref())?, &SystemClock, terminal).await?;
        }
        Command::Backup(arguments) => {
            log_warnings()?;
            backup::run(&arguments, &settings(arguments.config.as_deref())?, terminal).await?;
        }
        Command::Health(arguments) => health::run(settings(arguments.config.as_deref())?.server.admin_bind, terminal)?,
        Command::Embed(arguments) => embed::run(&arguments, terminal)?,
        Command::Init(arguments) => init::run(&arguments, &SystemEntropy, terminal)?,
        Command::Check(arguments) => {
            let outcome = check::run(&arguments, environment(), &SystemClock, &SystemEntropy, terminal).await?;
            return Ok(if outcome == Outcome::Fit { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    let environment: Vec<_> = environment().collect();
    let (settings, raw) = Settings::load_with_raw(arguments.config.as_deref(), environment.iter().cloned())?;
    settings.safe_to_serve(&SystemEntropy)?;
    if let Some(moved) = MovedStore::find(&settings, &raw)? {
        bail!("store.url: {moved}. Move it there, or write store.url = \"{}\"", moved.url());
    }
    logging::init(&settings.telemetry.log, settings.telemetry.format, io::stdout)?;
    for variable in proxy_variables(&environment) {
        tracing::warn!(variable, "a proxy is set in the environment, and no call uses it: all connect directly");
    }
    let source = arguments.config.map(|file| SettingsSource { file, environment, raw });
    server::serve(settings, source, arguments.hold_back).await
}

async fn run_demo(arguments: &Demo, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let default = Some(demo::Ports::DEFAULT);
    let ports = arguments.port_base.map_or(default, demo::Ports::from_base).context("--port-base is too high")?;
    log_warnings()?;
    let demo = demo::Demo::build(ports).await?;
    terminal.say(&demo.welcome());
    demo.run_until(server::stop_signal()).await?;
    terminal.say("Stopped. Nothing is left behind.");
    Ok(())
}

async fn run_sandbox(arguments: Sandbox, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    log_warnings()?;
    let listener = std::net::TcpListener::bind(arguments.bind).map_err(|error| {
        anyhow!("{} cannot be had ({error}). Stop what uses it, or choose another address with --bind", arguments.bind)
    })?;
    let emulator = sandbox::Sandbox::build(
        listener,
        sandbox::Options { faults: arguments.faults, ..sandbox::Options::default() },
    )?;
    let control = emulator.control();
    terminal.say(&format!(
        "The sandbox answers at {}\nAPI key: {}\nPress Ctrl-C to stop.",
        emulator.base_url(),
        sandbox::API_KEY
    ));
    actix_web::rt::spawn(async move {
        server::stop_signal().await;
        control.stop().await;
    });
    Ok(emulator.run_until_stopped().await?)
}

async fn print_events(arguments: Events, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let settings = settings(arguments.config.as_deref())?;
    log_warnings()?;
    events::run(&arguments, &settings, server::stop_signal(), terminal).await
}

/// As the host API, but directly on the store, without a running Gangway.
async fn create_session(arguments: Create, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let settings = settings(arguments.config.as_deref())?;
    settings.safe_to_serve(&SystemEntropy)?;
    log_warnings()?;
    // Only `serve` makes a database: a link into an empty one leads nowhere.
    store::open_existing(&settings.store.url).await.context("store.url")?;
    let gangway = server::services(settings, Environment::default()).await?;
    let user = RequestedUser { id: arguments.user, name: arguments.name, email: arguments.email, alloy_user_id: None };
    let request = SessionRequest {
        user,
        connectors: Vec::new(),
        connector: arguments.connector,
        reconnect: None,
        after: After::Stay,
        return_url: None,
        locale: None,
        expires_in: None,
        client_reference: None,
    };
    let created = gangway.sessions.create(request, async |_| Ok(())).await.map_err(ApiProblem::from)?;
    terminal.say(&gangway.site.public(&routes::start(&created.code)));
    Ok(())
}

/// Commands that people run by hand log only when something is wrong.
fn log_warnings() -> anyhow::Result<()> {
    Ok(logging::init("warn", LogFormat::Pretty, io::stderr)?)
}

//! From a command to its answer.

use std::{io, process::ExitCode};

use anyhow::{Context as _, anyhow};

use super::{
    Command, Create, Demo, Events, Sandbox, Serve, Session, Terminal, attempt, backup, environment, events, health,
    init, run_check, settings,
};
use crate::{
    cli::{check::Outcome, demo},
    config::Settings,
    domain::{
        clock::{SystemClock, SystemEntropy},
        session::After,
    },
    host_api::ApiProblem,
    runtime::logging::{self, LogFormat},
    sandbox,
    server::{self, Outside, Source},
    sessions::{RequestedUser, SessionRequest},
    web::routes,
};

/// Does what was asked; 0 when it went well, 1 when not.
pub fn run(command: Command, terminal: &mut Terminal<'_>) -> ExitCode {
    match actix_web::rt::System::new().block_on(answer(command, terminal)) {
        Ok(code) => code,
        Err(error) => {
            terminal.complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn answer(command: Command, terminal: &mut Terminal<'_>) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(asked) => serve(asked).await?,
        Command::Demo(asked) => show(&asked, terminal).await?,
        Command::Sandbox(asked) => emulate(asked, terminal).await?,
        Command::Session(Session::Create(asked)) => create_session(asked, terminal).await?,
        Command::Events(asked) => print_events(asked, terminal).await?,
        Command::Attempt(asked) => {
            log_warnings()?;
            attempt::run(&asked, &settings(asked.config.as_deref())?, &SystemClock, terminal).await?;
        }
        Command::Backup(asked) => {
            log_warnings()?;
            backup::run(&asked, &settings(asked.config.as_deref())?, terminal).await?;
        }
        Command::Health(asked) => health::run(settings(asked.config.as_deref())?.server.admin_bind, terminal)?,
        Command::Init(asked) => init::run(&asked, &SystemEntropy, terminal)?,
        Command::Check(asked) => {
            let outcome = run_check::run(&asked, environment(), &SystemClock, &SystemEntropy, terminal).await?;
            return Ok(if outcome == Outcome::Fit { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(asked: Serve) -> anyhow::Result<()> {
    let environment: Vec<_> = environment().collect();
    let (settings, written) = Settings::load_written(asked.config.as_deref(), environment.iter().cloned())?;
    settings.safe_to_serve(&SystemEntropy)?;
    logging::init(&settings.telemetry.log, settings.telemetry.format, io::stdout)?;
    server::serve(settings, asked.config.map(|file| Source { file, environment, written })).await
}

async fn show(asked: &Demo, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let usual = Some(demo::Ports::USUAL);
    let ports = asked.port_base.map_or(usual, demo::Ports::from_base).context("--port-base is too high")?;
    log_warnings()?;
    let demo = demo::Demo::build(ports).await?;
    terminal.say(&demo.welcome());
    demo.run_until(server::asked_to_stop()).await?;
    terminal.say("Stopped. Nothing is left behind.");
    Ok(())
}

async fn emulate(asked: Sandbox, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    log_warnings()?;
    let listener = std::net::TcpListener::bind(asked.bind).map_err(|error| {
        anyhow!("{} cannot be had ({error}). Stop what uses it, or choose another address with --bind", asked.bind)
    })?;
    let emulator =
        sandbox::Sandbox::build(listener, sandbox::Options { faults: asked.faults, ..sandbox::Options::default() })?;
    let control = emulator.control();
    terminal.say(&format!(
        "The sandbox answers at {}\nAPI key: {}\nPress Ctrl-C to stop.",
        emulator.base_url(),
        sandbox::API_KEY
    ));
    actix_web::rt::spawn(async move {
        server::asked_to_stop().await;
        control.stop().await;
    });
    Ok(emulator.run_until_stopped().await?)
}

async fn print_events(asked: Events, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let settings = settings(asked.config.as_deref())?;
    log_warnings()?;
    events::run(&asked, &settings, server::asked_to_stop(), terminal).await
}

/// The same as the host's API does, without a running Gangway: on the store itself.
async fn create_session(asked: Create, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let settings = settings(asked.config.as_deref())?;
    settings.safe_to_serve(&SystemEntropy)?;
    log_warnings()?;
    let gangway = server::gangway(settings, Outside::default()).await?;
    let request = SessionRequest {
        user: RequestedUser { id: asked.user, name: asked.name, email: asked.email, alloy_user_id: None },
        connectors: Vec::new(),
        connector: asked.connector,
        reconnect: None,
        after: After::Stay,
        return_url: None,
        locale: None,
        expires_in: None,
    };
    let created = gangway.sessions.create(request).await.map_err(ApiProblem::from)?;
    terminal.say(&gangway.site.public(&routes::start(&created.code)));
    Ok(())
}

/// Commands that people run by hand log only when something is wrong.
fn log_warnings() -> anyhow::Result<()> {
    Ok(logging::init("warn", LogFormat::Pretty, io::stderr)?)
}

//! `gangway attempt`: explains an attempt to support staff.

mod explanation;

use anyhow::{Context as _, bail};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Attempt, Terminal};
use crate::{
    config::Settings,
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Reference, State, TimelineEvent},
        clock::Clock,
    },
    store::{self, AttemptWithTimeline, Store},
};

use explanation::{Context, Explanation};

/// Prints the state, its cause, what to tell the user and what can be done.
pub(crate) async fn run(
    arguments: &Attempt,
    settings: &Settings,
    clock: &dyn Clock,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<()> {
    let store = store::open_existing(&settings.store.url).await.context("store.url")?;
    let attempt = find(&store, &arguments.reference).await?;
    let removed = store.deletions_are_complete(attempt.id).await?;
    let disconnected = match &attempt.credential() {
        Some(credential) => {
            store.disconnection(&attempt.user, credential).await?.is_some_and(|it| it.done_at.is_some())
        }
        None => false,
    };
    let known = store.attempt_with_timeline(attempt.id).await?.context("the attempt was just deleted")?;
    let context = Context { now: clock.now(), removed, disconnected };
    terminal.say(&report(&known, &explanation::explain(&known.attempt, context)));
    Ok(())
}

/// Finds an attempt by its id or reference.
async fn find(store: &Store, named: &str) -> anyhow::Result<LinkAttempt> {
    if let Ok(id) = named.trim().parse() {
        return store.attempt(AttemptId::from_uuid(id)).await?.with_context(|| format!("there is no attempt {id}"));
    }
    let Some(reference) = Reference::parse(named) else {
        bail!("{named:?} is neither a reference, such as K7F3-92QD, nor the id of an attempt");
    };
    store.attempt_by_reference(reference).await?.with_context(|| {
        format!(
            "no attempt has the reference {reference}. If a page with a problem shows it, it is the reference of one \
             request: look for \"{reference}\" in the log"
        )
    })
}

fn report(known: &AttemptWithTimeline, explanation: &Explanation) -> String {
    let AttemptWithTimeline { attempt, timeline, alloy_user, client_reference } = known;
    let mut lines = vec![
        format!("Attempt {} of user {:?} at {}", attempt.id.reference(), attempt.user.as_str(), attempt.connector),
        String::new(),
        format!("  id       {}", attempt.id),
        format!("  session  {}", attempt.session_id),
        format!("  state    {}", state_text(attempt)),
    ];
    if let Some(reference) = client_reference {
        lines.push(format!("  yours    {reference}"));
    }
    if let Some(alloy_user) = alloy_user {
        lines.push(format!("  alloy    user {alloy_user}"));
    }
    if let Some(credential) = attempt.credential().filter(|_| attempt.state() == State::Linked) {
        lines.push(format!("  brought  {credential}"));
    }
    lines.extend([String::new(), "What happened (UTC)".to_owned()]);
    lines.extend(
        timeline.iter().map(|entry| {
            format!("  {}  {}{}", format_time(entry.at), event_text(entry.event), actor_text(entry.actor))
        }),
    );
    for (heading, sentences) in [
        ("Why", &explanation.cause),
        ("What to tell the user", &explanation.user_advice),
        ("What you can do", &explanation.operator_advice),
    ] {
        lines.extend([String::new(), heading.to_owned()]);
        lines.extend(sentences.iter().map(|sentence| format!("  {sentence}")));
    }
    lines.join("\n")
}

fn state_text(attempt: &LinkAttempt) -> String {
    match attempt.reason() {
        Some(reason) => format!("{} ({reason})", attempt.state()),
        None => format!("{}, until {} at the latest", attempt.state(), format_time(attempt.deadline)),
    }
}

/// The time in UTC, without fractions of a second.
fn format_time(time: OffsetDateTime) -> String {
    time.replace_nanosecond(0).ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The actor of a step, where the step itself does not name it.
fn actor_text(actor: Option<Actor>) -> &'static str {
    match actor {
        Some(Actor::User) => " (at one of our pages)",
        Some(Actor::Host) => " (your server)",
        Some(Actor::Job) => " (in the background)",
        Some(Actor::Gangway) => " (because of another attempt)",
        None => "",
    }
}

fn event_text(event: TimelineEvent) -> &'static str {
    match event {
        TimelineEvent::Began => "began",
        TimelineEvent::Continued => "the user began again, and it went on",
        TimelineEvent::Sent => "the browser was sent to the provider",
        TimelineEvent::Returned => "the user's own browser came back",
        TimelineEvent::ReturnedElsewhere => "a browser came back that is not known to be the user's",
        TimelineEvent::Answered => "the user said what they saw",
        TimelineEvent::Confirmed => "Alloy lists what came of it; your server is to say who finished it",
        TimelineEvent::Completed => "your server said who finished it",
        TimelineEvent::Ended => "ended",
        TimelineEvent::Removed => "what it had linked was deleted at Alloy",
        TimelineEvent::Proved => "what it had linked was tried, and works",
        TimelineEvent::NotWorking => "what it had linked was tried, and the app refused it",
    }
}

#[cfg(test)]
mod tests;

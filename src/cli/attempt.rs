//! `gangway attempt`: what became of one, for whoever has a user on the phone.

mod explanation;

use anyhow::{Context as _, bail};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Attempt, Terminal};
use crate::{
    config::Settings,
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Reference, State, TimelineEntry, TimelineEvent},
        clock::Clock,
    },
    store::{self, Store},
};

use explanation::{Explanation, Sight};

/// Says where it stands, why, what to tell the user and what can be done.
///
/// # Errors
/// When there is no such attempt, or the store fails.
pub async fn run(
    asked: &Attempt,
    settings: &Settings,
    clock: &dyn Clock,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<()> {
    let store = store::open_existing(&settings.store.url).await.context("store.url")?;
    let attempt = find(&*store, &asked.reference).await?;
    let removed = store.removed(attempt.id).await?;
    let disconnected = match &attempt.credential {
        Some(credential) => {
            store.disconnection(&attempt.user, credential).await?.is_some_and(|it| it.done_at.is_some())
        }
        None => false,
    };
    let timeline = store.timeline(attempt.id).await?;
    let sight = Sight { now: clock.now(), removed, disconnected };
    terminal.say(&told(&attempt, &timeline, &explanation::of(&attempt, sight)));
    Ok(())
}

/// The attempt of that id or reference.
async fn find(store: &dyn Store, named: &str) -> anyhow::Result<LinkAttempt> {
    if let Ok(id) = named.trim().parse() {
        return store.attempt(AttemptId(id)).await?.with_context(|| format!("there is no attempt {id}"));
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

fn told(attempt: &LinkAttempt, timeline: &[TimelineEntry], explanation: &Explanation) -> String {
    let mut lines = vec![
        format!("Attempt {} of user {:?} at {}", attempt.id.reference(), attempt.user.as_str(), attempt.connector),
        String::new(),
        format!("  id       {}", attempt.id),
        format!("  session  {}", attempt.session_id),
        format!("  state    {}", state(attempt)),
    ];
    if let Some(credential) = attempt.credential.as_ref().filter(|_| attempt.state == State::Linked) {
        lines.push(format!("  brought  {credential}"));
    }
    lines.extend([String::new(), "What happened (UTC)".to_owned()]);
    lines.extend(timeline.iter().map(|entry| format!("  {}  {}{}", at(entry.at), step(entry.event), by(entry.actor))));
    for (heading, sentences) in [
        ("Why", &explanation.cause),
        ("What to tell the user", &explanation.tell),
        ("What you can do", &explanation.can),
    ] {
        lines.extend([String::new(), heading.to_owned()]);
        lines.extend(sentences.iter().map(|sentence| format!("  {sentence}")));
    }
    lines.join("\n")
}

fn state(attempt: &LinkAttempt) -> String {
    match attempt.reason {
        Some(reason) => format!("{} ({reason})", attempt.state),
        None => format!("{}, until {} at the latest", attempt.state, at(attempt.deadline)),
    }
}

/// To the second.
fn at(time: OffsetDateTime) -> String {
    time.replace_nanosecond(0).ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Who caused a step, where that is known and not said by the step itself.
fn by(actor: Option<Actor>) -> &'static str {
    match actor {
        Some(Actor::User) => " (at one of our pages)",
        Some(Actor::Host) => " (your server)",
        Some(Actor::Reconciler) => " (in the background)",
        Some(Actor::Gangway) => " (because of another attempt)",
        None => "",
    }
}

fn step(event: TimelineEvent) -> &'static str {
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

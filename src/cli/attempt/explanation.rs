//! An attempt in plain words: the cause of its state, what to tell its user, and what the operator can do.

use std::sync::LazyLock;

use serde_json::Value;
use time::OffsetDateTime;

use crate::domain::attempt::{LinkAttempt, Proof, Reason, State};

/// The texts of each reason why an attempt ended.
static ENDED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("reasons.json")).unwrap_or_default());

#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) now: OffsetDateTime,
    /// Whether its unlinked credential is deleted at Alloy.
    pub(super) removed: bool,
    /// Whether its connection was disconnected later.
    pub(super) disconnected: bool,
}

#[derive(Debug, Default)]
pub(super) struct Explanation {
    pub(super) cause: Vec<&'static str>,
    pub(super) user_advice: Vec<&'static str>,
    pub(super) operator_advice: Vec<&'static str>,
}

fn explained(cause: &'static str, user_advice: &'static str, operator_advice: &'static str) -> Explanation {
    Explanation { cause: vec![cause], user_advice: vec![user_advice], operator_advice: vec![operator_advice] }
}

pub(super) fn explain(attempt: &LinkAttempt, context: Context) -> Explanation {
    let mut explanation = match attempt.reason() {
        Some(_) if attempt.awaits_completion() => open(attempt, context.now),
        Some(Reason::UpstreamRefused) if attempt.returned_at.is_some() => explained(
            "The user came back with an error of the provider, and Alloy never listed anything new.",
            "The app's own page reported an error. Please begin again, and tell us what it says.",
            "Does it happen to many at this app? Then look at its OAuth app and its redirect address in Alloy's dashboard.",
        ),
        Some(Reason::NoReturn) if attempt.was_allowed_later() => explained(
            "It was refused at first, or failed. It was allowed at the provider later, and no browser came back after that.",
            "It was allowed too late for us to see who did it. Please begin again, and go through to the end in one browser.",
            "Nothing, unless it happens to many at this app: then try it yourself, its page may not lead back.",
        ),
        Some(reason) => ended(reason),
        None => open(attempt, context.now),
    };
    if attempt.state() == State::Unverified {
        let stays =
            attempt.reason() == Some(Reason::NoReturn) && !attempt.deletes_unreturned && !attempt.needs_completion;
        explanation.cause.push(match (context.removed, stays) {
            (true, _) => "What it had brought is deleted at Alloy.",
            (false, true) => {
                "What it had brought is still at Alloy, and does not count as connected (link.without_return)."
            }
            (false, false) => "What it had brought is being deleted at Alloy; that is tried until it is gone.",
        });
    }
    if attempt.snapshot.is_none() && attempt.state() != State::Linked {
        explanation.cause.push("When it began, Alloy gave no list; without one nothing can prove what is new.");
    }
    if context.disconnected {
        explanation.cause.push("The user has disconnected it since.");
    }
    if attempt.proof() == Some(Proof::Refused) {
        explanation.cause.push("Tried afterwards, it did not work: the app refused it.");
        explanation.user_advice.push("The app did not accept the key or the sign-in. Please connect it again.");
    }
    explanation
}

fn open(attempt: &LinkAttempt, now: OffsetDateTime) -> Explanation {
    if attempt.awaits_completion() {
        return explained(
            "The app is allowed, and your server has not said yet who did it (host.verify_completion).",
            "Please go back to where you began, in the browser in which you are signed in.",
            "See that your return URL hands gangway_completion to POST /link-attempts/complete within five minutes.",
        );
    }
    if now >= attempt.deadline {
        return explained(
            "Its time is over, and Alloy's list could not be had to see what came of it.",
            "Please wait a little, and look at your connections again.",
            "Is Alloy reachable? `gangway check` says so. It ends by itself once the list can be had.",
        );
    }
    match attempt.returned_at {
        None => explained(
            "The user has not come back from the provider yet.",
            "Please finish on the app's own page, or begin again.",
            "Nothing: it ends by itself.",
        ),
        Some(_) => explained(
            "The user came back, and Alloy does not list anything new yet.",
            "Please wait a moment. If the app's page said that it did not work, please begin again.",
            "Is Alloy slow? Its list usually follows within seconds.",
        ),
    }
}

fn ended(reason: Reason) -> Explanation {
    let texts = ENDED.get(reason.as_str());
    let text = |name: &str| texts.and_then(|texts| texts.get(name)?.as_str()).unwrap_or_default();
    explained(text("cause"), text("user_advice"), text("operator_advice"))
}

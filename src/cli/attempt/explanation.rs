//! An attempt in plain words: the cause of its state, what to tell its user, and what the operator can do.

use time::OffsetDateTime;

use crate::domain::attempt::{LinkAttempt, Proof, Reason, State};

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
    match reason {
        Reason::New => {
            explained("Alloy lists what is new, and the user's own browser came back.", "It is connected.", "Nothing.")
        }
        Reason::Renewed => explained("The connection that was there was renewed.", "It is connected.", "Nothing."),
        Reason::KeySaved => explained(
            "The key was stored. Whether it works shows only when it is used, or tried (connectors.<id>.whoami).",
            "Your key is saved.",
            "If calls fail, let the user enter the key again.",
        ),
        Reason::AccessDenied => explained(
            "The provider said that access was refused: the user pressed Cancel there, or may not allow it.",
            "It was cancelled on the app's own page. Please begin again, and press Allow there.",
            "If the user did press Allow: are their permissions in that app enough?",
        ),
        Reason::Canceled => explained(
            "The user said that they cancelled.",
            "It was cancelled. You can begin again at any time.",
            "Nothing.",
        ),
        Reason::AdminApproval => explained(
            "The provider wants an administrator of the user's organisation to approve the app first.",
            "Please ask the administrator of your account there to approve the app, then begin again.",
            "Tell the user by what name the administrator finds the app (connectors.<id>.consent_name).",
        ),
        Reason::NotConfirmed => explained(
            "The user came back, and Alloy never listed anything new. The provider had shown an error, or the user had stopped half-way.",
            "We could not confirm it. Please begin again, and tell us what the app's own page says at the end.",
            "Does it happen to many at this app? Then look at the app in Alloy's dashboard: its OAuth app and its redirect address.",
        ),
        Reason::UpstreamRefused => explained(
            "Alloy or the provider refused. The log has their words, under this attempt's id.",
            "The app did not accept it. Please check what you entered, and begin again.",
            "Look for this attempt's id in the log.",
        ),
        Reason::UpstreamUnavailable => explained(
            "Alloy could not be reached, or answered nonsense.",
            "It did not work because of an outage. Please try again in a few minutes.",
            "Look at gangway_upstream_calls_total, and at Alloy's own status.",
        ),
        Reason::InvalidAuthorizationUrl => explained(
            "Alloy gave a link to which no browser may be sent (alloy.allowed_hosts, https).",
            "This app cannot be connected at the moment. We are looking into it.",
            "The log says what was wrong with the link; is alloy.allowed_hosts too narrow?",
        ),
        Reason::NotConfigured => explained(
            "The settings lack what this app needs, such as an OAuth app of your own.",
            "This app cannot be connected yet. We are looking into it.",
            "Set connectors.<id>.auth_config_id; `gangway check` says what is missing.",
        ),
        Reason::Superseded => explained(
            "The user began again with other input, so that this one was ended.",
            "Please look at the later try.",
            "The user's later attempt at this app says what came of it.",
        ),
        Reason::NoReturn => explained(
            "No browser came back from the provider before the deadline.",
            "It was not finished in time. Please begin again, and go through to the end in the same browser.",
            "If many do not come back from this app, try it yourself: its page may be broken.",
        ),
        Reason::ForeignReturn => explained(
            "Another browser than the user's came back from the provider: another person may have finished it.",
            "It was finished in another browser, and for your safety it does not count. Please begin again in one browser, \
             and do not pass the link on.",
            "If the user knows nothing of it, another person may have got hold of their link.",
        ),
        Reason::CompletionMismatch => explained(
            "Your server said that another user is signed in there than the one who began.",
            "It was finished while another person was signed in. Please begin again while you are signed in yourself.",
            "If it was the same person, see which user_id your server sends to POST /link-attempts/complete.",
        ),
        Reason::CompletionMissing => explained(
            "Your server did not say in time who finished it (host.verify_completion).",
            "It could not be completed. Please begin again.",
            "Does your return URL redeem gangway_completion, within five minutes? Your server's log and \
             gangway_problems_total say more.",
        ),
    }
}

//! The user that is made for one check, and deleted after it in any case.

use std::time::Duration;

use super::{client, report::Report};
use crate::{
    alloy::{AlloyClient, AlloyError},
    cli::Terminal,
    config::Settings,
    domain::{clock::Entropy, session::AlloyUserId},
    server::CommandStop,
};

const TRIES: usize = 4;
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct ThrowAway {
    username: String,
    id: Option<AlloyUserId>,
    /// Whether Alloy said that it made it.
    was_made: bool,
    /// Whether Alloy may have made it.
    may_exist: bool,
}

/// Outcome of the clean-up.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Removal {
    /// Alloy made none.
    NotMade,
    Deleted,
    Stays(String),
}

impl ThrowAway {
    /// The name has 80 random bits, so that no user of the host can have it.
    pub(super) async fn create(
        settings: &Settings,
        entropy: &dyn Entropy,
        client: &AlloyClient,
        report: &mut Report,
    ) -> Self {
        let mut random = [0; 10];
        entropy.fill(&mut random);
        let suffix: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let username = format!("{}check-{suffix}", settings.alloy.username_prefix);
        let created = client.create_unconfirmed(&username).await;
        report.call("POST /users", &created, |_| "makes a user".to_owned());
        // After any answer but a refusal it is looked for by its name.
        let may_exist = created.as_ref().err().is_none_or(AlloyError::may_have_succeeded);
        let was_made = created.is_ok();
        let id = match created {
            Ok(found) => {
                let confirmed = client.confirm(found).await;
                report.call("GET /users/{userId}", &confirmed, |_| "confirms its name".to_owned());
                confirmed.ok()
            }
            Err(_) => None,
        };
        Self { username, id, was_made, may_exist }
    }

    pub(super) fn id(&self) -> Option<&AlloyUserId> {
        self.id.as_ref()
    }

    pub(super) fn username(&self) -> &str {
        &self.username
    }

    /// Deletes the user, also after errors; a stop signal ends it, and what stays is reported.
    pub(super) async fn remove(
        self,
        settings: &Settings,
        stop: &mut CommandStop,
        report: &mut Report,
        terminal: &mut Terminal<'_>,
    ) -> bool {
        let removal = tokio::select! {
            removal = self.try_remove(settings) => removal,
            () = stop.next_on_purpose() => Removal::Stays("stopped".to_owned()),
        };
        let Self { username, .. } = self;
        match removal {
            Removal::NotMade => true,
            Removal::Deleted => {
                report.remark("Clean-up: the user was deleted.");
                true
            }
            Removal::Stays(cause) => {
                let line = format!(
                    "Clean-up FAILED ({cause}): the user {username} may still be at Alloy; delete it in Alloy's dashboard."
                );
                terminal.complain(&line);
                report.remark(line);
                false
            }
        }
    }

    async fn try_remove(&self, settings: &Settings) -> Removal {
        if !self.may_exist {
            return Removal::NotMade;
        }
        let (mut cause, mut is_deleted, mut is_found) = ("not found by its name".to_owned(), false, false);
        for attempt_no in 0..TRIES {
            if attempt_no > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let Ok(client) = client(settings) else { break };
            let named = client.user_named(&self.username).await;
            is_found = matches!(named, Ok(Some(_)));
            let target = match named {
                Ok(None) if is_deleted => return Removal::Deleted,
                // The call may take ids only.
                Ok(None) if self.id.is_some() => self.id.clone(),
                // A call that was cut off may still make it.
                Ok(None) if attempt_no + 1 == TRIES && !self.was_made => return Removal::NotMade,
                Ok(None) => continue,
                Ok(Some(found)) => Some(found),
                Err(_) if is_deleted => return Removal::Deleted,
                // Its id was confirmed when it was made.
                Err(error) => {
                    cause = error.to_string();
                    self.id.clone()
                }
            };
            let Some(target) = target else { continue };
            match client.delete_user(&target).await {
                Ok(()) => is_deleted = true,
                Err(error) => cause = error.to_string(),
            }
        }
        if is_deleted && let Ok(client) = client(settings) {
            is_found = matches!(client.user_named(&self.username).await, Ok(Some(_)));
        }
        match (is_deleted, is_found) {
            (true, false) => Removal::Deleted,
            (true, true) => Removal::Stays("deleted, and still found".to_owned()),
            (false, _) => Removal::Stays(cause),
        }
    }
}

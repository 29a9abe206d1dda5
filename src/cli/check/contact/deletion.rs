//! Deletes what was linked: once to report how, and in any case at the end.

use std::sync::atomic::Ordering;

use tokio::time::{Instant, sleep, timeout};

use super::{
    link::{AFTER_REFUSAL, LONGEST_LAG, POLL_INTERVAL, Stay},
    report::Report,
};
use crate::{alloy::first_contact::ListedForm, cli::Terminal, domain::session::AlloyUserId, server::CommandStop};

impl Stay<'_> {
    /// By the user's call, then by the app's; then waits until it is not listed any more.
    pub(super) async fn delete(&self, user: &AlloyUserId, listed: &ListedForm, report: &mut Report) {
        let of_user = self.client.delete_by(user, None, &listed.id).await;
        let names = |names: &Vec<String>| format!("done, answers with {}", names.join(", "));
        report.call("DELETE /users/{userId}/credentials/{credentialId}", &of_user, names);
        if of_user.is_err() {
            let of_app = self.client.delete_by(user, Some(self.app), &listed.id).await;
            report.call("DELETE /connectors/{id}/credentials/{credentialId}", &of_app, names);
        }
        let since = Instant::now();
        let gone = async {
            while !matches!(self.listed(user).await, Ok(None)) {
                sleep(POLL_INTERVAL).await;
            }
        };
        let seen = match timeout(LONGEST_LAG / 2, gone).await {
            Ok(()) => format!("not listed any more after {:.1} s", since.elapsed().as_secs_f64()),
            Err(_) => "still listed after 30 s, or the list fails".to_owned(),
        };
        report.unknown("Deletion", seen);
        report.remark("Deleting is not known to end the access at the provider: remove the app in your account there.");
    }

    /// Also what was linked before an error or a stop, or is linked just then: the provider's page may still be open.
    pub(super) async fn delete_all(
        &self,
        user: &AlloyUserId,
        username: &str,
        report: &mut Report,
        terminal: &mut Terminal<'_>,
        stop: &mut CommandStop,
    ) {
        let mut is_open = self.may_come.load(Ordering::Relaxed);
        let work = async {
            if is_open && self.appear(user, AFTER_REFUSAL).await.is_some() {
                is_open = false;
            }
            // The list decides: a repeated deletion may be refused, and a list may fail for a while.
            loop {
                match self.listed(user).await {
                    Ok(None) => return,
                    Ok(Some(listed)) => {
                        if self.client.delete_by(user, None, &listed.id).await.is_err() {
                            let _ = self.client.delete_by(user, Some(self.app), &listed.id).await;
                        }
                    }
                    Err(_) => {}
                }
                sleep(POLL_INTERVAL).await;
            }
        };
        let done = tokio::select! {
            done = timeout(LONGEST_LAG / 2, work) => done.is_ok(),
            () = stop.next_on_purpose() => false,
        };
        if is_open {
            let line = format!(
                "The link was opened and may still be used: finish nothing there any more. If you do, look in Alloy's \
                 dashboard for a connection of the user {username}, which this check deletes."
            );
            terminal.complain(&line);
            report.remark(line);
        }
        if !done {
            let line =
                "Clean-up FAILED: a connection of the check may still be at Alloy; delete it in Alloy's dashboard.";
            terminal.complain(line);
            report.remark(line);
        }
    }
}

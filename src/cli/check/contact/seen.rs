//! What was seen of a return and of the credential after it, for the report.

use std::time::Duration;

use super::{listener::Return, report::Report};
use crate::alloy::first_contact::ListedForm;

pub(super) fn report_return(returned: Option<&Return>, report: &mut Report) {
    let Some(returned) = returned else {
        report.unknown("Return", "none came");
        report.remark("The pages say so after `link.deadline`; `link.without_return` decides what stays at Alloy.");
        return;
    };
    let names = if returned.parameters.is_empty() { "none".to_owned() } else { returned.parameters.join(", ") };
    report.unknown("Parameters on the return", format!("{names} (a fragment cannot be seen here)"));
    report.unknown("Path of the redirect URI", returned.path);
    if returned.path.starts_with(['L', 'c']) {
        report.remark("The path of the redirect URI does not survive, and Gangway needs it: please open an issue.");
    }
    if !returned.is_same_browser {
        report.remark("The return came without this browser's cookie: another browser, or a proxy drops cookies.");
    }
    if let Some(refusal) = &returned.refusal {
        report.unknown("Denial", format!("the parameters say {refusal}"));
    }
}

pub(super) fn report_credential(listed: Option<&ListedForm>, lag: Duration, is_back: bool, report: &mut Report) {
    let Some(listed) = listed else {
        report.unknown("Lag of the list", "nothing was listed within the wait");
        return;
    };
    let lag = lag.as_secs_f64();
    let after = if is_back { "after the return" } else { "after the wait for a return" };
    report.unknown("Lag of the list", format!("{lag:.1} s {after}"));
    report.unknown("Type of the credential", report.shown(&listed.kind));
    report.unknown("Name of the credential", format!("{:?}", report.shown(&listed.name)));
    report.unknown("Fields of the credential", listed.fields.join(", "));
    if lag > 20.0 {
        report.setting("link", "patience", format!("{:.0}s", (lag * 3.0).min(600.0)));
    }
}

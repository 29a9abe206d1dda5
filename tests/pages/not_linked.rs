//! Every cause once.

use super::Cast;
use crate::web::pages::{Cause, Frame, NotLinked, Problem};

impl NotLinked {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Problem)> {
        let with = |cause| Self {
            frame: cast.frame(),
            app: cast.app(),
            cause,
            again_url: "/connectors/slack".to_owned(),
            choose_url: Some("/connectors".to_owned()),
            consent_name: Some(cast.consent_name.into()),
            revoke_url: Some("https://slack.com/apps/manage".to_owned()),
            reference: "K7F3-92QD".to_owned(),
        };
        let visitor = |cause| Self { frame: Frame { person: None, ..cast.frame() }, ..with(cause) };
        let lost = |cause| Self { frame: cast.bare_frame(), choose_url: None, consent_name: None, ..with(cause) };
        let all = vec![
            ("canceled", with(Cause::Canceled)),
            ("canceled-window", Self { frame: cast.in_window(), ..with(Cause::Canceled) }),
            ("canceled-lost", lost(Cause::Canceled)),
            ("denied", with(Cause::Denied)),
            ("administrator", with(Cause::Administrator)),
            ("administrator-lost", lost(Cause::Administrator)),
            ("not-confirmed", with(Cause::NotConfirmed)),
            ("other-browser", visitor(Cause::OtherBrowser)),
            ("not-kept", visitor(Cause::NotKept)),
            ("finished-elsewhere", with(Cause::FinishedElsewhere)),
            ("other-user", with(Cause::OtherUser)),
            ("without-return", with(Cause::WithoutReturn)),
            ("allowed-later", with(Cause::AllowedLater)),
            ("allowed-and-deleted", with(Cause::AllowedAndDeleted)),
            ("expired", with(Cause::Expired)),
            ("refused", with(Cause::Refused)),
            ("error-reported", with(Cause::ErrorReported)),
            ("service-down", with(Cause::ServiceDown)),
            ("unsafe-link", with(Cause::UnsafeLink)),
            ("not-configured", with(Cause::NotConfigured)),
            ("superseded", with(Cause::Superseded)),
        ];
        all.into_iter().map(|(name, end)| (name, end.page())).collect()
    }
}

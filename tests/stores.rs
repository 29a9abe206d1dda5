//! One contract for the store, held by both real databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

/// Makes of each contract test one test per database.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(&crate::stores::fresh::Fresh::sqlite()).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(&crate::stores::fresh::Fresh::postgres().await).await;
            })+
        }
    };
}

mod stores {
    mod attempts;
    mod browser;
    mod commits;
    mod deliveries;
    mod disconnecting;
    mod erasing;
    mod event_log;
    mod events;
    mod fresh;
    mod health;
    mod job_rows;
    mod locked;
    mod opening;
    mod provenance;
    mod purging;
    mod read_only;
    mod roles;
    mod samples;
    mod sessions;
    mod statements;
    mod upgrading;
    mod users;
    mod windows;
}

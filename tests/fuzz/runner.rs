//! Draws cases for one property until its time is over, and shrinks the first that fails. The library's own tests and
//! those from outside share it.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseResult, TestError, TestRunner},
};

/// So long a target is drawn from, in seconds, unless `GANGWAY_FUZZ_SECONDS` says otherwise.
const USUAL_SECONDS: u64 = 20;

/// Cases between two looks at the watch.
const BATCH: u32 = 64;

fn budget() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "no setting of the product: how long its tests may take")]
    let wish = std::env::var("GANGWAY_FUZZ_SECONDS").ok().map(|seconds| seconds.parse());
    Duration::from_secs(wish.transpose().expect("a whole number of seconds").unwrap_or(USUAL_SECONDS))
}

/// Holds the property to whatever the strategy draws, for the time that a target gets, and says how many cases it was.
pub(crate) fn fuzz<S: Strategy>(target: &str, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let (budget, began) = (budget(), Instant::now());
    let mut cases = 0_u64;
    while cases == 0 || began.elapsed() < budget {
        let config = Config {
            cases: BATCH,
            failure_persistence: None,
            max_shrink_time: 30_000,
            max_global_rejects: u32::MAX,
            ..Config::default()
        };
        match TestRunner::new(config).run(strategy, &property) {
            Ok(()) => cases += u64::from(BATCH),
            Err(TestError::Fail(why, case)) => panic!("{target}: after {cases} cases: {why}\nsmallest case: {case:#?}"),
            Err(TestError::Abort(why)) => panic!("{target}: no case can be drawn: {why}"),
        }
    }
    writeln!(io::stdout(), "fuzz {target}: {cases} cases in {} s", began.elapsed().as_secs())
        .expect("somebody listens");
}

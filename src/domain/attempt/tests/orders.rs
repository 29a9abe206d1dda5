//! Random sequences of events for a user's attempts at one app.

use proptest::{collection::vec, prelude::*};
use strum::VariantArray as _;

use super::{
    jar::{Jar, jar},
    world::{Maker, Record, World},
    *,
};

#[derive(Debug, Clone)]
enum Happens {
    Begin { input: u8, list_fails: bool },
    Approve { link: usize, stranger: bool, lag: i64 },
    HostLinks,
    Return { link: usize, refused: Option<Reason>, jar: Jar },
    DenyThenAllow { link: usize, lag: i64, jar: Jar },
    DenyThenAllowAndLeave { link: usize, stranger: bool, lag: i64 },
    Noise,
    Look { which: usize },
    LookFails { which: usize },
    AskForALateList,
    LateList { which: usize },
    Answer { which: usize, answer: UserAnswer },
    Complete { which: usize, same_user: bool },
    Disconnect { which: usize },
    Try { which: usize, works: bool },
    Reconcile,
}

fn happens() -> impl Strategy<Value = Happens> {
    let reason = prop_oneof![Just(Reason::AccessDenied), Just(Reason::AdminApproval), Just(Reason::UpstreamRefused)];
    let which = || 0..4_usize;
    prop_oneof![
        4 => (0..2_u8, proptest::bool::weighted(0.1)).prop_map(|(input, list_fails)| Happens::Begin { input, list_fails }),
        5 => (which(), any::<bool>(), 0..20_i64)
            .prop_map(|(link, stranger, lag)| Happens::Approve { link, stranger, lag }),
        1 => Just(Happens::HostLinks),
        8 => (which(), proptest::option::weighted(0.3, reason), jar())
            .prop_map(|(link, refused, jar)| Happens::Return { link, refused, jar }),
        3 => (which(), 0..20_i64, jar()).prop_map(|(link, lag, jar)| Happens::DenyThenAllow { link, lag, jar }),
        3 => (which(), any::<bool>(), 0..20_i64)
            .prop_map(|(link, stranger, lag)| Happens::DenyThenAllowAndLeave { link, stranger, lag }),
        1 => Just(Happens::Noise),
        6 => which().prop_map(|which| Happens::Look { which }),
        2 => which().prop_map(|which| Happens::LookFails { which }),
        1 => Just(Happens::AskForALateList),
        2 => which().prop_map(|which| Happens::LateList { which }),
        1 => (which(), proptest::sample::select(UserAnswer::VARIANTS))
            .prop_map(|(which, answer)| Happens::Answer { which, answer }),
        3 => (which(), proptest::bool::weighted(0.8))
            .prop_map(|(which, same_user)| Happens::Complete { which, same_user }),
        1 => (0..9_usize).prop_map(|which| Happens::Disconnect { which }),
        2 => (which(), any::<bool>()).prop_map(|(which, works)| Happens::Try { which, works }),
        2 => Just(Happens::Reconcile),
    ]
}

fn happen(world: &mut World, happens: &Happens) {
    let count = world.attempts.len();
    let one = |which: &usize| which.checked_rem(count);
    match happens {
        Happens::Begin { input, list_fails } => world.begin(*input, *list_fails),
        Happens::Approve { link, stranger, lag } => {
            // An authorization URL is valid for an hour.
            let alive = |link: &usize| world.now < world.attempts[*link].began_at + Duration::HOUR;
            if let Some(link) = one(link).filter(alive) {
                let maker = if *stranger { Maker::Stranger } else { Maker::User };
                world.make(maker, Some(link), *lag);
            }
        }
        Happens::HostLinks => world.make(Maker::Host, None, 0),
        Happens::Return { link, refused, jar } => {
            one(link).into_iter().for_each(|link| come_back(world, link, *refused, jar));
        }
        Happens::DenyThenAllow { link, lag, jar } => {
            if let Some(link) = one(link) {
                deny(world, link);
                happen(world, &Happens::Approve { link, stranger: !jar.should_bind(), lag: *lag });
                come_back(world, link, None, jar);
                world.now += Duration::seconds(*lag);
                let listing = world.list();
                world.see(link, &Observation::Listed(&listing));
            }
        }
        Happens::DenyThenAllowAndLeave { link, stranger, lag } => {
            if let Some(link) = one(link) {
                deny(world, link);
                happen(world, &Happens::Approve { link, stranger: *stranger, lag: *lag });
            }
        }
        // Changes nothing: all state of an attempt is in the store.
        Happens::Noise => {}
        Happens::Look { which } => {
            let listing = world.list();
            one(which).into_iter().for_each(|which| world.see(which, &Observation::Listed(&listing)));
        }
        Happens::LookFails { which } => {
            one(which).into_iter().for_each(|which| world.see(which, &Observation::TimePassed));
        }
        Happens::AskForALateList => world.late = Some(world.list()),
        Happens::LateList { which } => {
            if let (Some(which), Some(listing)) = (one(which), world.late.clone()) {
                world.see(which, &Observation::Listed(&listing));
            }
        }
        Happens::Answer { which, answer } => {
            one(which).into_iter().for_each(|which| world.see(which, &Observation::Answered(*answer)));
        }
        Happens::Complete { which, same_user } => {
            if let Some(which) = one(which) {
                let code = Digest::of(b"code");
                let until = world.now + Duration::minutes(5);
                world.see(which, &Observation::SentToHost(Completion { digest: code, until }));
                let before = world.attempts[which].state();
                world.see(which, &Observation::Completed { code, same_user: *same_user });
                if world.attempts[which].state() != before {
                    world.records[which].completed = Some(*same_user);
                }
            }
        }
        Happens::Disconnect { which } => world.disconnect(*which),
        Happens::Try { which, works } => {
            if let Some(which) = one(which) {
                let proof = if *works { Proof::Works } else { Proof::Refused };
                let before = world.attempts[which].clone();
                world.see(which, &Observation::Proved { proof, account: Some("Acme HQ".to_owned()), is_certain: true });
                let after = &world.attempts[which];
                let known = (before.state() == State::Linked).then_some(proof);
                assert_eq!(after.proof(), known, "what was tried is known of what is linked");
                assert_eq!(without_proof(after.clone()), without_proof(before), "nothing else is changed by it");
            }
        }
        Happens::Reconcile => world.reconcile(),
    }
}

fn deny(world: &mut World, link: usize) {
    come_back_bound(world, link, Some(Reason::AccessDenied));
    let listing = world.list();
    world.see(link, &Observation::Listed(&listing));
    world.now += Duration::SECOND;
}

fn come_back(world: &mut World, link: usize, refusal: Option<Reason>, jar: &Jar) {
    if !jar.should_bind() && world.now < world.attempts[link].deadline {
        world.records[link].foreign.push(world.now);
    }
    if jar.binds() {
        come_back_bound(world, link, refusal);
    } else {
        world.see(link, &Observation::ReturnedElsewhere);
    }
}

fn come_back_bound(world: &mut World, link: usize, refusal: Option<Reason>) {
    world.records[link].returned_after_end |= world.attempts[link].state().is_end();
    world.see(link, &Observation::Returned { refusal });
}

/// What was allowed at an attempt that stays refused is in a claim of some attempt, which is linked or deletes it.
fn leaves_nothing(world: &World) {
    for made in world.vendor.iter().filter(|made| made.link.is_some() && !made.gone()) {
        let attempt = &world.attempts[made.link.unwrap()];
        let is_refused = matches!(attempt.state(), State::Denied | State::Failed) && attempt.snapshot.is_some();
        let is_in_time = attempt.settled_at().is_some_and(|at| at < attempt.deadline) && made.at < attempt.deadline;
        let is_claimed = world.claims.contains_key(&made.listed.id);
        assert!(!is_refused || !is_in_time || is_claimed, "it lies at Alloy in no list: {:?}", made.listed);
    }
}

fn is_refused(state: State) -> bool {
    matches!(state, State::Denied | State::Failed)
}

fn holds(world: &World) {
    for (attempt, record) in world.attempts.iter().zip(&world.records) {
        assert_eq!(attempt.state(), record.ends.last().copied().unwrap_or(State::Pending));
        for (before, after) in record.ends.iter().zip(record.ends.iter().skip(1)) {
            let is_allowed_later = is_refused(*before) && *after == State::Linked && record.returned_after_end;
            let is_doubted = *before != State::Unverified && *after == State::Unverified;
            assert!(is_allowed_later || is_doubted, "an end changed from {before} to {after}");
        }
        let known = attempt.proof().is_some() || attempt.account().is_some();
        assert!(!known || attempt.state() == State::Linked, "of what is not linked nothing is known");
        if attempt.state() == State::Linked {
            let vouched = record.completed == Some(true);
            assert!(attempt.returned_at.is_some() || vouched, "only a bound return links, or the host's word");
            assert_eq!(vouched, attempt.needs_completion);
            // One other browser may be the user's own, if the host confirms it.
            let allowed = usize::from(vouched);
            assert!(record.foreign.len() <= allowed, "linked after a foreign return");
        }
    }
    let shown = world.shown();
    for made in &world.vendor {
        let id = &made.listed.id;
        let deleted = world.deletions.contains(id);
        assert!(!(deleted && shown.contains(id)), "what is to be deleted is not shown");
        assert!(!(deleted && made.at < began() + Duration::HOUR), "what was there before stays");
        let came_back = |link: usize| {
            let mut foreign = world.records[link].foreign.iter();
            foreign.any(|at| *at >= made.at)
        };
        let vouched = |link: usize| world.records[link].completed == Some(true);
        if made.maker == Maker::Stranger && made.link.is_some_and(|link| came_back(link) && !vouched(link)) {
            assert!(!shown.contains(id), "what a stranger made and came back for is connected");
        }
    }
}

#[test]
fn nothing_that_happens_in_any_order_links_what_a_stranger_came_back_for() {
    let steps = vec((happens(), 0..900_i64), 1..30);
    let config = ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let cases = (steps, -600..600_i64, any::<bool>());
    let (allowed_later, unreturned) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let ran = runner.run(&cases, |(steps, ahead, needs_completion)| {
        let mut world = World::new(ahead, needs_completion);
        for (step, pause) in &steps {
            // Mostly short intervals; long ones reach the deadlines.
            world.now += Duration::seconds(if *pause < 700 { pause % 13 } else { *pause });
            happen(&mut world, step);
            holds(&world);
        }
        world.settle_all();
        holds(&world);
        leaves_nothing(&world);
        let was_refused =
            |record: &&Record| is_refused(record.ends[0]) && record.ends.last() == Some(&State::Unverified);
        let linked_later = |record: &&Record| is_refused(record.ends[0]) && record.ends.contains(&State::Linked);
        let ended = world.records.iter().filter(|record| !record.ends.is_empty());
        allowed_later.set(allowed_later.get() + ended.clone().filter(linked_later).count());
        let without_foreign = ended.filter(was_refused).filter(|record| record.foreign.is_empty());
        unreturned.set(unreturned.get() + without_foreign.count());
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(allowed_later.get() > 50, "denied, then allowed: only {} times", allowed_later.get());
    assert!(unreturned.get() > 50, "allowed later without a return: only {} times", unreturned.get());
}

//! Several attempts and returns of one person at one app: each credential is linked once, as an attempt of its own.

use proptest::{collection::vec, prelude::*};

use super::{
    world::{Maker, World},
    *,
};

const RETURNED: Observation<'_> = Observation::Returned { refusal: None };

/// Alloy's clock is ten seconds ahead, as far as it matters here.
fn world() -> World {
    World::new(10, false)
}

impl World {
    fn pass(&mut self, seconds: i64) {
        self.now += Duration::seconds(seconds);
    }

    fn allow(&mut self, link: usize) -> CredentialId {
        self.pass(20);
        self.make(Maker::User, Some(link), 0);
        self.pass(1);
        self.vendor.last().unwrap().listed.id.clone()
    }

    fn come_back(&mut self, link: usize) {
        self.see(link, &RETURNED);
        self.look(link);
    }

    fn look(&mut self, which: usize) {
        let listing = self.list();
        self.see(which, &Observation::Listed(&listing));
    }

    fn linked(&self, which: usize) -> Option<&CredentialId> {
        let attempt = &self.attempts[which];
        attempt.credential().filter(|_| attempt.state() == State::Linked)
    }
}

#[test]
fn credential_belongs_to_the_attempt_that_returned() {
    let mut world = world();
    (0..2).for_each(|input| world.begin(input, false));
    let one = world.allow(0);
    world.look(1);
    world.come_back(0);
    world.look(1);
    assert_eq!((world.linked(0), world.attempts[1].state()), (Some(&one), State::Pending));
    let two = world.allow(1);
    world.come_back(1);
    assert_eq!((world.linked(1), world.attempts.len()), (Some(&two), 2));
}

#[test]
fn credential_belongs_to_the_nearest_return() {
    for order in [[0, 1], [1, 0]] {
        let mut world = world();
        (0..2).for_each(|input| world.begin(input, false));
        let made = order.map(|link| {
            let made = world.allow(link);
            world.see(link, &RETURNED);
            made
        });
        [1, 0].into_iter().for_each(|which| world.look(which));
        assert_eq!(order.map(|link| world.linked(link).cloned().unwrap()), made, "{order:?}");
    }
}

#[test]
fn late_list_does_not_swap_credentials() {
    let mut world = world();
    (0..2).for_each(|input| world.begin(input, false));
    world.allow(0);
    world.see(0, &RETURNED);
    let before = world.list();
    world.allow(1);
    world.see(1, &RETURNED);
    // This list does not show the second one yet.
    world.see(1, &Observation::Listed(&before));
    assert_eq!(world.linked(1), None);
    world.look(0);
    world.look(1);
    assert!(world.linked(0).is_some() && world.linked(1).is_some());
}

#[test]
fn canceled_tab_does_not_take_the_credential_of_the_other() {
    let mut world = world();
    (0..2).for_each(|input| world.begin(input, false));
    world.pass(10);
    world.come_back(0);
    let two = world.allow(1);
    world.look(0);
    assert_eq!(world.attempts[0].state(), State::Pending, "the other browser is on its way");
    world.come_back(1);
    assert_eq!((world.linked(0), world.linked(1)), (None, Some(&two)));
}

#[test]
fn further_return_makes_an_attempt_of_its_own() {
    let mut world = world();
    world.begin(0, false);
    let one = world.allow(0);
    world.come_back(0);
    let two = world.allow(0);
    world.look(0);
    assert_eq!(world.attempts.len(), 1, "without a return it belongs to no attempt");
    assert!(world.attempts[0].next_refresh.is_none());
    world.come_back(0);
    assert_eq!((world.linked(0), world.linked(1)), (Some(&one), Some(&two)));
    let derived = &world.attempts[1];
    assert_eq!((derived.derived_from, derived.session_id), (Some(world.attempts[0].id), world.attempts[0].session_id));
    assert!(derived.input != world.attempts[0].input && derived.state_digest != world.attempts[0].state_digest);
    assert_eq!(world.shown().len(), 3);
}

#[test]
fn further_return_awaits_a_late_list() {
    let mut world = world();
    world.begin(0, false);
    world.allow(0);
    world.come_back(0);
    world.make(Maker::User, Some(0), 8);
    world.come_back(0);
    assert_eq!(world.attempts.len(), 1);
    let next = world.attempts[0].next_refresh.unwrap();
    assert!(next > world.now && next <= world.now + Duration::seconds(3));
    world.pass(10);
    world.look(0);
    assert!(world.linked(1).is_some());
    world.pass(120);
    world.look(0);
    assert_eq!(world.attempts[0].next_refresh_after(world.now), None);
}

#[test]
fn foreign_return_revokes_derived_attempts() {
    let mut world = world();
    world.begin(0, false);
    for _ in 0..2 {
        world.allow(0);
        world.come_back(0);
    }
    world.see(0, &Observation::ReturnedElsewhere);
    let states: Vec<State> = world.attempts.iter().map(LinkAttempt::state).collect();
    assert_eq!(states, [State::Unverified; 2]);
    assert_eq!((world.deletions.len(), world.shown().len()), (2, 1));
}

#[test]
fn foreign_return_does_not_take_a_later_credential_of_a_sibling() {
    let mut world = world();
    (0..2).for_each(|input| world.begin(input, false));
    world.see(0, &Observation::ReturnedElsewhere);
    let own = world.allow(1);
    world.look(0);
    world.come_back(1);
    world.look(0);
    assert_eq!((world.linked(1), world.deletions.len()), (Some(&own), 0));
    world.see(0, &Observation::ReturnedElsewhere);
    assert_eq!(world.attempts[1].state(), State::Unverified, "a foreign return after it outweighs");
}

#[test]
fn completion_is_required_of_each_attempt() {
    let mut world = World::new(10, true);
    world.begin(0, false);
    let one = world.allow(0);
    world.come_back(0);
    let two = world.allow(0);
    world.come_back(0);
    let pending: Vec<_> = world.attempts.iter().map(|attempt| (attempt.state(), attempt.credential())).collect();
    assert_eq!(pending, [(State::Pending, Some(&one)), (State::Pending, Some(&two))]);
    world.pass(4000);
    (0..2).for_each(|which| world.look(which));
    assert!(world.attempts.iter().all(|attempt| attempt.reason() == Some(Reason::CompletionMissing)));
    assert_eq!(world.deletions.len(), 2);
}

#[test]
fn attempt_without_a_return_leaves_the_credential_to_its_sibling() {
    let mut world = world();
    world.begin(0, false);
    world.pass(60);
    world.begin(1, false);
    world.allow(1);
    world.now = world.attempts[0].deadline;
    world.look(0);
    assert_eq!((world.attempts[0].state(), world.claims.len()), (State::Expired, 0));
    world.come_back(1);
    assert!(world.linked(1).is_some());
}

#[derive(Debug, Clone)]
enum Step {
    Begin(u8),
    Allow(usize, i64),
    Return(usize),
    Look(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_u8).prop_map(Step::Begin),
        4 => (0..4_usize, 0..9_i64).prop_map(|(link, lag)| Step::Allow(link, lag)),
        4 => (0..4_usize).prop_map(Step::Return),
        3 => (0..6_usize).prop_map(Step::Look),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_one_person_allowed_is_connected(steps in vec((step(), 0..20_i64), 1..25), ahead in -600..600_i64) {
        let mut world = World::new(ahead, false);
        world.begin(0, false);
        for (step, pause) in steps {
            world.pass(pause);
            // Derived attempts have no link.
            let links: Vec<usize> = (0..world.attempts.len()).filter(|at| world.attempts[*at].derived_from.is_none()).collect();
            let link = |which: usize| links[which % links.len()];
            match step {
                Step::Begin(input) => world.begin(input, false),
                Step::Allow(which, lag) => world.make(Maker::User, Some(link(which)), lag),
                Step::Return(which) => world.see(link(which), &RETURNED),
                Step::Look(which) => world.look(which % world.attempts.len()),
            }
        }
        world.pass(20);
        (0..world.attempts.len()).for_each(|which| world.see(which, &RETURNED));
        for _ in 0..3 {
            world.pass(3);
            (0..world.attempts.len()).for_each(|which| world.look(which));
        }
        let linked: Vec<_> = (0..world.attempts.len()).filter_map(|which| world.linked(which)).collect();
        let distinct: BTreeSet<_> = linked.iter().collect();
        prop_assert_eq!(distinct.len(), linked.len(), "one attempt for each");
        let made: BTreeSet<_> = world.vendor.iter().filter(|made| made.maker == Maker::User).map(|made| &made.listed.id).collect();
        prop_assert_eq!(distinct, made.iter().collect::<BTreeSet<_>>());
    }
}

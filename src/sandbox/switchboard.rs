//! The active faults.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    fault::{Fault, Switch},
    route::Route,
};

#[derive(Debug, Default)]
pub(super) struct Switchboard {
    active: Mutex<Vec<(Switch, u64)>>,
}

/// A fault that applies to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strike {
    pub(super) number: Option<u64>,
    /// Number of earlier calls that the fault applied to.
    pub(super) before: u64,
}

impl Switchboard {
    /// Replaces the same fault of the same route.
    pub(super) fn on(&self, switch: Switch) {
        let mut active = self.lock();
        active.retain(|(other, _)| (other.fault, other.route) != (switch.fault, switch.route));
        active.push((switch, 0));
    }

    pub(super) fn off(&self, fault: Fault) {
        self.lock().retain(|(switch, _)| switch.fault != fault);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn active(&self) -> Vec<Switch> {
        self.lock().iter().map(|(switch, _)| *switch).collect()
    }

    /// The fault, if it applies to a call of this route. Browser requests have no route.
    pub(super) fn strikes(&self, fault: Fault, route: Option<Route>) -> Option<Strike> {
        let mut active = self.lock();
        let (switch, struck) = active.iter_mut().find(|(switch, _)| {
            switch.fault == fault && switch.calls != Some(0) && (switch.route.is_none() || switch.route == route)
        })?;
        let strike = Strike { number: switch.number, before: *struck };
        *struck += 1;
        if let Some(calls) = &mut switch.calls {
            *calls -= 1;
        }
        active.retain(|(switch, _)| switch.calls != Some(0));
        Some(strike)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Switch, u64)>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_where_and_as_often_as_it_was_told() {
        let board = Switchboard::default();
        board.on(Fault::Empty.on(Route::Metadata).times(2));
        assert_eq!(board.strikes(Fault::Empty, Some(Route::ListConnectors)), None);
        assert!(board.strikes(Fault::Empty, Some(Route::Metadata)).is_some());
        assert!(board.strikes(Fault::Empty, Some(Route::Metadata)).is_some());
        assert_eq!(board.strikes(Fault::Empty, Some(Route::Metadata)), None);
        assert_eq!(board.active(), []);
    }

    #[test]
    fn a_fault_stays_on_until_it_is_switched_off() {
        let board = Switchboard::default();
        board.on(Fault::ListLag.with(5));
        board.on(Fault::ListLag.with(7));
        assert_eq!(board.strikes(Fault::ListLag, None), Some(Strike { number: Some(7), before: 0 }));
        assert_eq!(board.strikes(Fault::ListLag, None), Some(Strike { number: Some(7), before: 1 }));
        board.off(Fault::ListLag);
        assert_eq!(board.strikes(Fault::ListLag, None), None);
    }
}

//! The figures beside what was aimed at.

use std::{fmt, time::Duration};

use crate::load::Round;

/// The rounds of both servers, each with the processor time that its server took.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    pub(crate) gangway: Vec<(Round, Duration)>,
    pub(crate) bare: Vec<(Round, Duration)>,
}

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) list_page: Pair,
    pub(crate) start_leg: Pair,
    /// MiB, soon after the start.
    pub(crate) idle: f64,
    /// MiB, the most under load.
    pub(crate) loaded: f64,
    pub(crate) ready: Vec<Duration>,
    pub(crate) page_bytes: usize,
    pub(crate) style_bytes: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<38}{:>9}{:>9}{:>8}   aim", "", "Gangway", "bare", "ratio")?;
        legs(out, "list page", &self.list_page, "0.8 or more")?;
        legs(out, "start leg", &self.start_leg, "0.6 or more")?;
        let ready = median(self.ready.iter().map(|taken| taken.as_secs_f64() * 1000.0));
        let bytes = self.page_bytes + self.style_bytes;
        writeln!(out, "{:<38}{:>9.1}{:>17}   32 or less", "memory idle, MiB", self.idle, "")?;
        writeln!(out, "{:<38}{:>9.1}{:>17}   64 or less", "memory under that load, at most, MiB", self.loaded, "")?;
        writeln!(out, "{:<38}{ready:>9.0}{:>17}   100 or less", "start to ready, ms", "")?;
        write!(out, "{:<38}{bytes:>9}{:>17}   14000 or less", "first list view, bytes", "")?;
        write!(out, " (page {}, stylesheet {})", self.page_bytes, self.style_bytes)
    }
}

fn legs(out: &mut fmt::Formatter<'_>, name: &str, pair: &Pair, aim: &str) -> fmt::Result {
    let per_second = |rounds: &[(Round, Duration)]| median(rounds.iter().map(|(round, _)| round.per_second()));
    let each = |rounds: &[(Round, Duration)]| {
        median(rounds.iter().map(|(round, time)| time.as_secs_f64() * 1e6 / f64::from(round.requests)))
    };
    let (ours, bares) = (per_second(&pair.gangway), per_second(&pair.bare));
    writeln!(out, "{name:<17}{:<21}{ours:>9.0}{bares:>9.0}{:>8.2}   {aim}", "requests/s", ours / bares)?;
    let (ours, bares) = (each(&pair.gangway), each(&pair.bare));
    writeln!(out, "{:<17}{:<21}{ours:>9.0}{bares:>9.0}{:>8.2}", "", "processor µs/request", bares / ours)
}

/// The one in the middle.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

//! Figures beside their budgets.

use std::fmt;

/// How far a figure may go.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Budget {
    /// No further up than this.
    AtMost(f64),
    /// No further down than this.
    AtLeast(f64),
}

impl Budget {
    fn allows(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(out, "{most} or less"),
            Self::AtLeast(least) => write!(out, "{least} or more"),
        }
    }
}

#[derive(Debug)]
struct Row {
    what: String,
    figure: f64,
    budget: Budget,
    note: String,
}

/// All figures.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// One figure more; the note says what it is made of.
    pub(crate) fn add(&mut self, what: impl Into<String>, figure: f64, budget: Budget, note: impl Into<String>) {
        self.0.push(Row { what: what.into(), figure, budget, note: note.into() });
    }

    /// Whether all keep to their budgets.
    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|row| row.budget.allows(row.figure))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<54}{:>10}   budget", "", "figure")?;
        for Row { what, figure, budget, note } in &self.0 {
            // At most three digits behind the point, and none that say nothing.
            let figure = (figure * 1000.0).round() / 1000.0;
            let over = if budget.allows(figure) { "" } else { "   OVER" };
            let budget = budget.to_string();
            writeln!(out, "{}", format!("{what:<54}{figure:>10}   {budget:<16}{over}  {note}").trim_end())?;
        }
        Ok(())
    }
}

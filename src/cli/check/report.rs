//! The report of the findings.

use std::io::{self, Write};

use crate::config::{Finding, Fix, Severity};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No error; there may be warnings and notes.
    Fit,
    /// At least one error.
    Unfit,
}

/// Writes the findings, the worst first, and a line that counts them.
pub(crate) fn report(findings: &[Finding], out: &mut dyn Write) -> io::Result<Outcome> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        write_one(finding, out)?;
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    match (errors, warnings, notes) {
        (0, 0, 0) => writeln!(out, "✓ nothing to mend")?,
        (0, 0, _) => writeln!(out, "✓ nothing to mend ({})", counted(notes, "note"))?,
        _ => writeln!(
            out,
            "{}, {}, {}. A variable GANGWAY__TABLE__NAME, if there is one, wins over the file.",
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(notes, "note")
        )?,
    }
    Ok(if errors == 0 { Outcome::Fit } else { Outcome::Unfit })
}

fn write_one(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let mark = match finding.severity {
        Severity::Error => '✗',
        Severity::Warning => '!',
        Severity::Note => '·',
    };
    let Finding { setting, current, meaning, fix, .. } = finding;
    writeln!(out, "{mark} {setting}: {current}\n    {meaning}")?;
    match fix {
        Some(Fix::Line(line)) => writeln!(out, "    write under [{}]:  {line}", finding.table_and_name().0)?,
        Some(Fix::Heading(heading)) => writeln!(out, "    write:  {heading}")?,
        Some(Fix::Command(command)) => writeln!(out, "    run:  {command}")?,
        None => {}
    }
    writeln!(out)
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

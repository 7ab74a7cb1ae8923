//! `runbook-desk triage explain`.

use std::{io::Read, path::Path};

use triage::{Assessment, Ticket, TicketKind, Triage};

use super::runbook_of;
use crate::commands::{
    client::Failure,
    words::{percent, plain, print_json, say},
};

pub(super) fn run(text: &str, runbook: Option<&Path>, json: bool) -> Result<(), Failure> {
    let text = if text == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        text.to_owned()
    };
    let (title, body) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let assessment = Triage::new(&runbook_of(runbook)?).assess(&Ticket {
        kind: TicketKind::Bug,
        title: title.trim(),
        body: body.trim(),
        critical: false,
        affected_users: None,
    });
    if json {
        print_json(&assessment);
    } else {
        say(&plain(&told(&assessment)));
    }
    Ok(())
}

fn told(assessment: &Assessment) -> String {
    let mut lines = Vec::new();
    let sure = percent(Some(assessment.confidence));
    lines.push(match &assessment.entry {
        Some(entry) => format!("entry {entry} ({sure})"),
        None => format!("no entry ({sure})"),
    });
    if let Some(background) = &assessment.background {
        let sure = percent(Some(background.confidence));
        lines.push(format!(
            "about {} ({sure}), which no entry covers",
            background.name
        ));
    }
    lines.push(format!("level {}", assessment.level));
    for reason in &assessment.level_reasons {
        let line = reason
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        let (level, text, evidence) = (reason.level, &reason.text, &reason.evidence);
        lines.push(format!("  {level}: {text}{line} (said: {evidence})"));
    }
    for ranked in &assessment.ranked {
        let sure = percent(Some(ranked.confidence));
        lines.push(format!(
            "\n{} {sure}, score {:+.2}",
            ranked.entry, ranked.score
        ));
        for reason in &ranked.reasons {
            let repaired = if reason.repaired {
                ", spelling repaired"
            } else {
                ""
            };
            let dismissed = if reason.dismissed {
                ", only dismissed"
            } else {
                ""
            };
            let (weight, term) = (reason.weight, &reason.term);
            lines.push(format!("  {weight:+.2}  {term}{repaired}{dismissed}"));
        }
    }
    lines.join("\n")
}

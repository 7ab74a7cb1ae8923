//! `runbook-desk sla verify`: on the database itself, beside a running desk.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use ticketing::TicketNumber;

use super::words::{plain, print_json, say};
use crate::{clock::system_clock, open::open, settings::Settings};

/// Tickets of one step.
const PAGE: u64 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Sla {
    /// Derive every ticket's clocks anew from its events and compare; exit 1 on
    /// any difference.
    Verify {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(settings: &Settings, command: &Sla) -> Result<ExitCode, String> {
    let Sla::Verify { json } = command;
    let opened = open(settings, system_clock())
        .await
        .map_err(|error| error.to_string())?;
    let desk = opened.desk;
    let mut after = TicketNumber(0);
    let (mut tickets, mut differences) = (0, Vec::new());
    loop {
        let page = desk
            .verify_sla(after, PAGE)
            .await
            .map_err(|error| error.to_string())?;
        tickets += page.tickets;
        differences.extend(page.differences);
        match page.last {
            Some(last) => after = last,
            None => break,
        }
    }
    desk.close().await.map_err(|error| error.to_string())?;

    if *json {
        let differences: Vec<_> = differences
            .iter()
            .map(|found| {
                json!({
                    "ticket": found.ticket.to_string(),
                    "figure": found.figure,
                    "stored": found.stored,
                    "derived": found.derived,
                })
            })
            .collect();
        print_json(&json!({"tickets": tickets, "differences": differences}));
    } else {
        for found in &differences {
            let (ticket, figure) = (found.ticket, &found.figure);
            say(&plain(&format!(
                "{ticket} {figure}\n  stored:  {}\n  derived: {}",
                found.stored, found.derived
            )));
        }
        say(&format!(
            "{tickets} tickets verified, {} differences",
            differences.len()
        ));
    }
    Ok(if differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

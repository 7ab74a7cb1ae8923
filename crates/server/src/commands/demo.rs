//! `runbook-desk demo`: a made-up history, on the database itself.

use std::{
    thread::available_parallelism,
    time::{Duration, Instant},
};

use clap::Args;
use desk::DemoRequest;

use super::words::say;
use crate::{clock::system_clock, open::open, settings::Settings};

/// How often progress is told.
const TELL: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// How many tickets.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    tickets: u32,
    /// Over how many days, up to now.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// The same seed makes the same people, texts and chances.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Add to a database that holds a made-up history already.
    #[arg(long)]
    add: bool,
}

pub(super) async fn run(settings: &Settings, wanted: &Demo) -> Result<(), String> {
    let opened = open(settings, system_clock())
        .await
        .map_err(|error| error.to_string())?;
    let desk = opened.desk;
    let request = DemoRequest {
        tickets: wanted.tickets,
        days: wanted.days,
        seed: wanted.seed,
        add: wanted.add,
        threads: available_parallelism().map_or(1, usize::from),
    };
    let begun = Instant::now();
    let mut told = begun;
    let filled = desk.fill_demo(request, |written| {
        if told.elapsed() >= TELL {
            told = Instant::now();
            let rate = f64::from(u32::try_from(written).unwrap_or(u32::MAX))
                / begun.elapsed().as_secs_f64();
            eprintln!("{written} of {} tickets, {rate:.0}/s", wanted.tickets);
        }
    });
    let filled = filled.await.map_err(|error| error.to_string());
    desk.close().await.map_err(|error| error.to_string())?;
    let filled = filled?;
    say(&format!(
        "{filled} tickets over {} days made in {:.1} s",
        wanted.days,
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

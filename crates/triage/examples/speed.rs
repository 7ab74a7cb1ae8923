//! How long one assessment takes: `speed RUNBOOK`.

use std::time::Instant;

use triage::{Ticket, TicketKind, Triage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("speed RUNBOOK")?;
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).ok_or("no such day")?;
    let runbook = runbook::parse(&std::fs::read_to_string(path)?, today).runbook;
    let triage = Triage::new(&runbook);
    let text = "Good evening. I have been shopping with you since last Tihar and always been happy with the kurtas. \
        This week my niece is getting married in Pokhara so I sat down with tea to choose something. When I wanted to sign in, \
        the box with email and password came up, I wrote both, pressed the blue button, and the box did not go away. \
        I asked my son, he also could not make it work. The order was ORD-20251018-54237 and I payed Rs 2,300 by eSewa. \
        Could you please look at it before Friday? My phone is 9841234567, bihana dekhi login bhayena. With regards, Sharmila Shrestha, Lalitpur";
    for (name, body) in [
        ("600 bytes", text.get(..600).unwrap_or(text).to_owned()),
        (
            "8 KB",
            text.repeat(15).get(..8192).unwrap_or_default().to_owned(),
        ),
        ("1 MB", text.repeat(1600)),
        ("1 MB one word", "a".repeat(1_000_000)),
        ("1 MB commas", "no,".repeat(333_333)),
        ("1 MB not", "not a problem ".repeat(70_000)),
    ] {
        let ticket = Ticket {
            kind: TicketKind::Bug,
            title: "cannot sign in",
            body: &body,
            critical: false,
            affected_users: None,
        };
        let rounds = if body.len() > 10_000 { 5 } else { 2000 };
        let mut best = std::time::Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            for _ in 0..rounds {
                std::hint::black_box(triage.assess(std::hint::black_box(&ticket)));
            }
            best = best.min(start.elapsed() / rounds);
        }
        println!("{name}: {best:?}");
        let start = Instant::now();
        std::hint::black_box(triage::mask(&body));
        std::hint::black_box(triage::extract(&body));
        println!("  mask + extract {:?}", start.elapsed());
    }
    let examples: Vec<triage::Example> = (0..10_000)
        .map(|at| triage::Example {
            title: format!("ticket {at}"),
            body: text
                .split(' ')
                .cycle()
                .skip(at * 7)
                .step_by(1 + at % 3)
                .take(60)
                .collect::<Vec<_>>()
                .join(" "),
            entry: runbook
                .entries
                .get(at % runbook.entries.len())
                .map(|entry| entry.slug.clone()),
            level: None,
        })
        .collect();
    let start = Instant::now();
    std::hint::black_box(Triage::with_examples(&runbook, &examples));
    println!("learn from 10,000 examples: {:?}", start.elapsed());
    Ok(())
}

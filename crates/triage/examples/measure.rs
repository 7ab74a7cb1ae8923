//! Measures triage on labelled tickets: `measure RUNBOOK TICKETS [misses]`.

use std::{collections::BTreeMap, time::Instant};

use triage::{
    Triage,
    evaluate::{self, assess, read_samples},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [runbook, files @ ..] = arguments.as_slice() else {
        return Err("measure RUNBOOK TICKETS… [misses]".into());
    };
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).ok_or("no such day")?;
    let runbook = runbook::parse(&std::fs::read_to_string(runbook)?, today).runbook;
    let start = Instant::now();
    let triage = Triage::new(&runbook);
    let _ = triage.assess(&triage::Ticket {
        kind: triage::TicketKind::Bug,
        title: "warm up",
        body: "",
        critical: false,
        affected_users: None,
    });
    println!("built in {:?}", start.elapsed());
    let misses = files.iter().any(|file| file == "misses");
    for file in files.iter().filter(|file| file.ends_with(".jsonl")) {
        let samples = read_samples(&std::fs::read_to_string(file)?)
            .map_err(|(line, error)| format!("{file}:{line}: {error}"))?;
        let start = Instant::now();
        let report = evaluate::report(&triage, &samples);
        let each = start.elapsed() / u32::try_from(samples.len().max(1))?;
        println!("{file}: {each:?} each");
        for (name, value) in serde_json::to_value(&report.sum)?
            .as_object()
            .into_iter()
            .flatten()
        {
            print!(
                "{name} {} ",
                value
                    .as_f64()
                    .map_or("-".to_owned(), |value| format!("{value:.3}"))
            );
        }
        println!();
        if !misses {
            continue;
        }
        let styles: BTreeMap<_, _> = report
            .styles
            .iter()
            .map(|(style, measures)| (style, (measures.n, measures.all.unwrap_or(0.0))))
            .collect();
        println!("{styles:.2?}");
        for sample in &samples {
            let answer = assess(&triage, sample);
            let said = answer.entry.as_ref().map(|entry| entry.as_str());
            let right = said == sample.expected.entry.as_deref()
                || sample
                    .expected
                    .acceptable
                    .iter()
                    .any(|other| other.as_deref() == said);
            let level = answer.level.number();
            let level_right =
                level == sample.expected.level || sample.expected.levels_ok.contains(&level);
            if right && level_right {
                continue;
            }
            println!(
                "\n{} [{}] {} | {}",
                sample.id,
                sample.style,
                sample.title,
                sample.body.chars().take(260).collect::<String>()
            );
            println!(
                "  want {:?} {:?} L{} {:?}",
                sample.expected.entry,
                sample.expected.acceptable,
                sample.expected.level,
                sample.expected.levels_ok
            );
            println!(
                "  {} {said:?} {:.2} bg {:?}",
                if right { "ok  " } else { "MISS" },
                answer.confidence,
                answer.background
            );
            for ranked in answer.ranked.iter().take(3) {
                let reasons: Vec<_> = ranked
                    .reasons
                    .iter()
                    .take(5)
                    .map(|reason| {
                        format!(
                            "{}{} {:+.2}",
                            reason.term,
                            if reason.dismissed { "~" } else { "" },
                            reason.weight
                        )
                    })
                    .collect();
                println!(
                    "    {:.2} {} ({})",
                    ranked.confidence,
                    ranked.entry,
                    reasons.join("; ")
                );
            }
            println!(
                "  {} L{level} {:?}",
                if level_right { "ok  " } else { "LVL " },
                answer
                    .level_reasons
                    .iter()
                    .map(|reason| format!("{} {}: {}", reason.level, reason.text, reason.evidence))
                    .collect::<Vec<_>>()
            );
        }
    }
    Ok(())
}

//! Measures plain text classification: `classify TSV [SHOTS…]`, lines of label,
//! tab and text, grouped by label; each of six parts is predicted from the others.

use std::{collections::BTreeMap, time::Instant};

use triage::text_classification::train;

const PARTS: usize = 6;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, shots @ ..] = arguments.as_slice() else {
        return Err("classify TSV [SHOTS…]".into());
    };
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let labels: Vec<&str> = lines.iter().map(|(label, _)| *label).collect();
    for shots in shots {
        let most: usize = shots.parse()?;
        let (mut right, mut third, mut count) = (0, 0, 0);
        let start = Instant::now();
        for part in 0..PARTS {
            let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
            let known: Vec<(&str, &str)> = lines
                .iter()
                .enumerate()
                .filter(|(at, _)| at % PARTS != part)
                .filter(|(_, (label, _))| {
                    let taken = taken.entry(label).or_default();
                    *taken += 1;
                    *taken <= most
                })
                .map(|(_, (label, text))| (*text, *label))
                .collect();
            let model = train(&known, &labels);
            for (label, text) in lines.iter().skip(part).step_by(PARTS) {
                let answers = model.predict(text);
                let rank = answers.iter().position(|answer| answer.label == *label);
                right += u32::from(rank == Some(0));
                third += u32::from(rank.is_some_and(|rank| rank < 3));
                count += 1;
            }
        }
        println!(
            "{most} each: accuracy {:.3} top3 {:.3} ({:?})",
            f64::from(right) / f64::from(count),
            f64::from(third) / f64::from(count),
            start.elapsed()
        );
    }
    Ok(())
}

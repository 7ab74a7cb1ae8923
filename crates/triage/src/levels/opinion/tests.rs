use std::collections::BTreeSet;

use super::{
    super::{
        Facts, duration,
        patterns::Present,
        rules::{Kind, kinds},
    },
    Opinion,
    source::{Example, condition_of, sayings},
};
use crate::{
    Ticket, TicketKind, Triage,
    evaluate::Sample,
    labelled::tickets,
    text::{Reading, lexicon::OwnWords},
    topics::TopicModel,
};

const RUNBOOK: &str = include_str!("../../../../../runbook/customer-support.md");
/// The sets of tickets are left out in so many turns.
const TURNS: usize = 4;

fn set_of(sample: &Sample) -> &str {
    sample.id.split('-').next().unwrap_or_default()
}

fn triage(text: &str) -> Triage {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    Triage::new(&runbook::parse(text, today).runbook)
}

fn ticket<'t>(title: &'t str, body: &'t str) -> Ticket<'t> {
    Ticket {
        kind: TicketKind::Bug,
        title,
        body,
        critical: false,
        affected_users: None,
    }
}

/// Whether a model hears any condition in a text.
fn hears(opinion: &Opinion, title: &str, body: &str) -> bool {
    let reading = Reading::new(&OwnWords::default(), title, body);
    let topics = TopicModel::shipped().likely(&reading);
    let lasting = duration::longest(&reading).map(|lasting| lasting.seconds);
    let impression = opinion.of(&reading, &Present::new(&reading), &topics, lasting);
    impression.of_any() >= super::HEARD
}

#[test]
fn conditions_are_heard_in_sets_that_taught_it_nothing() {
    let samples = tickets();
    let sets: BTreeSet<&str> = samples.iter().map(set_of).collect();
    let (mut stated, mut right, mut heard) = (0_u32, 0_u32, 0_u32);
    for turn in 0..TURNS {
        let left_out: BTreeSet<&str> = sets.iter().copied().skip(turn).step_by(TURNS).collect();
        let known = samples
            .iter()
            .filter(|sample| !left_out.contains(set_of(sample)));
        let examples = known
            .filter_map(|sample| {
                let condition = condition_of(sample)?;
                Some(Example::new(&sample.title, &sample.body, condition))
            })
            .chain(sayings());
        let opinion = Opinion::train(examples);
        for sample in &samples {
            let Some(condition) = condition_of(sample) else {
                continue;
            };
            if left_out.contains(set_of(sample)) {
                let hears = hears(&opinion, &sample.title, &sample.body);
                stated += u32::from(condition != 0);
                heard += u32::from(hears);
                right += u32::from(hears && condition != 0);
            }
        }
    }
    let recall = f64::from(right) / f64::from(stated);
    let precision = f64::from(right) / f64::from(heard);
    println!("of {stated}: recall {recall:.3}, precision {precision:.3}");
    assert!(recall > 0.97, "recall {recall:.3} of {stated}");
    assert!(precision > 0.92, "precision {precision:.3} of {heard}");
}

/// A triage whose rules have nothing for this.
const UNRULED: (&str, &str) = (
    "nothing opens",
    "Home page, product pages, everything gives a white page with 503",
);

#[test]
fn a_condition_in_words_that_no_rule_has_is_explained() {
    let triage = triage(RUNBOOK);
    let (title, body) = UNRULED;
    let answer = triage.assess(&ticket(title, body));
    let first = answer.level_reasons.first().unwrap();
    assert_eq!(answer.level.number(), 3);
    assert!(first.text.contains("down"), "{}", first.text);
    assert!(first.line.is_some());
    for words in first.evidence.split(" … ") {
        assert!(title.contains(words) || body.contains(words), "{words}");
    }
    // It may yet last: what it then rises to is known.
    let outage = answer.outage.unwrap();
    assert!(outage.rises.is_some());
}

#[test]
fn no_rule_meets_what_is_heard_in_these_tests() {
    let (title, body) = UNRULED;
    let reading = Reading::new(&OwnWords::default(), title, body);
    let topics = TopicModel::shipped().likely(&reading);
    let facts = Facts::new(&reading, &topics);
    let met = |kind: &&Kind| kind.name == "outage" && kind.evidence(&facts).is_some();
    assert!(!kinds().iter().any(|kind| met(&kind)));
}

#[test]
fn long_sentences_are_heard_too() {
    let triage = triage(RUNBOOK);
    let names = "and rice and lentils and tea and oil ".repeat(40);
    let body = format!(
        "my checkout shows the name, phone and street of a lady in Pokhara who bought {names}"
    );
    let answer = triage.assess(&ticket("strange", &body));
    assert_eq!(answer.level.number(), 3, "{:?}", answer.level_reasons);
}

#[test]
fn a_drill_is_no_outage() {
    let triage = triage(RUNBOOK);
    let (title, body) = UNRULED;
    let body = format!("This is only a drill: {body}");
    assert!(triage.assess(&ticket(title, &body)).level.number() < 3);
}

#[test]
fn only_what_the_runbook_has_is_heard() {
    let answer = triage("# Desk\n\n## Common issues\n\n### Issue #1: \"I Can't Login\"\n\n**Symptoms**: login fails\n")
        .assess(&ticket("down", "the whole site is dead for everybody, white void"));
    assert_eq!(answer.level.number(), 1);
    assert_eq!(answer.level_reasons, []);
}

#[test]
fn texts_without_words_say_nothing() {
    let triage = triage(RUNBOOK);
    for text in ["", ".", "???", "asdjkl", "10:05", "\u{1f600}"] {
        let answer = triage.assess(&ticket(text, ""));
        assert_eq!(answer.level.number(), 1, "{text}");
    }
}

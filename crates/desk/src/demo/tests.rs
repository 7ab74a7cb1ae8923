use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use store::TicketWrite;
use ticketing::{
    ClosedAs, PolicyBook, PolicySet, Status, TargetSettings, Ticket, TicketNumber, Window, derive,
};

use super::{day, season, texts::Texts, *};
use crate::rules::Rules;

fn history(seed: u64) -> History {
    let until: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    let source = include_str!("../../../../runbook/customer-support.md");
    let parsed = runbook::parse(source, until.date_naive());
    let targets = TargetSettings {
        first_response_seconds: None,
        resolution_seconds: None,
        critical_resolution_seconds: 14_400,
    };
    let mut book = PolicyBook::default();
    let set = PolicySet::default().complete(&parsed.runbook, &targets);
    book.add(1, &set).unwrap();
    History {
        rules: Arc::new(Rules {
            revision: store::RunbookRevision {
                revision: 1,
                sha256: String::new(),
                origin: "file".to_owned(),
                source: source.to_owned(),
                activated_by: "test".to_owned(),
                activated_at: until,
            },
            triage: Arc::new(triage::Triage::new(&parsed.runbook)),
            runbook: parsed.runbook,
            diagnostics: parsed.diagnostics,
            book,
            directory: ticketing::Directory::default(),
            budget: crate::PageBudget {
                engineering_per_hour: 10,
                leadership_per_hour: 10,
            },
            on_call: store::OnCallVersion::default(),
        }),
        texts: Texts::new(),
        until,
        auto_close: Window(259_200),
        seed,
    }
}

fn lived(history: &History, tickets: usize) -> Vec<TicketWrite> {
    let days = season::days(history.until, 60, tickets, history.seed);
    numbered(days, TicketNumber(1001))
        .flat_map(|(day, first)| day::live(history, &day, first))
        .collect()
}

#[test]
fn every_life_can_be_rebuilt_from_its_events() {
    let history = history(11);
    for written in lived(&history, 1500) {
        let ticket = &written.ticket;
        let rebuilt = Ticket::rebuild(&written.events).unwrap();
        let derived = derive(&rebuilt.marks, &history.rules.book, rebuilt.updated_at);
        let rebuilt = Ticket {
            clocks: derived.unwrap().clocks,
            ..rebuilt
        };
        let rebuilt = Ticket {
            next_step_at: ticketing::next_step_at(&rebuilt, &history.rules.book),
            ..rebuilt
        };
        assert_eq!(&rebuilt, ticket);
        assert!(ticket.is_demo());
        assert!(ticket.updated_at <= history.until);
        let timer = ticket.next_timer_at();
        assert!(
            timer.is_none_or(|at| at > history.until),
            "{timer:?} was missed"
        );
    }
}

#[test]
fn a_history_is_of_every_kind() {
    let lived = lived(&history(5), 4000);
    let count = |what: &dyn Fn(&Ticket) -> bool| {
        lived.iter().filter(|written| what(&written.ticket)).count()
    };
    let numbers: BTreeSet<i64> = lived.iter().map(|w| w.ticket.number.0).collect();
    assert_eq!((numbers.len(), numbers.first()), (4000, Some(&1001)));
    assert!(count(&|t| t.status == Status::Closed) > 3000);
    assert!(count(&|t| t.status.is_live()) > 20);
    assert!(count(&|t| t.closed_as == Some(ClosedAs::Merged)) > 10);
    assert!(count(&|t| t.closed_as == Some(ClosedAs::Cancelled)) > 40);
    assert!(count(&|t| t.entry().is_none()) > 200);
    assert!(count(&|t| t.escalations.iter().any(|e| e.acknowledged.is_some())) > 100);
    let breached = count(&|t| {
        let clocks = [&t.clocks.first_response, &t.clocks.resolution];
        clocks
            .into_iter()
            .flatten()
            .any(|c| c.breached_at.is_some())
    });
    assert!((100..1500).contains(&breached), "{breached} breached");
    for kind in ticketing::EventKind::NAMES
        .into_iter()
        .filter(|name| !["linked", "attached", "joined_incident"].contains(name))
    {
        let happened = lived
            .iter()
            .flat_map(|w| &w.events)
            .any(|e| e.kind.name() == kind);
        assert!(happened, "nothing was ever {kind}");
    }
}

#[test]
fn the_same_seed_gives_the_same_history() {
    let (one, two, other) = (history(3), history(3), history(4));
    let docs = |history: &History| {
        let lived = lived(history, 300);
        lived
            .iter()
            .map(|w| format!("{:?}", w.events))
            .collect::<Vec<_>>()
    };
    assert_eq!(docs(&one), docs(&two));
    assert_ne!(docs(&one), docs(&other));
}

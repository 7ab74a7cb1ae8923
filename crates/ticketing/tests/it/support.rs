//! A small desk without a desk: the default runbook's rules and a clock.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use ticketing::{
    Actor, Bug, Classification, ClassificationMethod, Decided, Details, Draft, PolicyBook,
    PolicySet, Priority, Reporter, Role, Scene, Severity, TargetSettings, Ticket, TicketNumber,
    Verdict,
};

pub fn start() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

pub fn at(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

pub fn agent() -> Actor {
    Actor {
        name: "asha".to_owned(),
        role: Role::Agent,
    }
}

pub fn tool() -> Actor {
    Actor {
        name: "shop".to_owned(),
        role: Role::Tool,
    }
}

/// First response 2 h, resolution 24 h, critical 4 h, features without resolution.
pub fn book() -> PolicyBook {
    let source = include_str!("../../../../runbook/customer-support.md");
    let runbook = runbook::parse(source, start().date_naive()).runbook;
    let targets = TargetSettings {
        first_response_seconds: None,
        resolution_seconds: None,
        critical_resolution_seconds: 14_400,
    };
    let mut book = PolicyBook::default();
    book.add(1, &PolicySet::default().complete(&runbook, &targets))
        .unwrap();
    book
}

/// Calls `act` with a scene at `now`.
pub fn scene<T>(
    actor: &Actor,
    now: DateTime<Utc>,
    book: &PolicyBook,
    act: impl FnOnce(&Scene<'_>) -> T,
) -> T {
    let next = Cell::new(0_u8);
    let entropy = || {
        next.set(next.get().wrapping_add(1));
        [next.get(); 10]
    };
    act(&Scene {
        actor,
        now,
        book,
        entropy: &entropy,
    })
}

pub fn bug(severity: Severity) -> Draft {
    Draft {
        title: "The cart is empty".to_owned(),
        details: Details::Bug(Bug {
            severity,
            affected_users: None,
            steps_to_reproduce: Vec::new(),
            expected: None,
            actual: "Everything is gone".to_owned(),
            browser_device: None,
            screenshots: Vec::new(),
        }),
        extra: Default::default(),
        reporter: Reporter::default(),
        external_ref: None,
        tags: Vec::new(),
        metadata: Default::default(),
        masked: Vec::new(),
    }
}

pub fn feature() -> Draft {
    Draft {
        details: Details::Feature(ticketing::Feature {
            requested_by: None,
            use_case: "Night".to_owned(),
            priority: Priority::Low,
            details: None,
        }),
        ..bug(Severity::Low)
    }
}

pub fn verdict(level: Level) -> Verdict {
    let reason = |level| ticketing::LevelReason {
        level,
        rule: ticketing::LevelRule::LevelTrigger,
        text: "Site down".to_owned(),
        line: Some(276),
        evidence: "nobody can open it".to_owned(),
    };
    Verdict {
        classification: Classification {
            entry: None,
            confidence: 0.9,
            method: ClassificationMethod::None,
            runbook_revision: 1,
            ranked: Vec::new(),
            background: None,
        },
        level,
        level_reasons: (level > Level::SUPPORT)
            .then(|| reason(level))
            .into_iter()
            .collect(),
        outage: None,
    }
}

pub fn filed(draft: Draft, level: Level) -> Decided {
    scene(&tool(), start(), &book(), |scene| {
        ticketing::file(draft, verdict(level), TicketNumber(1001), scene)
    })
}

pub fn ticket(severity: Severity) -> Ticket {
    filed(bug(severity), Level::SUPPORT).ticket
}

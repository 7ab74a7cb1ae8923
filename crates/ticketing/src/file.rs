//! Filing: a draft and triage's verdict become a ticket.

use crate::{
    clocks::{Clocks, derive},
    draft::Draft,
    escalation::Escalation,
    event::{Event, EventKind},
    id::{EventId, TicketId, TicketNumber},
    mark::{Mark, MarkKind},
    notice::{Notice, NoticeKind},
    policy::Selected,
    settle::{Decided, Scene},
    step::{OutageWatch, next_step_at},
    ticket::{Attached, Ticket},
    verdict::Verdict,
    words::Status,
};

/// Files a ticket: its first event holds its first state. Level, escalation
/// and due times are decided here and now.
pub fn file(draft: Draft, verdict: Verdict, number: TicketNumber, scene: &Scene<'_>) -> Decided {
    let now = scene.now;
    let id = TicketId::new(now, (scene.entropy)());
    let mut ticket = blank(id, number, draft, verdict, scene);

    let selected = scene.book.select(&ticket);
    ticket.clocks.selected = selected.clone();
    ticket.marks.push(Mark {
        at: now,
        by: scene.actor.name.clone(),
        what: MarkKind::Start { selected },
    });
    if let Some(derived) = derive(&ticket.marks, scene.book, now) {
        ticket.clocks = derived.clocks;
    }
    let escalation = Escalation::at_filing(&ticket, scene);
    let receipt = Notice::to_reporter(NoticeKind::Received, &ticket, 1, String::new());
    let notices = escalation.iter().map(Escalation::notice);
    let notices = notices.chain(receipt).collect();
    ticket.waiting = escalation.as_ref().map(|escalation| escalation.n);
    ticket.escalations.extend(escalation);
    ticket.next_step_at = next_step_at(&ticket, scene.book);

    let event = Event {
        id: EventId::new(now, (scene.entropy)()),
        ticket: id,
        n: 1,
        at: now,
        actor: scene.actor.clone(),
        kind: EventKind::Filed {
            ticket: Box::new(ticket.clone()),
        },
    };
    Decided {
        ticket,
        seen: 0,
        events: vec![event],
        notices,
    }
}

fn blank(
    id: TicketId,
    number: TicketNumber,
    draft: Draft,
    verdict: Verdict,
    scene: &Scene<'_>,
) -> Ticket {
    let level = verdict.level;
    let runbook_revision = verdict.classification.runbook_revision;
    let outage = verdict.outage.filter(|rule| rule.level > level);
    let mut tags = draft.tags;
    tags.sort();
    tags.dedup();
    Ticket {
        attached: Attached::default(),
        id,
        number,
        version: 1,
        title: draft.title,
        details: draft.details,
        extra: draft.extra,
        status: Status::New,
        closed_as: None,
        merged_into: None,
        level: verdict.level,
        level_reasons: verdict.level_reasons,
        assignee: None,
        reporter: draft.reporter,
        source: scene.actor.name.clone(),
        external_ref: draft.external_ref,
        tags,
        metadata: draft.metadata,
        masked: draft.masked,
        classification: verdict.classification,
        clocks: no_clocks(),
        marks: Vec::new(),
        escalations: Vec::new(),
        lowered: Vec::new(),
        waiting: None,
        outage: outage.map(|rule| OutageWatch {
            rule,
            runbook_revision,
            since: scene.now,
        }),
        next_step_at: None,
        resolution: None,
        satisfaction: None,
        links: Vec::new(),
        incident: None,
        created_at: scene.now,
        updated_at: scene.now,
        resolved_at: None,
        closed_at: None,
    }
}

fn no_clocks() -> Clocks {
    Clocks {
        selected: Selected {
            version: 0,
            policy: String::new(),
            why: String::new(),
            first_response_seconds: None,
            resolution_seconds: None,
            calendar: String::new(),
        },
        first_response: None,
        resolution: None,
    }
}

//! The status machine of `domain.md` section 3, in full.

use chrono::{DateTime, Utc};
use runbook::Level;
use ticketing::{
    CommentAuthor, Decided, EventKind, NewComment, Patch, Refusal, Resolution, Severity, Status,
    Ticket, TicketNumber, Visibility, Window,
};

use crate::support::{agent, at, book, bug, feature, filed, scene, ticket, tool};

const WINDOW: Window = Window(7 * 86_400);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Open,
    Pending,
    Resolve,
    Reopen,
    Close,
    ReporterSpeaks,
    AgentSpeaks,
}

fn act(ticket: &Ticket, act: Act, now: DateTime<Utc>) -> Result<Decided, Refusal> {
    let book = book();
    let say = |author| NewComment {
        visibility: Visibility::Public,
        author,
        text: "hello".to_owned(),
        masked: Vec::new(),
    };
    let status = |status| Patch {
        status: Some(status),
        ..Patch::default()
    };
    scene(&agent(), now, &book, |scene| match act {
        Act::Open => ticketing::patch(ticket, status(Status::Open), scene),
        Act::Pending => ticketing::patch(ticket, status(Status::Pending), scene),
        Act::Resolve => ticketing::resolve(ticket, Resolution::default(), scene),
        Act::Reopen => ticketing::reopen(ticket, None, WINDOW, scene),
        Act::Close => ticketing::close(ticket, None, scene),
        Act::ReporterSpeaks => ticketing::comment(ticket, say(CommentAuthor::Reporter), scene),
        Act::AgentSpeaks => ticketing::comment(ticket, say(CommentAuthor::Agent), scene),
    })
}

/// A ticket in that status, by acts.
fn in_status(status: Status) -> Ticket {
    let new = ticket(Severity::High);
    let path: &[Act] = match status {
        Status::New => &[],
        Status::Open => &[Act::Open],
        Status::Pending => &[Act::Open, Act::Pending],
        Status::Resolved => &[Act::Resolve],
        Status::Closed => &[Act::Resolve, Act::Close],
    };
    path.iter().fold(new, |ticket, next| {
        act(&ticket, *next, at(60)).unwrap().ticket
    })
}

#[test]
fn every_status_leads_exactly_where_the_table_says() {
    use Act::{AgentSpeaks, Close, Open, Pending, Reopen, ReporterSpeaks, Resolve};
    let none = None;
    let to = Some;
    let table = [
        (
            Status::New,
            [
                (Open, to(Status::Open)),
                (Pending, to(Status::Pending)),
                (Resolve, to(Status::Resolved)),
                (Reopen, none),
                (Close, to(Status::Closed)),
                (ReporterSpeaks, to(Status::New)),
                (AgentSpeaks, to(Status::Open)),
            ],
        ),
        (
            Status::Open,
            [
                (Open, to(Status::Open)),
                (Pending, to(Status::Pending)),
                (Resolve, to(Status::Resolved)),
                (Reopen, none),
                (Close, to(Status::Closed)),
                (ReporterSpeaks, to(Status::Open)),
                (AgentSpeaks, to(Status::Open)),
            ],
        ),
        (
            Status::Pending,
            [
                (Open, to(Status::Open)),
                (Pending, to(Status::Pending)),
                (Resolve, to(Status::Resolved)),
                (Reopen, to(Status::Open)),
                (Close, to(Status::Closed)),
                (ReporterSpeaks, to(Status::Open)),
                (AgentSpeaks, to(Status::Pending)),
            ],
        ),
        (
            Status::Resolved,
            [
                (Open, none),
                (Pending, none),
                (Resolve, none),
                (Reopen, to(Status::Open)),
                (Close, to(Status::Closed)),
                (ReporterSpeaks, to(Status::Open)),
                (AgentSpeaks, to(Status::Resolved)),
            ],
        ),
        (
            Status::Closed,
            [
                (Open, none),
                (Pending, none),
                (Resolve, none),
                (Reopen, to(Status::Open)),
                (Close, none),
                (ReporterSpeaks, none),
                (AgentSpeaks, none),
            ],
        ),
    ];
    for (from, moves) in table {
        for (what, expected) in moves {
            let found = act(&in_status(from), what, at(120))
                .ok()
                .map(|done| done.ticket.status);
            assert_eq!(found, expected, "{from} {what:?}");
        }
    }
}

#[test]
fn a_refused_move_names_the_legal_ones() {
    let refused = act(&in_status(Status::Resolved), Act::Resolve, at(120)).unwrap_err();
    let Refusal::IllegalMove { from, legal, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((from, legal), (Status::Resolved, vec!["reopen", "close"]));
}

#[test]
fn a_closed_ticket_reopens_within_the_window_only() {
    let closed = in_status(Status::Closed);
    assert!(act(&closed, Act::Reopen, at(60 + 7 * 86_400)).is_ok());
    let late = act(&closed, Act::Reopen, at(61 + 7 * 86_400)).unwrap_err();
    assert_eq!(
        late,
        Refusal::ReopenWindowOver {
            window_seconds: 7 * 86_400
        }
    );
}

#[test]
fn a_merged_ticket_points_to_where_it_went_on() {
    let (source, mut target) = (ticket(Severity::High), ticket(Severity::High));
    target.id = ticketing::TicketId::new(at(0), [9; 10]);
    target.number = TicketNumber(1002);
    let book = book();
    let (closed, taken) = scene(&agent(), at(60), &book, |s| {
        ticketing::merge(&source, &target, None, s)
    })
    .unwrap();
    assert_eq!(taken.events.len(), 1);
    let refused = act(&closed.ticket, Act::Reopen, at(120)).unwrap_err();
    assert_eq!(
        refused,
        Refusal::Merged {
            into: TicketNumber(1002)
        }
    );

    // And nothing can be merged into it, so no circle can arise.
    let back = scene(&agent(), at(120), &book, |s| {
        ticketing::merge(&taken.ticket, &closed.ticket, None, s)
    });
    assert!(matches!(back, Err(Refusal::CannotMerge { .. })), "{back:?}");
}

#[test]
fn a_tool_posting_the_reporters_words_does_not_open_a_new_ticket() {
    let new = ticket(Severity::High);
    let words = NewComment {
        visibility: Visibility::Public,
        author: CommentAuthor::Reporter,
        text: "still broken".to_owned(),
        masked: Vec::new(),
    };
    let done = scene(&tool(), at(60), &book(), |s| {
        ticketing::comment(&new, words, s)
    })
    .unwrap();
    assert_eq!(done.ticket.status, Status::New);
    assert!(
        done.ticket
            .clocks
            .first_response
            .unwrap()
            .stopped_at
            .is_none()
    );
}

#[test]
fn every_event_bumps_the_version_and_refolding_gives_the_same_ticket() {
    let first = filed(bug(Severity::High), Level::SUPPORT);
    let mut events = first.events.clone();
    let mut now = first.ticket;
    for (step, what) in [
        Act::AgentSpeaks,
        Act::Pending,
        Act::ReporterSpeaks,
        Act::Resolve,
        Act::Reopen,
        Act::Close,
    ]
    .into_iter()
    .enumerate()
    {
        let done = act(&now, what, at(60 * (i64::try_from(step).unwrap() + 1))).unwrap();
        events.extend(done.events);
        now = done.ticket;
    }
    let EventKind::Filed { ticket } = &events[0].kind else {
        panic!()
    };
    let mut rebuilt = (**ticket).clone();
    events[1..].iter().for_each(|event| rebuilt.apply(event));
    rebuilt.clocks = now.clocks.clone();
    assert_eq!(rebuilt, now);
    let numbers: Vec<i64> = events.iter().map(|event| event.n).collect();
    assert_eq!(numbers, (1..=now.version).collect::<Vec<_>>());
}

#[test]
fn filing_above_level_1_makes_an_escalation_and_a_notice_and_a_feature_does_not() {
    let engineering = filed(bug(Severity::High), Level::ENGINEERING);
    let escalation = &engineering.ticket.escalations[0];
    assert_eq!(
        (escalation.n, escalation.from, escalation.to),
        (1, Level::SUPPORT, Level::ENGINEERING)
    );
    assert_eq!(escalation.line, Some(276));
    assert_eq!(engineering.notices.len(), 1);

    let wish = filed(feature(), Level::SUPPORT);
    assert!(wish.ticket.escalations.is_empty() && wish.notices.is_empty());
    assert!(wish.ticket.clocks.first_response.is_some());
    assert!(wish.ticket.clocks.resolution.is_none());
}

#[test]
fn levels_go_up_by_escalation_and_down_by_deescalation() {
    let book = book();
    let low = ticket(Severity::High);
    let levels = [
        Level::SUPPORT,
        Level::TECHNICAL,
        Level::ENGINEERING,
        Level::LEADERSHIP,
    ];
    for (from, to) in levels.into_iter().flat_map(|a| levels.map(|b| (a, b))) {
        let mut at_level = low.clone();
        at_level.level = from;
        let up = scene(&agent(), at(60), &book, |s| {
            ticketing::escalate(&at_level, to, "why", None, s)
        });
        let down = scene(&agent(), at(60), &book, |s| {
            ticketing::deescalate(&at_level, to, "why", s)
        });
        assert_eq!(up.is_ok(), to > from, "{from} up to {to}");
        assert_eq!(down.is_ok(), to < from, "{from} down to {to}");
    }
}

//! From a figure to its very tickets: the list's filter that finds them.

use chrono::{DateTime, SecondsFormat, Utc};
use desk::TicketFilter;
use ticketing::{
    ClassificationMethod, ClosedAs, Status, Urgency,
    report::{ClockOutcome, Cohort, Dimension, Key, Question},
};

/// Narrows a filter; `false` where nothing is left.
pub(super) type Narrow = fn(&mut TicketFilter) -> bool;

/// Figures of counted tickets by their names, and how their tickets are found.
pub(super) const CELLS: &[(&str, Narrow)] = &[
    ("n", counted),
    ("open", |filter| counted(filter) && live(filter)),
    ("resolved", |filter| counted(filter) && resolved(filter)),
    ("cancelled", |filter| closed_as(filter, ClosedAs::Cancelled)),
    ("merged", |filter| closed_as(filter, ClosedAs::Merged)),
    ("escalated", |filter| {
        counted(filter) && set(&mut filter.figures.escalated, true)
    }),
    ("resolved_without_escalation", |filter| {
        counted(filter) && resolved(filter) && set(&mut filter.figures.escalated, false)
    }),
    ("reopened", |filter| {
        counted(filter)
            && set(&mut filter.figures.ever_resolved, true)
            && set(&mut filter.figures.reopened, true)
    }),
    ("satisfied", |filter| {
        counted(filter) && among(&mut filter.figures.score, &[4, 5])
    }),
    ("scored", |filter| {
        counted(filter) && among(&mut filter.figures.score, &[1, 2, 3, 4, 5])
    }),
];

/// Figures of clocks, likewise.
pub(super) const CLOCK_CELLS: &[(&str, Narrow)] = &[
    ("first_response.met", |filter| {
        first_response(filter, &[ClockOutcome::Met])
    }),
    ("first_response.breached", |filter| {
        first_response(filter, &[ClockOutcome::Breached])
    }),
    ("first_response.open", |filter| {
        first_response(filter, &[ClockOutcome::Open])
    }),
    ("first_response.without", |filter| {
        first_response(filter, &[ClockOutcome::Without])
    }),
    ("first_response.first", |filter| {
        counted(filter) && set(&mut filter.figures.answered, true)
    }),
    ("resolution.met", |filter| {
        resolution(filter, &[ClockOutcome::Met])
    }),
    ("resolution.breached", |filter| {
        resolution(filter, &[ClockOutcome::Breached])
    }),
    ("resolution.open", |filter| {
        resolution(filter, &[ClockOutcome::Open])
    }),
    ("resolution.without", |filter| {
        resolution(filter, &[ClockOutcome::Without])
    }),
    ("resolution.first", |filter| {
        resolution(filter, WITH_CLOCK) && set(&mut filter.figures.ever_resolved, true)
    }),
    ("resolution.total", |filter| {
        resolution(filter, WITH_CLOCK) && resolved(filter)
    }),
];

/// Figures of classifications, likewise.
pub(super) const METHOD_CELLS: &[(&str, Narrow)] = &[
    ("methods.auto", |filter| {
        method(filter, ClassificationMethod::Auto)
    }),
    ("methods.offered", |filter| {
        method(filter, ClassificationMethod::Offered)
    }),
    ("methods.none", |filter| {
        method(filter, ClassificationMethod::None)
    }),
    ("methods.corrected", |filter| {
        method(filter, ClassificationMethod::Corrected)
    }),
    ("methods.confirmed", |filter| {
        method(filter, ClassificationMethod::Confirmed)
    }),
];

/// Figures of the backlog, likewise.
pub(super) const BACKLOG_CELLS: &[(&str, Narrow)] = &[
    ("n", live),
    ("unassigned", |filter| {
        live(filter) && set(&mut filter.assignee, String::new())
    }),
    ("first_response_breached", |filter| {
        live(filter) && first_response(filter, &[ClockOutcome::Breached])
    }),
    ("resolution_breached", |filter| {
        live(filter) && resolution(filter, &[ClockOutcome::Breached])
    }),
];

const WITH_CLOCK: &[ClockOutcome] = &[
    ClockOutcome::Met,
    ClockOutcome::Breached,
    ClockOutcome::Open,
];

/// The filter of a group's tickets; no keys: of the whole.
pub(super) fn group(question: &Question, filter: &TicketFilter, keys: &[Key]) -> TicketFilter {
    let mut filter = filter.clone();
    let (mut from, mut to) = (question.from, question.to);
    for (dimension, key) in question.group_by.iter().zip(keys) {
        match (dimension, key) {
            (
                _,
                Key::Time {
                    from: begin,
                    to: end,
                    ..
                },
            ) => {
                from = from.max(*begin);
                to = to.min(*end);
            }
            (Dimension::Urgency, Key::Word(word)) => {
                filter.urgency = word.parse::<Urgency>().into_iter().collect();
            }
            (_, Key::Word(word)) => filter.kind = word.parse().ok(),
            (_, Key::Level(level)) => filter.level = vec![*level],
            (dimension, Key::Name(name)) => {
                let name = Some(name.clone().unwrap_or_default());
                match dimension {
                    Dimension::Entry => filter.entry = name,
                    Dimension::Assignee => filter.assignee = name,
                    _ => filter.source = name,
                }
            }
        }
    }
    let figures = &mut filter.figures;
    let (begin, end) = match question.cohort {
        Cohort::Filed => (&mut filter.created_from, &mut filter.created_to),
        Cohort::Resolved => (&mut figures.resolved_from, &mut figures.resolved_to),
        Cohort::Due => (&mut figures.due_from, &mut figures.due_to),
    };
    within(begin, end, from, to);
    filter
}

/// Narrows a stretch of time.
pub(super) fn within(
    begin: &mut Option<DateTime<Utc>>,
    end: &mut Option<DateTime<Utc>>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) {
    *begin = Some(begin.map_or(from, |begin| begin.max(from)));
    *end = Some(end.map_or(to, |end| end.min(to)));
}

/// Where the tickets behind a figure are listed; none where there cannot be any.
pub(super) fn link(filter: &TicketFilter, narrow: Narrow) -> Option<String> {
    let mut filter = filter.clone();
    narrow(&mut filter).then(|| path(&filter))
}

/// Where a filter's tickets are listed.
pub(super) fn path(filter: &TicketFilter) -> String {
    let instant =
        |at: &Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let flag = |set: Option<bool>| set.map(|set| set.to_string());
    let figures = &filter.figures;
    let pairs = [
        ("status", list(&filter.status)),
        ("kind", filter.kind.map(|kind| kind.to_string())),
        ("urgency", list(&filter.urgency)),
        ("level", list(&filter.level)),
        ("assignee", filter.assignee.clone()),
        ("entry", filter.entry.clone()),
        ("tag", filter.tag.clone()),
        ("source", filter.source.clone()),
        ("reporter", filter.reporter.clone()),
        ("external_ref", filter.external_ref.clone()),
        ("created_from", instant(&filter.created_from)),
        ("created_to", instant(&filter.created_to)),
        ("breached", flag(filter.breached)),
        ("at_risk", flag(filter.at_risk)),
        ("incident", filter.incident.map(|id| id.0.to_string())),
        ("q", filter.q.clone()),
        ("resolved_from", instant(&figures.resolved_from)),
        ("resolved_to", instant(&figures.resolved_to)),
        ("due_from", instant(&figures.due_from)),
        ("due_to", instant(&figures.due_to)),
        ("counted", flag(figures.counted)),
        ("closed_as", figures.closed_as.map(|word| word.to_string())),
        ("first_response", list(&figures.first_response)),
        ("resolution", list(&figures.resolution)),
        ("answered", flag(figures.answered)),
        ("escalated", flag(figures.escalated)),
        ("ever_resolved", flag(figures.ever_resolved)),
        ("reopened", flag(figures.reopened)),
        ("score", list(&figures.score)),
        ("method", list(&figures.method)),
    ];
    let pairs: Vec<(&str, String)> = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    format!("/v1/tickets?{query}")
}

fn list<T: ToString>(values: &[T]) -> Option<String> {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join(","))
}

fn counted(filter: &mut TicketFilter) -> bool {
    set(&mut filter.figures.counted, true)
}

pub(super) fn live(filter: &mut TicketFilter) -> bool {
    among(
        &mut filter.status,
        &[Status::New, Status::Open, Status::Pending],
    )
}

fn resolved(filter: &mut TicketFilter) -> bool {
    among(&mut filter.status, &[Status::Resolved, Status::Closed])
}

fn closed_as(filter: &mut TicketFilter, as_what: ClosedAs) -> bool {
    set(&mut filter.figures.closed_as, as_what)
}

fn first_response(filter: &mut TicketFilter, outcomes: &[ClockOutcome]) -> bool {
    counted(filter) && among(&mut filter.figures.first_response, outcomes)
}

fn resolution(filter: &mut TicketFilter, outcomes: &[ClockOutcome]) -> bool {
    counted(filter) && among(&mut filter.figures.resolution, outcomes)
}

fn method(filter: &mut TicketFilter, method: ClassificationMethod) -> bool {
    counted(filter) && among(&mut filter.figures.method, &[method])
}

/// Asks for a value; `false` where another one is asked for already.
fn set<T: PartialEq>(asked: &mut Option<T>, value: T) -> bool {
    let agrees = asked.as_ref().is_none_or(|asked| *asked == value);
    *asked = Some(value);
    agrees
}

/// Asks for one of these values; `false` where none of them is asked for.
pub(super) fn among<T: Copy + PartialEq>(asked: &mut Vec<T>, values: &[T]) -> bool {
    if asked.is_empty() {
        asked.extend(values);
    } else {
        asked.retain(|value| values.contains(value));
    }
    !asked.is_empty()
}

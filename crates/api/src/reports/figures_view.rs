//! Reports of figures, whole and by group.

use std::collections::BTreeMap;

use desk::TicketFilter;
use serde::Serialize;
use ticketing::{
    ClassificationMethod, EscalationTrigger,
    report::{
        ClockFigures, Durations, EscalationFigures, Figures, Grouped, Key, Question, ReportName,
    },
};
use utoipa::ToSchema;

use super::{
    links::{self, CELLS, CLOCK_CELLS, METHOD_CELLS},
    view::{DistributionView, GroupView, LinksView, OfView, RateView, group, links},
};

/// Figures, whole and by group.
#[derive(Serialize, ToSchema)]
pub(crate) struct FiguresView {
    #[serde(flatten)]
    of: OfView,
    /// By what the groups are told apart.
    group_by: Vec<String>,
    /// All groups together.
    pub(super) total: RowView,
    /// In order of time or rank; names by how many tickets they have.
    pub(super) groups: Vec<RowView>,
}

/// The figures of a group of tickets. Which there are depends on the report.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowView {
    /// What its tickets have in common; empty for the whole.
    #[schema(value_type = Object, example = json!({"month": "2026-11"}))]
    pub(super) group: GroupView,
    /// Counted tickets: open and resolved ones.
    n: u64,
    /// Their share of all counted tickets of the report.
    share: Option<f64>,
    /// Not yet resolved.
    open: u64,
    /// Resolved, closed or not.
    resolved: u64,
    /// Left out: cancelled.
    cancelled: u64,
    /// Left out: merged into another ticket.
    merged: u64,
    /// From filing to the first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_response: Option<ClockFiguresView>,
    /// From filing to resolution.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<ClockFiguresView>,
    /// Ever above level 1, of all.
    escalated: RateView,
    /// Never above level 1, of the resolved ones.
    resolved_without_escalation: RateView,
    /// Taken up again, of those that were ever resolved.
    reopened: RateView,
    /// Scores of 4 and 5, of all scores.
    satisfied: RateView,
    /// The mean score, 1 to 5.
    score_mean: Option<f64>,
    /// How many were classified in which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<BTreeMap<&'static str, u64>>,
    /// The escalations of these tickets.
    #[serde(skip_serializing_if = "Option::is_none")]
    escalations: Option<EscalationsView>,
    /// Where the tickets behind each figure are listed, by the figure's name.
    #[schema(value_type = BTreeMap<String, String>)]
    pub(super) links: LinksView,
}

/// How one clock came out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClockFiguresView {
    /// Met and breached.
    n: u64,
    /// Stopped in time.
    met: u64,
    /// Missed the target, or open past the due instant.
    breached: u64,
    /// Not yet due: left out of compliance.
    open: u64,
    /// Without such a target.
    without: u64,
    /// Met of met and breached; null of nothing.
    compliance: Option<f64>,
    /// How long the first answer or resolution took.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<DurationsView>,
    /// How long the resolution that stands took, with all that counted before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<DurationsView>,
}

/// How long something took.
#[derive(Serialize, ToSchema)]
pub(crate) struct DurationsView {
    /// In seconds that counted by the tickets' calendars, without pauses.
    working_seconds: DistributionView,
    /// By the wall clock, from filing on, pauses included.
    wall_seconds: DistributionView,
}

/// Escalations of a group of tickets. Their unit is the escalation.
#[derive(Serialize, ToSchema)]
pub(crate) struct EscalationsView {
    /// How many.
    count: u64,
    /// By the level they raised to.
    to_level: BTreeMap<&'static str, u64>,
    /// By what raised it.
    triggers: BTreeMap<&'static str, u64>,
    /// Wall seconds that tickets stayed at each level until they were resolved,
    /// or until now; one value per ticket that was there.
    at_level: BTreeMap<&'static str, DistributionView>,
    /// Wall seconds until they were acknowledged.
    acknowledged: DistributionView,
    /// Not acknowledged.
    unacknowledged: u64,
}

const LEVELS: [&str; 4] = ["1", "2", "3", "4"];

impl FiguresView {
    pub(super) fn of(
        of: OfView,
        name: ReportName,
        question: &Question,
        filter: &TicketFilter,
        grouped: &Grouped<Figures>,
    ) -> Self {
        let whole = grouped.total.n;
        let row = |keys: &[Key], figures: &Figures| {
            let filter = links::group(question, filter, keys);
            RowView::of(name, group(question, keys), whole, figures, &filter)
        };
        let words = question.group_by.iter().map(ToString::to_string);
        Self {
            of,
            group_by: words.collect(),
            total: row(&[], &grouped.total),
            groups: grouped
                .groups
                .iter()
                .map(|group| row(&group.keys, &group.figures))
                .collect(),
        }
    }
}

impl RowView {
    pub(super) fn of(
        name: ReportName,
        group: GroupView,
        whole: u64,
        figures: &Figures,
        filter: &TicketFilter,
    ) -> Self {
        let clocks = matches!(
            name,
            ReportName::Sla | ReportName::Entries | ReportName::Agents
        );
        let methods = name == ReportName::Entries;
        let mut found = links(filter, CELLS);
        if clocks {
            found.extend(links(filter, CLOCK_CELLS));
        }
        if methods {
            found.extend(links(filter, METHOD_CELLS));
        }
        Self {
            group,
            n: figures.n,
            share: share(figures.n, whole),
            open: figures.open,
            resolved: figures.resolved,
            cancelled: figures.cancelled,
            merged: figures.merged,
            first_response: clocks.then(|| ClockFiguresView::of(&figures.first_response, false)),
            resolution: clocks.then(|| ClockFiguresView::of(&figures.resolution, true)),
            escalated: figures.escalated.into(),
            resolved_without_escalation: figures.resolved_without_escalation.into(),
            reopened: figures.reopened.into(),
            satisfied: figures.satisfied.into(),
            score_mean: figures.score_mean,
            methods: methods.then(|| {
                let names = ClassificationMethod::ALL
                    .iter()
                    .map(|method| method.as_str());
                names.zip(figures.methods).collect()
            }),
            escalations: figures.escalations.as_ref().map(EscalationsView::of),
            links: found,
        }
    }
}

impl ClockFiguresView {
    fn of(figures: &ClockFigures, is_resolution: bool) -> Self {
        let compliance = figures.compliance();
        Self {
            n: compliance.of,
            met: figures.met,
            breached: figures.breached,
            open: figures.open,
            without: figures.without,
            compliance: compliance.share(),
            first: figures.first.map(DurationsView::from),
            // A first response is never taken back: it has but one.
            total: figures
                .total
                .filter(|_| is_resolution)
                .map(DurationsView::from),
        }
    }
}

impl From<Durations> for DurationsView {
    fn from(durations: Durations) -> Self {
        Self {
            working_seconds: durations.working.into(),
            wall_seconds: durations.wall.into(),
        }
    }
}

impl EscalationsView {
    fn of(figures: &EscalationFigures) -> Self {
        let trigger = |trigger: &EscalationTrigger| {
            let count = figures.triggers.get(trigger).copied();
            (trigger.as_str(), count.unwrap_or(0))
        };
        let at_level = figures.stays.map(DistributionView::from);
        Self {
            count: figures.count,
            to_level: LEVELS.into_iter().zip(figures.raised_to).collect(),
            triggers: EscalationTrigger::ALL.iter().map(trigger).collect(),
            at_level: LEVELS.into_iter().zip(at_level).collect(),
            acknowledged: figures.acknowledged.into(),
            unacknowledged: figures.unacknowledged,
        }
    }
}

fn share(part: u64, of: u64) -> Option<f64> {
    ticketing::report::Rate { part, of }.share()
}

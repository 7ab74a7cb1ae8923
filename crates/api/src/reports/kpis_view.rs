//! The report of key figures: targets beside what was reached.

use chrono::{DateTime, Utc};
use desk::TicketFilter;
use serde::Serialize;
use ticketing::{
    Urgency,
    report::{Figures, Kpi, KpiFigure, KpiMetric, Question},
};
use utoipa::ToSchema;

use super::{
    links::{self, CELLS, CLOCK_CELLS},
    view::{LinksView, OfView, links},
};

/// Each target beside its figure.
#[derive(Serialize, ToSchema)]
pub(crate) struct KpisView {
    #[serde(flatten)]
    of: OfView,
    /// When the period of equal length before it begins.
    previous_from: DateTime<Utc>,
    /// Counted tickets of the period.
    n: u64,
    /// Left out: cancelled.
    cancelled: u64,
    /// Left out: merged into another ticket.
    merged: u64,
    /// In the order of the runbook.
    pub(super) kpis: Vec<KpiView>,
    /// Where the tickets are listed.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub(super) links: LinksView,
}

/// A target and what was reached.
#[derive(Serialize, ToSchema)]
pub(crate) struct KpiView {
    /// `first_response`, `resolution`, `critical_resolution`, `satisfaction` or
    /// `escalation_rate`.
    #[schema(example = "first_response")]
    metric: String,
    /// `<` or `>`, taken strictly.
    #[schema(example = "<")]
    bound: String,
    /// The target.
    #[schema(example = 7200)]
    target: u64,
    /// `seconds` (p90 of working seconds) or `percent`.
    #[schema(example = "seconds")]
    unit: String,
    /// Whether critical tickets are left out.
    without_critical: bool,
    /// Of how many: answers, resolutions, scores or tickets.
    n: u64,
    /// p90 or percent; null of nothing.
    figure: Option<f64>,
    /// Of durations.
    mean: Option<f64>,
    /// Of durations.
    p50: Option<u32>,
    /// `met` or `missed`; null of nothing.
    #[schema(example = "met")]
    verdict: Option<String>,
    /// Of how many in the period before.
    previous_n: u64,
    /// The figure of the period before.
    previous: Option<f64>,
    /// By how much it changed.
    change: Option<f64>,
    /// `better`, `worse` or `same`; null where there is nothing to compare.
    trend: Option<String>,
    /// `runbook`, or `settings` where the runbook is silent.
    origin: String,
    /// The runbook's line.
    line: Option<u32>,
    /// Where the tickets behind the figure are listed.
    link: Option<String>,
}

impl KpisView {
    pub(super) fn of(
        of: OfView,
        question: &Question,
        filter: &TicketFilter,
        kpis: &[Kpi],
        whole: &Figures,
    ) -> Self {
        let filter = links::group(question, filter, &[]);
        Self {
            of,
            previous_from: question.from - (question.to - question.from),
            n: whole.n,
            cancelled: whole.cancelled,
            merged: whole.merged,
            kpis: kpis.iter().map(|kpi| KpiView::of(kpi, &filter)).collect(),
            links: links(&filter, CELLS),
        }
    }
}

impl KpiView {
    pub(super) fn of(kpi: &Kpi, filter: &TicketFilter) -> Self {
        let target = &kpi.target;
        let word = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
        let is_time = matches!(
            target.metric,
            KpiMetric::FirstResponse | KpiMetric::Resolution | KpiMetric::CriticalResolution
        );
        let KpiFigure {
            n,
            value,
            mean,
            p50,
        } = kpi.now;
        let trend = match (kpi.change(), kpi.is_better()) {
            (None, _) => None,
            (Some(_), None) => Some("same".to_owned()),
            (Some(_), Some(better)) => Some(word(better, "better", "worse")),
        };
        Self {
            metric: target.metric.to_string(),
            bound: word(target.above, ">", "<"),
            target: target.bound,
            unit: word(is_time, "seconds", "percent"),
            without_critical: target.without_critical,
            n,
            figure: value,
            mean,
            p50,
            verdict: kpi.is_met().map(|met| word(met, "met", "missed")),
            previous_n: kpi.before.n,
            previous: kpi.before.value,
            change: kpi.change(),
            trend,
            origin: word(target.line.is_some(), "runbook", "settings"),
            line: target.line,
            link: link(kpi, filter),
        }
    }
}

fn link(kpi: &Kpi, filter: &TicketFilter) -> Option<String> {
    let mut filter = filter.clone();
    let urgencies: &[Urgency] = match kpi.target.metric {
        KpiMetric::CriticalResolution => &[Urgency::Critical],
        KpiMetric::Resolution if kpi.target.without_critical => {
            &[Urgency::High, Urgency::Medium, Urgency::Low]
        }
        _ => Urgency::ALL,
    };
    if urgencies.len() < Urgency::ALL.len() && !links::among(&mut filter.urgency, urgencies) {
        return None;
    }
    let name = match kpi.target.metric {
        KpiMetric::FirstResponse => "first_response.first",
        KpiMetric::Resolution | KpiMetric::CriticalResolution => "resolution.total",
        KpiMetric::Satisfaction => "scored",
        KpiMetric::EscalationRate => "n",
    };
    let cells = CELLS.iter().chain(CLOCK_CELLS);
    let cell = cells.into_iter().find(|(cell, _)| *cell == name);
    cell.and_then(|(_, narrow)| links::link(&filter, *narrow))
}

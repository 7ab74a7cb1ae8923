//! A report as JSON: what it is of, then its figures.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use desk::{Report, ReportFigures, TicketFilter};
use serde::Serialize;
use ticketing::report::{Cohort, Dimension, Distribution, Key, Question, Rate, ReportName};
use utoipa::ToSchema;

use super::{
    backlog_view::BacklogView, figures_view::FiguresView, kpis_view::KpisView, links::Narrow,
};
use crate::reports::links;

/// A report; which form it has depends on its name.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ReportView {
    /// All but the following two.
    Figures(Box<FiguresView>),
    /// Targets beside their figures.
    Kpis(Box<KpisView>),
    /// What is open.
    Backlog(Box<BacklogView>),
}

/// What a report is of.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfView {
    /// The report's name.
    #[schema(example = "sla")]
    pub(super) report: String,
    /// Open clocks are judged as of this instant.
    pub(super) as_of: DateTime<Utc>,
    /// From this instant.
    pub(super) from: DateTime<Utc>,
    /// Until before this one.
    pub(super) to: DateTime<Utc>,
    /// Whose days, weeks and months.
    #[schema(example = "Asia/Kathmandu")]
    pub(super) time_zone: String,
    /// Which tickets the period holds: `filed`, `resolved` or `due` in it.
    #[schema(example = "filed")]
    pub(super) cohort: String,
    /// The same in words, and who is left out.
    pub(super) population: String,
    /// What durations and shares are counted in.
    #[schema(example = "durations in seconds, shares from 0 to 1")]
    pub(super) unit: String,
}

/// A group's values by dimension: a word, a level, a day, or null for tickets
/// without one.
pub(crate) type GroupView = BTreeMap<&'static str, serde_json::Value>;
/// Where the tickets behind each figure are listed.
pub(crate) type LinksView = BTreeMap<&'static str, String>;

/// A part of a number of tickets.
#[derive(Serialize, ToSchema)]
pub(crate) struct RateView {
    /// Among how many.
    pub(super) n: u64,
    /// How many are so.
    pub(super) count: u64,
    /// The share, 0 to 1; null of nothing.
    pub(super) share: Option<f64>,
}

/// How values are distributed: percentiles by nearest rank, null of nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct DistributionView {
    /// How many values.
    pub(super) n: u64,
    pub(super) mean: Option<f64>,
    pub(super) p50: Option<u32>,
    pub(super) p90: Option<u32>,
    pub(super) p95: Option<u32>,
    pub(super) p99: Option<u32>,
}

impl ReportView {
    pub(super) fn of(report: &Report, filter: &TicketFilter) -> Self {
        let of = OfView::of(report.name, &report.question);
        let question = &report.question;
        match &report.figures {
            ReportFigures::Grouped(grouped) => {
                let view = FiguresView::of(of, report.name, question, filter, grouped);
                Self::Figures(Box::new(view))
            }
            ReportFigures::Kpis(kpis, whole) => {
                let view = KpisView::of(of, question, filter, kpis, whole);
                Self::Kpis(Box::new(view))
            }
            ReportFigures::Backlog(backlog, next) => {
                let view = BacklogView::of(of, question, filter, backlog, next);
                Self::Backlog(Box::new(view))
            }
        }
    }

    /// Where the tickets that it counts are listed.
    pub(super) fn tickets(&self) -> Option<&String> {
        match self {
            Self::Figures(view) => view.total.links.get("n"),
            Self::Kpis(view) => view.links.get("n"),
            Self::Backlog(view) => view.total.links.get("n"),
        }
    }
}

impl OfView {
    fn of(name: ReportName, question: &Question) -> Self {
        let held = match question.cohort {
            Cohort::Filed => "tickets filed in the period",
            Cohort::Resolved => "tickets whose last resolution lies in the period and still stands",
            Cohort::Due => {
                "tickets whose deadline lies in the period: the resolution's, or the first \
                 response's where there is no resolution target"
            }
        };
        let population = match name {
            ReportName::Backlog => format!("{held} that are open now"),
            _ => format!("{held}; cancelled and merged ones are left out and counted apart"),
        };
        let unit = match name {
            ReportName::Kpis => "durations in working seconds, shares in percent",
            _ => "durations in seconds, shares from 0 to 1",
        };
        Self {
            report: name.to_string(),
            as_of: question.as_of,
            from: question.from,
            to: question.to,
            time_zone: question.zone.name().to_owned(),
            cohort: question.cohort.to_string(),
            population,
            unit: unit.to_owned(),
        }
    }
}

impl From<Rate> for RateView {
    fn from(rate: Rate) -> Self {
        Self {
            n: rate.of,
            count: rate.part,
            share: rate.share(),
        }
    }
}

impl From<Distribution> for DistributionView {
    fn from(of: Distribution) -> Self {
        Self {
            n: of.n as u64,
            mean: of.mean,
            p50: of.p50,
            p90: of.p90,
            p95: of.p95,
            p99: of.p99,
        }
    }
}

/// A group's keys by the names of their dimensions.
pub(super) fn group(question: &Question, keys: &[Key]) -> GroupView {
    let value = |dimension: Dimension, key: &Key| -> serde_json::Value {
        match key {
            Key::Time { first_day, .. } if dimension == Dimension::Month => {
                first_day.format("%Y-%m").to_string().into()
            }
            Key::Time { first_day, .. } => first_day.to_string().into(),
            Key::Word(word) => (*word).into(),
            Key::Level(level) => (*level).into(),
            Key::Name(name) => name.clone().into(),
        }
    };
    let pairs = question.group_by.iter().zip(keys);
    pairs
        .map(|(dimension, key)| (dimension.as_str(), value(*dimension, key)))
        .collect()
}

/// The links of some figures.
pub(super) fn links<'a>(
    filter: &TicketFilter,
    cells: impl IntoIterator<Item = &'a (&'static str, Narrow)>,
) -> LinksView {
    cells
        .into_iter()
        .filter_map(|(name, narrow)| Some((*name, links::link(filter, *narrow)?)))
        .collect()
}

//! Key figures: each target of the runbook beside what was reached.

use chrono::{DateTime, Utc};
use runbook::Targets;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    report::{
        collect::Accumulate,
        distribution::{Distribution, Rate},
        facts::Facts,
        figures::Figures,
        question::Question,
        tally::{Sections, Tally},
    },
    words::{UnknownWord, Urgency, words},
};

words! {
    /// What a target bounds.
    KpiMetric {
        /// p90 of working seconds to the first answer.
        FirstResponse = "first_response",
        /// p90 of working seconds to the resolution.
        Resolution = "resolution",
        /// The same of critical tickets.
        CriticalResolution = "critical_resolution",
        /// The share of satisfied scores, in percent.
        Satisfaction = "satisfaction",
        /// The share of tickets ever above level 1, in percent.
        EscalationRate = "escalation_rate",
    }
}

/// A target: its bound is taken strictly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KpiTarget {
    /// What is bounded.
    pub metric: KpiMetric,
    /// `true`: the figure must be above the bound; `false`: below.
    pub above: bool,
    /// Seconds or percent.
    pub bound: u64,
    /// Whether critical tickets are left out.
    pub without_critical: bool,
    /// The runbook's line; none where the settings set it.
    pub line: Option<u32>,
}

/// A target and what was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    /// The target.
    pub target: KpiTarget,
    /// In the period.
    pub now: KpiFigure,
    /// In the period of equal length before it.
    pub before: KpiFigure,
}

/// What was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KpiFigure {
    /// Of how many: durations, scores or tickets.
    pub n: u64,
    /// p90 in seconds, or percent; none of nothing.
    pub value: Option<f64>,
    /// Of durations: the mean.
    pub mean: Option<f64>,
    /// Of durations: the median.
    pub p50: Option<u32>,
}

impl Kpi {
    /// Whether the target is met; none where there is nothing to judge.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        self.target.is_met_by(self.now.value)
    }

    /// By how much the figure changed since the period before.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.now.value? - self.before.value?)
    }

    /// Whether the change was for the better; none where there was none.
    #[must_use]
    pub fn is_better(&self) -> Option<bool> {
        let change = self.change().filter(|change| *change != 0.0)?;
        Some((change > 0.0) == self.target.above)
    }
}

impl KpiTarget {
    /// Strictly beyond the bound.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "seconds or percent")]
    pub fn is_met_by(&self, value: Option<f64>) -> Option<bool> {
        let bound = self.bound as f64;
        let judge = |value: f64| {
            if self.above {
                value > bound
            } else {
                value < bound
            }
        };
        value.map(judge)
    }
}

/// The targets of a runbook; `critical_resolution_seconds` is the settings'
/// where it is silent on critical tickets.
#[must_use]
pub fn kpi_targets(targets: &Targets, critical_resolution_seconds: i64) -> Vec<KpiTarget> {
    let of = |metric, target: &Option<runbook::Target>| {
        target.as_ref().map(|target| KpiTarget {
            metric,
            above: target.above,
            bound: target.value,
            without_critical: metric == KpiMetric::Resolution && target.only.is_some(),
            line: Some(target.line),
        })
    };
    let critical = of(KpiMetric::CriticalResolution, &targets.critical_resolution);
    let resolution = of(KpiMetric::Resolution, &targets.resolution).map(|target| KpiTarget {
        without_critical: target.without_critical || critical.is_some(),
        ..target
    });
    // Where the resolution target is for all, there is none apart for critical
    // tickets.
    let is_for_all = |target: &KpiTarget| !target.without_critical;
    let critical = critical.or_else(|| {
        let bound = u64::try_from(critical_resolution_seconds).ok()?;
        (!resolution.as_ref().is_some_and(is_for_all)).then_some(KpiTarget {
            metric: KpiMetric::CriticalResolution,
            above: false,
            bound,
            without_critical: false,
            line: None,
        })
    });
    [
        of(KpiMetric::FirstResponse, &targets.first_response),
        resolution,
        critical,
        of(KpiMetric::Satisfaction, &targets.satisfaction),
        of(KpiMetric::EscalationRate, &targets.escalation_rate),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Collects a period and the one of equal length before it.
#[derive(Clone, Debug)]
pub struct Kpis {
    question: Question,
    before: Question,
    in_period: Halves,
    in_before: Halves,
}

/// Critical tickets and the others.
#[derive(Clone, Debug)]
struct Halves {
    critical: Tally,
    others: Tally,
}

impl Kpis {
    /// Begins with no tickets.
    #[must_use]
    pub fn new(question: Question) -> Self {
        let empty = Tally::new(Sections {
            durations: true,
            escalations: false,
        });
        let halves = Halves {
            critical: empty.clone(),
            others: empty,
        };
        let length = question.to - question.from;
        let before = Question {
            from: question.from - length,
            to: question.from,
            ..question.clone()
        };
        Self {
            question,
            before,
            in_period: halves.clone(),
            in_before: halves,
        }
    }

    /// When the earlier period begins.
    #[must_use]
    pub const fn since(&self) -> DateTime<Utc> {
        self.before.from
    }

    /// Takes a ticket in, if it is of one of the periods.
    pub fn add(&mut self, facts: &Facts<'_>) {
        let Some(at) = facts.instant(self.question.cohort) else {
            return;
        };
        let halves = if self.question.holds(at) {
            &mut self.in_period
        } else if self.before.holds(at) {
            &mut self.in_before
        } else {
            return;
        };
        let half = match facts.bits.urgency() {
            Urgency::Critical => &mut halves.critical,
            _ => &mut halves.others,
        };
        half.add(facts, self.question.as_of);
    }

    /// Each target beside its figure, and how many tickets were left out in the
    /// period: cancelled and merged.
    #[must_use]
    pub fn finish(self, targets: &[KpiTarget]) -> (Vec<Kpi>, Figures) {
        let now = Sides::of(self.in_period);
        let before = Sides::of(self.in_before);
        let kpis = targets
            .iter()
            .map(|target| Kpi {
                target: target.clone(),
                now: now.figure(target),
                before: before.figure(target),
            })
            .collect();
        (kpis, now.all)
    }
}

/// Figures of critical tickets, of the others, and of all.
struct Sides {
    critical: Figures,
    others: Figures,
    all: Figures,
}

impl Sides {
    fn of(halves: Halves) -> Self {
        let mut all = halves.others.clone();
        all.absorb(&halves.critical);
        Self {
            critical: halves.critical.into(),
            others: halves.others.into(),
            all: all.into(),
        }
    }

    fn figure(&self, target: &KpiTarget) -> KpiFigure {
        let resolution = |of: &Figures| of.resolution.total.map(|total| total.working);
        match target.metric {
            KpiMetric::FirstResponse => {
                time(self.all.first_response.first.map(|first| first.working))
            }
            KpiMetric::Resolution if target.without_critical => time(resolution(&self.others)),
            KpiMetric::Resolution => time(resolution(&self.all)),
            KpiMetric::CriticalResolution => time(resolution(&self.critical)),
            KpiMetric::Satisfaction => percent(self.all.satisfied),
            KpiMetric::EscalationRate => percent(self.all.escalated),
        }
    }
}

fn time(of: Option<Distribution>) -> KpiFigure {
    let of = of.unwrap_or_default();
    KpiFigure {
        n: of.n as u64,
        value: of.p90.map(f64::from),
        mean: of.mean,
        p50: of.p50,
    }
}

/// In whole numbers as long as possible: 29 of 100 is 29 %, not a little less.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn percent(of: Rate) -> KpiFigure {
    KpiFigure {
        n: of.of,
        value: (of.of > 0).then(|| (of.part * 100) as f64 / of.of as f64),
        ..KpiFigure::default()
    }
}

//! The runbook's checklist with what the desk can tick by itself, and why.

use runbook::Clause;

use super::{
    Digest,
    check::{Asked, Check, check_of},
    phrase::{count, share, span},
};
use crate::report::{ClockFigures, Durations, Kpi, KpiMetric};

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistItem {
    /// As the runbook says it.
    pub text: String,
    /// The runbook's line.
    pub line: u32,
    /// Whether the desk knows that it is done.
    pub done: bool,
    /// What the desk knows of it.
    pub evidence: Option<String>,
}

/// Ticks what the digest's figures show to be done. What the desk cannot know
/// stays open.
#[must_use]
pub fn checklist(checks: &[Clause], digest: &Digest) -> Vec<ChecklistItem> {
    let item = |check: &Clause| {
        let known = check_of(&check.text).map(|(check, asked)| digest.known(check, asked));
        let (done, evidence) = known.unzip();
        ChecklistItem {
            text: check.text.clone(),
            line: check.line,
            done: done.unwrap_or(false),
            evidence,
        }
    };
    checks.iter().map(item).collect()
}

impl Digest {
    /// Whether it is done, and by what one sees that.
    fn known(&self, check: Check, asked: Asked) -> (bool, String) {
        let figures = &self.figures;
        match check {
            Check::Tickets => self.tickets(asked),
            Check::Escalations => {
                let text = format!("{} tickets escalated", share(figures.escalated));
                self.figure(KpiMetric::EscalationRate, asked, figures.n, text)
            }
            Check::Satisfaction => {
                let text = format!("{} satisfied", share(figures.satisfied));
                self.figure(KpiMetric::Satisfaction, asked, figures.satisfied.of, text)
            }
            Check::ResponseTimes => {
                let times = figures.first_response.first;
                let (n, text) = times_of(&figures.first_response, times, "answered");
                self.figure(KpiMetric::FirstResponse, asked, n, text)
            }
            Check::ResolutionTimes => {
                let times = figures.resolution.total;
                let (n, text) = times_of(&figures.resolution, times, "resolved");
                self.figure(KpiMetric::Resolution, asked, n, text)
            }
            Check::Targets => self.targets(asked),
            Check::Progress => {
                let filed = format!(
                    "{} resolved and {} open of those filed; {} open in all, {} with nobody",
                    figures.resolved, figures.open, self.backlog.n, self.backlog.unassigned,
                );
                (asked == Asked::Look || self.backlog.n == 0, filed)
            }
            Check::CommonIssues => self.common_issues(asked),
            Check::Runbook => {
                let text = match self.revisions {
                    0 => "no revision was activated in the period".to_owned(),
                    n => format!("{} activated in the period", count(n, "revision")),
                };
                (self.revisions > 0, format!("{text}; {}", self.proposals()))
            }
            Check::Questions => (false, self.proposals()),
        }
    }

    fn tickets(&self, asked: Asked) -> (bool, String) {
        let filed = count(self.figures.n, "ticket");
        match self.untouched {
            // That all were looked at does not say that all were answered.
            0 => (
                asked == Asked::Look,
                format!("{filed} filed, and none is untouched"),
            ),
            n => (false, format!("{filed} filed; {n} still untouched")),
        }
    }

    /// A figure with a target: looked at where there is one; improved where it is
    /// better than in the period before.
    fn figure(&self, metric: KpiMetric, asked: Asked, n: u64, text: String) -> (bool, String) {
        let kpi = self.kpis.iter().find(|kpi| kpi.target.metric == metric);
        let better = kpi.and_then(Kpi::is_better);
        let done = match asked {
            Asked::Look => n > 0,
            Asked::Better => better == Some(true),
        };
        let verdict = kpi.and_then(Kpi::is_met);
        let verdict = verdict.map(|met| {
            if met {
                ", target met"
            } else {
                ", target missed"
            }
        });
        let trend = better.map(|better| match better {
            true => ", better than before",
            false => ", worse than before",
        });
        let (verdict, trend) = (verdict.unwrap_or_default(), trend.unwrap_or_default());
        if n == 0 {
            return (false, "there is no figure yet".to_owned());
        }
        (done, format!("{text}{verdict}{trend}"))
    }

    fn targets(&self, asked: Asked) -> (bool, String) {
        let judged = self.kpis.iter().filter_map(Kpi::is_met);
        let (met, missed): (Vec<bool>, Vec<bool>) = judged.partition(|met| *met);
        let done = match asked {
            Asked::Look => met.len() + missed.len() > 0,
            Asked::Better => missed.is_empty() && !met.is_empty(),
        };
        let text = format!(
            "{} met, {} missed; {} breached in the period",
            count(met.len() as u64, "target"),
            missed.len(),
            count(self.breached, "clock"),
        );
        (done, text)
    }

    fn common_issues(&self, asked: Asked) -> (bool, String) {
        let named = self.commonest.iter().take(3);
        let named: Vec<String> = named
            .map(|issue| format!("{} ({})", issue.title, issue.n))
            .collect();
        if named.is_empty() {
            return (false, "no ticket was filed".to_owned());
        }
        let text = format!("the commonest: {}", named.join(", "));
        (asked == Asked::Look, text)
    }

    fn proposals(&self) -> String {
        match self.gaps.count {
            0 => "nothing is proposed".to_owned(),
            n => format!("{} proposed, see above", count(n as u64, "gap")),
        }
    }
}

fn times_of(clock: &ClockFigures, times: Option<Durations>, done: &str) -> (u64, String) {
    let working = times.map(|times| times.working).unwrap_or_default();
    let of = |seconds: Option<u32>| seconds.map_or_else(String::new, |s| span(i64::from(s)));
    let text = format!(
        "{} {done}: half within {}, nine of ten within {}, {} in time",
        working.n,
        of(working.p50),
        of(working.p90),
        share(clock.compliance()),
    );
    (working.n as u64, text)
}

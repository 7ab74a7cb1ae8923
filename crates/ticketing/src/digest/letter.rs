//! How a digest reads.

use super::{
    Digest, DigestPeriod,
    breach::Breach,
    checklist::ChecklistItem,
    phrase::{count, day, instant, none, share, span, spans},
};
use crate::{
    clocks::ClockName,
    letter::{Block, Letter, LetterKind},
    report::{ClockFigures, Durations, Kpi, KpiMetric, Rate},
};

impl Digest {
    /// Its subject: what it is of, and what matters most.
    #[must_use]
    pub fn subject(&self) -> String {
        let edition = &self.edition;
        let what = match edition.period {
            DigestPeriod::Daily => "Daily",
            DigestPeriod::Weekly => "Weekly",
            DigestPeriod::Monthly => "Monthly",
        };
        let (first, last) = (edition.first_day(), edition.last_day());
        let when = if first == last {
            first.to_string()
        } else {
            format!("{first} to {last}")
        };
        let judged = || self.kpis.iter().filter_map(Kpi::is_met);
        let targets = match (judged().filter(|met| !met).count(), judged().count()) {
            (_, 0) => String::new(),
            (missed, all) => format!(", {missed} of {} missed", count(all as u64, "target")),
        };
        format!(
            "{what} digest, {when}: {} filed, {} breached{targets}",
            self.figures.n, self.breached,
        )
    }

    /// The letter that is mailed.
    #[must_use]
    pub fn letter(&self) -> Letter {
        let mut blocks = vec![Block::Paragraph(self.preface())];
        blocks.extend(self.review().map(Block::Paragraph));
        let mut part = |heading: &str, body: Vec<Block>| {
            blocks.push(Block::Heading(heading.to_owned()));
            blocks.extend(body);
        };
        part("Figures", vec![self.figures_table()]);
        part("Targets", vec![self.targets_table()]);
        part("What breached, and why", self.breaches_part());
        part("What breaches next", self.next_part());
        part("The commonest issues", self.commonest_part());
        part("Gaps in the runbook", self.gaps_part());
        part(&self.checklist_heading(), self.checklist_part());
        blocks.extend(self.links());
        Letter {
            kind: LetterKind::Digest,
            cause: self.edition.cause(),
            subject: self.subject(),
            blocks,
        }
    }

    fn preface(&self) -> String {
        let edition = &self.edition;
        let (first, last) = (edition.first_day(), edition.last_day());
        let when = match first == last {
            true => day(first),
            false => format!("From {} to the end of {}", day(first), day(last)),
        };
        format!(
            "{when}, by the clock of {}.\n\
             Figures are of the tickets filed in that time, as they stand on {}; cancelled \
             and merged ones are left out. Times are working time.",
            edition.zone.name(),
            instant(self.as_of, edition.zone),
        )
    }

    fn review(&self) -> Option<String> {
        let review = self.review?;
        let line = review.line.map(|line| format!(" (line {line})"));
        Some(format!(
            "The runbook's review was due on {}{}.",
            review.due,
            line.unwrap_or_default()
        ))
    }

    fn figures_table(&self) -> Block {
        let of = &self.figures;
        let apart = match (of.cancelled, of.merged) {
            (0, 0) => none(),
            (cancelled, merged) => format!("{cancelled} cancelled, {merged} merged apart"),
        };
        let plain = |name: &str, figure: String, note: String| vec![name.to_owned(), figure, note];
        let clock = |name: &str, clock: &ClockFigures, times: Option<Durations>| {
            let working = times.map(|times| times.working).unwrap_or_default();
            let (p50, p90) = (spans(working.p50), spans(working.p90));
            let times = format!("n {}, p50 {p50}, p90 {p90}", working.n);
            plain(name, share(clock.compliance()), times)
        };
        let open = &self.backlog;
        let overdue = format!(
            "{} with nobody, {} overdue",
            open.unassigned, open.resolution_breached
        );
        let mean = of.score_mean.map(|mean| format!("mean {mean:.1} of 5"));
        table(
            &["Figure", "Value", "More"],
            vec![
                plain("Filed", of.n.to_string(), apart),
                plain("Resolved of these", of.resolved.to_string(), none()),
                plain("Open of these", of.open.to_string(), none()),
                clock(
                    "Answered in time",
                    &of.first_response,
                    of.first_response.first,
                ),
                clock("Resolved in time", &of.resolution, of.resolution.total),
                plain("Escalated", share(of.escalated), none()),
                plain("Reopened", share(of.reopened), none()),
                plain("Satisfied", share(of.satisfied), mean.unwrap_or_else(none)),
                plain("Untouched", self.untouched.to_string(), none()),
                plain("Open in all", open.n.to_string(), overdue),
            ],
        )
    }

    fn targets_table(&self) -> Block {
        let head = [
            "Target", "Reached", "Verdict", "n", "p50", "Before", "Trend",
        ];
        table(&head, self.kpis.iter().map(target_row).collect())
    }

    fn breaches_part(&self) -> Vec<Block> {
        if self.breached == 0 {
            return vec![Block::Paragraph("Nothing.".to_owned())];
        }
        let items = self.breaches.iter().map(breach_line).collect();
        vec![Block::List(items)]
            .into_iter()
            .chain(more(self.breached, self.breaches.len()))
            .collect()
    }

    fn next_part(&self) -> Vec<Block> {
        if self.next.is_empty() {
            return vec![Block::Paragraph("Nothing that is open.".to_owned())];
        }
        let items = self.next.iter().map(|next| {
            let at = instant(next.breach.at, self.edition.zone);
            let clock = clock_name(next.breach.clock);
            format!("{} {}: {clock} until {at}", next.breach.ticket, next.title)
        });
        vec![Block::List(items.collect())]
    }

    fn commonest_part(&self) -> Vec<Block> {
        if self.commonest.is_empty() {
            return vec![Block::Paragraph("No ticket was filed.".to_owned())];
        }
        let whole = self.figures.n;
        let rows = self.commonest.iter().map(|issue| {
            let (part, of) = (issue.n, whole);
            vec![issue.title.clone(), share(Rate { part, of })]
        });
        vec![table(&["Issue", "Tickets"], rows.collect())]
    }

    fn gaps_part(&self) -> Vec<Block> {
        let lines = self.gaps.entries.iter().chain(&self.gaps.phrases);
        let lines: Vec<String> = lines.cloned().collect();
        if lines.is_empty() {
            return vec![Block::Paragraph("None that the tickets show.".to_owned())];
        }
        let listed = lines.len();
        vec![Block::List(lines)]
            .into_iter()
            .chain(more(self.gaps.count as u64, listed))
            .collect()
    }

    fn checklist_heading(&self) -> String {
        let done = self.checklist.iter().filter(|item| item.done).count();
        let all = self.checklist.len();
        format!("The {} checks ({done} of {all} done)", self.edition.period)
    }

    fn checklist_part(&self) -> Vec<Block> {
        if self.checklist.is_empty() {
            return vec![Block::Paragraph("The runbook has none.".to_owned())];
        }
        let items = self.checklist.iter().map(checklist_line).collect();
        vec![Block::List(items)]
    }

    fn links(&self) -> Vec<Block> {
        let edition = &self.edition;
        let report = |text: &str, name: &str| Block::Link {
            text: text.to_owned(),
            to: format!(
                "/v1/reports/{name}?from={}&to={}&tz={}",
                edition.from.format("%Y-%m-%dT%H:%M:%SZ"),
                edition.to.format("%Y-%m-%dT%H:%M:%SZ"),
                edition.zone.name(),
            ),
        };
        vec![
            report("All figures", "sla"),
            report("Targets", "kpis"),
            Block::Link {
                text: "Gaps in the runbook".to_owned(),
                to: "/v1/runbook/gaps".to_owned(),
            },
        ]
    }
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> Block {
    Block::Table {
        head: head.iter().map(|&name| name.to_owned()).collect(),
        rows,
    }
}

/// How many more there are than were listed.
fn more(all: u64, listed: usize) -> Option<Block> {
    let rest = all.saturating_sub(listed as u64);
    (rest > 0).then(|| Block::Paragraph(format!("And {rest} more.")))
}

fn target_row(kpi: &Kpi) -> Vec<String> {
    let target = &kpi.target;
    let (name, is_time) = match target.metric {
        KpiMetric::FirstResponse => ("First response", true),
        KpiMetric::Resolution if target.without_critical => ("Resolution, not critical", true),
        KpiMetric::Resolution => ("Resolution", true),
        KpiMetric::CriticalResolution => ("Resolution, critical", true),
        KpiMetric::Satisfaction => ("Satisfaction", false),
        KpiMetric::EscalationRate => ("Escalation rate", false),
    };
    let sign = if target.above { ">" } else { "<" };
    let bound = match is_time {
        true => span(i64::try_from(target.bound).unwrap_or(i64::MAX)),
        false => format!("{} %", target.bound),
    };
    let figure = |value: Option<f64>| match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole seconds of a percentile"
        )]
        Some(value) if is_time => span(value as i64),
        Some(value) => format!("{value:.1} %"),
        None => none(),
    };
    let verdict = kpi.is_met().map(|met| if met { "met" } else { "missed" });
    let trend = match (kpi.change(), kpi.is_better()) {
        (None, _) => "-",
        (Some(_), None) => "same",
        (Some(_), Some(true)) => "better",
        (Some(_), Some(false)) => "worse",
    };
    vec![
        format!("{name} {sign} {bound}"),
        match is_time {
            true if kpi.now.value.is_some() => format!("p90 {}", figure(kpi.now.value)),
            _ => figure(kpi.now.value),
        },
        verdict.unwrap_or("-").to_owned(),
        kpi.now.n.to_string(),
        spans(kpi.now.p50),
        figure(kpi.before.value),
        trend.to_owned(),
    ]
}

const fn clock_name(clock: ClockName) -> &'static str {
    match clock {
        ClockName::FirstResponse => "first response",
        ClockName::Resolution => "resolution",
    }
}

fn breach_line(breach: &Breach) -> String {
    let reasons: Vec<String> = breach.reasons.iter().map(ToString::to_string).collect();
    let so_far = if breach.running { " so far" } else { "" };
    format!(
        "{} {} ({}): {} missed by {}{so_far}; {}",
        breach.ticket,
        breach.title,
        breach.urgency,
        clock_name(breach.clock),
        span(breach.over_seconds),
        reasons.join("; "),
    )
}

fn checklist_line(item: &ChecklistItem) -> String {
    let mark = if item.done { 'x' } else { ' ' };
    let evidence = item.evidence.as_ref();
    let evidence = evidence.map(|evidence| format!(" ({evidence})"));
    format!("[{mark}] {}{}", item.text, evidence.unwrap_or_default())
}

//! Reports (`domain.md` section 8): one pass over the facts of a period,
//! figures from `ticketing`. Nothing is kept between two reports.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use store::{FactsWanted, TicketFilter};
use ticketing::{
    Actor, Role, Ticket, TicketRef,
    report::{
        Backlog, BacklogCollector, Cohort, Collector, Dimension, Facts, Figures, Grouped, Kpi,
        Kpis, Question, ReportName, Sections, Tally, kpi_targets,
    },
};

use crate::{Desk, access::require, error::DeskError};

/// How long a period is where no beginning is asked for.
const PERIOD: TimeDelta = TimeDelta::days(30);

/// What a report is asked for.
#[derive(Clone, Debug)]
pub struct ReportRequest {
    /// Which report.
    pub name: ReportName,
    /// Which tickets the period holds.
    pub cohort: Cohort,
    /// From this instant; none: 30 days before `to`, for the backlog ever.
    pub from: Option<DateTime<Utc>>,
    /// Until before this one; none: now.
    pub to: Option<DateTime<Utc>>,
    /// Whose days, weeks and months.
    pub zone: Tz,
    /// None, one or two.
    pub group_by: Vec<Dimension>,
    /// Among which tickets.
    pub filter: TicketFilter,
}

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which.
    pub name: ReportName,
    /// What it answers.
    pub question: Question,
    /// The figures.
    pub figures: ReportFigures,
}

/// The figures of a report.
#[derive(Clone, Debug)]
pub enum ReportFigures {
    /// Of all reports but these.
    Grouped(Box<Grouped<Figures>>),
    /// Targets beside their figures, and the whole.
    Kpis(Vec<Kpi>, Box<Figures>),
    /// Open tickets, and those that breach next.
    Backlog(Backlog, Vec<Ticket>),
}

impl Desk {
    /// A report.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead; [`DeskError::Invalid`] for an
    /// empty period or a question that the report does not answer.
    pub async fn report(&self, actor: &Actor, request: ReportRequest) -> Result<Report, DeskError> {
        require(actor, Role::Lead)?;
        let question = self.question(&request)?;
        let filter = request.filter;
        let figures = match request.name {
            ReportName::Kpis => {
                let (kpis, whole) = self.report_kpis(&question, filter).await?;
                ReportFigures::Kpis(kpis, Box::new(whole))
            }
            ReportName::Backlog => {
                let backlog = self.report_backlog(&question, filter).await?;
                let mut next = Vec::with_capacity(backlog.next.len());
                for breach in &backlog.next {
                    let by = TicketRef::Number(breach.ticket);
                    next.extend(self.store.find_ticket(by).await?);
                }
                ReportFigures::Backlog(backlog, next)
            }
            name => {
                let sections = Sections {
                    durations: matches!(
                        name,
                        ReportName::Sla | ReportName::Entries | ReportName::Agents
                    ),
                    escalations: name == ReportName::Escalations,
                };
                let grouped = self.report_figures(&question, filter, sections).await?;
                ReportFigures::Grouped(Box::new(grouped))
            }
        };
        Ok(Report {
            name: request.name,
            question,
            figures,
        })
    }

    /// The figures of a question's tickets, whole and by group.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn report_figures(
        &self,
        question: &Question,
        filter: TicketFilter,
        sections: Sections,
    ) -> Result<Grouped<Figures>, DeskError> {
        let mut collector = Collector::new(question.clone(), Tally::new(sections));
        self.read_facts(question, question.from, filter, |facts| {
            collector.add(facts);
        })
        .await?;
        aside(move || collector.finish().map(Figures::from)).await
    }

    /// Each target of the runbook beside its figure and that of the period
    /// before, and the figures of the whole.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn report_kpis(
        &self,
        question: &Question,
        filter: TicketFilter,
    ) -> Result<(Vec<Kpi>, Figures), DeskError> {
        let mut kpis = Kpis::new(question.clone());
        let since = kpis.since();
        self.read_facts(question, since, filter, |facts| kpis.add(facts))
            .await?;
        let rules = self.rules();
        let critical = self.rule_settings.targets.critical_resolution_seconds;
        let targets = kpi_targets(&rules.runbook.targets, critical);
        aside(move || kpis.finish(&targets)).await
    }

    /// What is open, and what breaches next.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn report_backlog(
        &self,
        question: &Question,
        filter: TicketFilter,
    ) -> Result<Backlog, DeskError> {
        let mut collector = BacklogCollector::new(question.clone());
        self.read_facts(question, question.from, filter, |facts| {
            collector.add(facts);
        })
        .await?;
        aside(move || collector.finish()).await
    }

    pub(crate) async fn read_facts(
        &self,
        question: &Question,
        since: DateTime<Utc>,
        mut filter: TicketFilter,
        take: impl FnMut(&Facts<'_>),
    ) -> Result<(), DeskError> {
        filter.figures.as_of = Some(question.as_of);
        let wanted = FactsWanted {
            // What was resolved or due in a period may have been filed long
            // before it, but not after.
            filed_from: (question.cohort == Cohort::Filed).then_some(since),
            filed_to: question.to,
            filter,
        };
        Ok(self.store.read_facts(&wanted, take).await?)
    }

    fn question(&self, request: &ReportRequest) -> Result<Question, DeskError> {
        let now = self.clock.now();
        let invalid = |pointer, message: &str| DeskError::Invalid {
            pointer,
            message: message.to_owned(),
        };
        let is_backlog = request.name == ReportName::Backlog;
        if is_backlog && request.cohort != Cohort::Filed {
            return Err(invalid(
                "cohort",
                "the backlog is of tickets filed in the period",
            ));
        }
        if request.name == ReportName::Kpis && !request.group_by.is_empty() {
            return Err(invalid("group_by", "targets are for all tickets together"));
        }
        // With nothing said the ticket of this instant is in.
        let to = request.to.unwrap_or(now + TimeDelta::microseconds(1));
        let earliest = if is_backlog {
            DateTime::UNIX_EPOCH
        } else {
            to.checked_sub_signed(PERIOD).unwrap_or(to)
        };
        let from = request.from.unwrap_or(earliest);
        if from >= to {
            return Err(invalid("to", "must lie after from"));
        }
        let group_by = match (request.name, request.group_by.as_slice()) {
            (ReportName::Entries, []) => vec![Dimension::Entry],
            (ReportName::Agents, []) => vec![Dimension::Assignee],
            (_, asked) => asked.to_vec(),
        };
        Ok(Question {
            cohort: request.cohort,
            from,
            to,
            zone: request.zone,
            group_by,
            as_of: now,
        })
    }
}

/// Sorting a million durations must not hold up what else a worker serves.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| DeskError::Internal(error.to_string()))
}

//! The leads' digest: its figures by the same functions as the reports, and what
//! breached and why by the tickets' own events.

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Runbook;
use store::TicketFilter;
use ticketing::{
    Actor, Event, Role, Ticket, TicketRef,
    digest::{
        Breach, CommonIssue, Digest, DigestCollector, DigestPeriod, DigestPlan, Edition, Gaps,
        Overrun, PassedReview, Upcoming, breach_reasons, checklist,
    },
    report::{BacklogCollector, Cohort, Dimension, Key, NextBreach, Question, Sections},
};

use crate::{Desk, RunbookGaps, access::require, error::DeskError, report::aside, rules::Rules};

/// How many breaches are told with their reasons.
const BREACHES: usize = 20;
/// How many events of such a ticket are read; what is beyond them came long
/// after the breach.
const EVENTS: u64 = 1000;
/// How many of the commonest issues, gaps and next breaches are named.
const NAMED: usize = 5;
const NEXT: usize = 10;

/// Who is mailed digests, when, and how they look.
#[derive(Clone, Debug)]
pub struct DigestSettings {
    /// The leads' mail addresses; none: nobody is mailed.
    pub to: Vec<String>,
    /// When, and in whose zone.
    pub plan: DigestPlan,
    /// How all messages of the desk look.
    pub look: notify::Look,
}

/// A digest as it would be mailed.
#[derive(Clone, Debug)]
pub struct DigestPreview {
    /// All it tells.
    pub digest: Digest,
    /// Its tickets' question, as reports are asked.
    pub question: Question,
    /// The letter's subject.
    pub subject: String,
    /// The letter's plain text.
    pub text: String,
    /// Whom it is mailed to.
    pub recipients: Vec<String>,
    /// When the next one of its kind is due; none where that kind is off.
    pub next_at: Option<DateTime<Utc>>,
}

impl Desk {
    /// The digest of a kind that was due last at an instant; none: now.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead; [`DeskError::Invalid`] for an
    /// instant that is yet to come.
    pub async fn preview_digest(
        &self,
        actor: &Actor,
        period: DigestPeriod,
        at: Option<DateTime<Utc>>,
    ) -> Result<DigestPreview, DeskError> {
        require(actor, Role::Lead)?;
        let now = self.clock.now();
        let at = at.unwrap_or(now);
        let invalid = |message: &str| DeskError::Invalid {
            pointer: "at",
            message: message.to_owned(),
        };
        if at > now {
            return Err(invalid("must not lie in the future"));
        }
        let plan = &self.digest_settings.plan;
        let edition = plan.edition(period, at);
        let edition = edition.ok_or_else(|| invalid("there was no such digest"))?;
        let digest = self.digest(edition, now).await?;
        let letter = digest.letter();
        let turns = plan.turns(period);
        Ok(DigestPreview {
            question: question(&edition, now),
            subject: letter.subject.clone(),
            text: notify::letter_text(&letter, &self.digest_settings.look),
            recipients: self.digest_settings.to.clone(),
            next_at: turns.and_then(|turns| turns.next(plan.zone, now)),
            digest,
        })
    }

    /// All that a digest tells, as things stand at `now`.
    pub(crate) async fn digest(
        &self,
        edition: Edition,
        now: DateTime<Utc>,
    ) -> Result<Digest, DeskError> {
        let rules = self.rules();
        let question = question(&edition, now);
        let all = TicketFilter::default;
        let (kpis, figures) = self.report_kpis(&question, all()).await?;
        let by_entry = Question {
            group_by: vec![Dimension::Entry],
            ..question.clone()
        };
        let entries = self.report_figures(&by_entry, all(), Sections::default());
        let entries = entries.await?;
        let commonest = entries.groups.iter().take(NAMED);
        let commonest = commonest
            .map(|group| common_issue(&rules.runbook, group.keys.first(), group.figures.n))
            .collect();

        // One pass over all tickets: what is open, and what breached, may have
        // been filed long ago.
        let ever = Question {
            from: DateTime::UNIX_EPOCH,
            to: now + TimeDelta::microseconds(1),
            ..question.clone()
        };
        let mut backlog = BacklogCollector::new(ever.clone());
        let mut collector = DigestCollector::new(question);
        self.read_facts(&ever, ever.from, all(), |facts| {
            backlog.add(facts);
            collector.add(facts);
        })
        .await?;
        let (backlog, collected) = aside(move || (backlog.finish(), collector.finish())).await?;

        let mut digest = Digest {
            edition,
            as_of: now,
            figures,
            untouched: collected.untouched,
            kpis,
            commonest,
            breached: collected.overruns.len() as u64,
            breaches: self.breaches(&collected.overruns).await?,
            backlog: backlog.grouped.total,
            next: self.upcoming(&backlog.next).await?,
            gaps: gaps(&self.runbook_gaps(&Actor::desk()).await?),
            revisions: self.revisions(&edition).await?,
            review: passed_review(&rules, &edition, now),
            checklist: Vec::new(),
        };
        let checks = &rules.runbook.checklists;
        let of_period = |list: &&runbook::Checklist| list.period == edition.period.checks();
        if let Some(list) = checks.iter().find(of_period) {
            digest.checklist = checklist(&list.items, &digest);
        }
        Ok(digest)
    }

    async fn breaches(&self, overruns: &[Overrun]) -> Result<Vec<Breach>, DeskError> {
        let mut breaches = Vec::new();
        for overrun in overruns.iter().take(BREACHES) {
            let number = overrun.ticket;
            let Some(ticket) = self.store.find_ticket(TicketRef::Number(number)).await? else {
                continue;
            };
            let events = self.store.list_events_of(number, 0, EVENTS).await?;
            breaches.push(self.breach(overrun, &ticket, &events));
        }
        Ok(breaches)
    }

    fn breach(&self, overrun: &Overrun, ticket: &Ticket, events: &[Event]) -> Breach {
        let clocks = self.sla(ticket, false);
        let clock = match overrun.clock {
            ticketing::ClockName::FirstResponse => clocks.first_response,
            ticketing::ClockName::Resolution => clocks.resolution,
        };
        let over = |clock: &crate::TicketClock| clock.judged.elapsed_s - clock.target_seconds;
        let running = |clock: &crate::TicketClock| clock.judged.state != sla::State::Stopped;
        Breach {
            ticket: ticket.number,
            title: ticket.title.clone(),
            urgency: ticket.urgency(),
            clock: overrun.clock,
            at: overrun.at,
            over_seconds: clock.as_ref().map_or(0, over).max(0),
            running: clock.as_ref().is_some_and(running),
            reasons: breach_reasons(events, overrun.clock, overrun.at),
        }
    }

    async fn upcoming(&self, next: &[NextBreach]) -> Result<Vec<Upcoming>, DeskError> {
        let mut upcoming = Vec::new();
        for breach in next.iter().take(NEXT) {
            let by = TicketRef::Number(breach.ticket);
            let ticket = self.store.find_ticket(by).await?;
            upcoming.extend(ticket.map(|ticket| Upcoming {
                breach: *breach,
                title: ticket.title,
            }));
        }
        Ok(upcoming)
    }

    /// How often the runbook was replaced in the period; the first one replaced
    /// nothing.
    async fn revisions(&self, edition: &Edition) -> Result<u64, DeskError> {
        let revisions = self.store.list_runbooks().await?;
        let period = edition.from..edition.to;
        let replaced = revisions
            .iter()
            .filter(|one| one.revision > 1 && period.contains(&one.activated_at));
        Ok(replaced.count() as u64)
    }
}

/// What the reports are asked for the same figures.
fn question(edition: &Edition, now: DateTime<Utc>) -> Question {
    Question {
        cohort: Cohort::Filed,
        from: edition.from,
        to: edition.to,
        zone: edition.zone,
        group_by: Vec::new(),
        as_of: now,
    }
}

fn common_issue(runbook: &Runbook, key: Option<&Key>, n: u64) -> CommonIssue {
    let entry = match key {
        Some(Key::Name(Some(slug))) => Some(slug.clone()),
        _ => None,
    };
    let title = entry.as_ref().map(|slug| {
        let entry = slug.parse().ok().and_then(|slug| runbook.entry(&slug));
        entry.map_or_else(|| slug.clone(), |entry| entry.title.clone())
    });
    CommonIssue {
        title: title.unwrap_or_else(|| "no entry of the runbook".to_owned()),
        entry,
        n,
    }
}

fn gaps(found: &RunbookGaps) -> Gaps {
    let missing = found.entries.iter().take(NAMED).map(|gap| {
        let topic = gap.topic.as_ref().map(|topic| format!(", of {topic}"));
        format!(
            "no entry answers {} tickets that speak of {}{}",
            gap.count,
            common(gap.words.iter().map(String::as_str)),
            topic.unwrap_or_default(),
        )
    });
    let lacking = found.phrases.iter().take(NAMED).map(|gap| {
        let phrases = gap.phrases.iter().map(|phrase| phrase.words.as_str());
        let phrases = common(phrases);
        format!("{} lacks what customers say: {phrases}", gap.title)
    });
    Gaps {
        entries: missing.collect(),
        phrases: lacking.collect(),
        count: found.entries.len() + found.phrases.len(),
    }
}

/// Words without those that are of one customer alone: numbers of orders and
/// phones, addresses. A digest goes by mail.
fn common<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let own = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        digits > 4 || word.contains('@')
    };
    let common: Vec<&str> = words.filter(|words| !own(words)).collect();
    common.join(", ")
}

/// A review date that lies before today, with its line. Rules stay in force for
/// months, so the runbook's own finding may be older than its date.
fn passed_review(rules: &Rules, edition: &Edition, now: DateTime<Utc>) -> Option<PassedReview> {
    let today = now.with_timezone(&edition.zone).date_naive();
    let due = rules.runbook.next_review.filter(|due| *due < today)?;
    let read = runbook::parse(&rules.revision.source, today);
    let mut found = read.diagnostics.iter();
    let said = found.find(|finding| finding.code == "review_overdue");
    Some(PassedReview {
        due,
        line: said.map(|finding| finding.line),
    })
}

//! The budget of level 3 and 4 pages per tool and hour (`domain.md` section 5):
//! it limits paging, never the level, and what it holds back is bundled.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use runbook::Level;
use store::{BudgetedPage, HourOfTool, NewNotification};
use ticketing::{
    Block, EscalationTrigger, Letter, LetterKind, Notice, Ticket, TicketNumber, TicketRef,
};

use crate::{Desk, attempt::FALLBACK, error::DeskError, rules::Rules};

/// How many held back tickets are named with their titles.
const TITLED: usize = 30;
/// How many are named at all.
const NAMED: usize = 200;

impl Desk {
    /// How many such pages its tool may cause in an hour; none for what no
    /// budget limits: lower levels, news, and what a person decided.
    pub(crate) fn page_budget(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        notice: &Notice,
        level: Level,
    ) -> Option<u32> {
        let current = ticket.escalations.last();
        let by_hand = current.is_some_and(|one| one.trigger == EscalationTrigger::Manual);
        let budget = rules.budget.of(level);
        budget.filter(|_| notice.is_page() && !by_hand)
    }

    /// A page, and the notice that would list it among others.
    pub(crate) fn page(
        &self,
        ticket: &Ticket,
        level: Level,
        per_hour: u32,
        rows: Vec<NewNotification>,
        now: DateTime<Utc>,
    ) -> BudgetedPage {
        let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
        let of = HourOfTool {
            source: ticket.source.clone(),
            level,
            hour,
        };
        let letter = letter(&of, per_hour, Vec::new());
        let to = rows.iter().map(|row| row.recipient.clone());
        BudgetedPage {
            ticket: ticket.number,
            per_hour,
            bundle: self.letters(&letter, level, to, now),
            rows,
            of,
        }
    }

    /// The letter about what was held back, as it stands now; none when nobody
    /// needs it any more.
    pub(crate) async fn held_back(&self, kept: &Letter) -> Result<Option<Letter>, DeskError> {
        let cause = kept.cause.strip_suffix(FALLBACK).unwrap_or(&kept.cause);
        let Some(of) = HourOfTool::from_cause(cause) else {
            return Ok(None);
        };
        let mut open = Vec::new();
        for number in self.store.list_held_pages(&of).await? {
            if open.len() < TITLED {
                open.extend(self.still_open(number, of.level).await?);
            } else {
                open.push(number.to_string());
            }
        }
        if open.is_empty() {
            return Ok(None);
        }
        let per_hour = self.rules().budget.of(of.level).unwrap_or_default();
        let Letter {
            subject, blocks, ..
        } = letter(&of, per_hour, open);
        // A fallback's letter has a cause of its own and says why it is told.
        let why = kept
            .blocks
            .iter()
            .take(kept.blocks.len().saturating_sub(blocks.len()));
        let blocks = why.cloned().chain(blocks.iter().cloned()).collect();
        Ok(Some(Letter {
            subject,
            blocks,
            ..kept.clone()
        }))
    }

    /// One line about a ticket that still waits for somebody at that level.
    async fn still_open(
        &self,
        number: TicketNumber,
        level: Level,
    ) -> Result<Option<String>, DeskError> {
        let found = self.store.find_ticket(TicketRef::Number(number)).await?;
        let waits = |ticket: &Ticket| {
            ticket.status.is_live() && ticket.waiting.is_some() && ticket.level >= level
        };
        let open = found.filter(waits);
        Ok(open.map(|ticket| format!("{number} {}", ticket.title)))
    }
}

fn letter(of: &HourOfTool, per_hour: u32, mut tickets: Vec<String>) -> Letter {
    let HourOfTool {
        source,
        level,
        hour,
    } = of;
    let count = tickets.len();
    let more = count.saturating_sub(NAMED);
    tickets.truncate(NAMED);
    if more > 0 {
        tickets.push(format!("and {more} more"));
    }
    let from = hour.format("%Y-%m-%d %H:%M");
    let until = (*hour + TimeDelta::hours(1)).format("%H:%M");
    let why = format!(
        "{source} used up its {per_hour} pages of level {level} between {from} and {until} UTC. \
         Nobody was paged for the tickets below. They are at that level all the same, and wait \
         for somebody to acknowledge them."
    );
    Letter {
        kind: LetterKind::HeldBack,
        cause: of.cause(),
        subject: format!("{count} tickets of {source} at level {level} without a page each"),
        blocks: vec![Block::Paragraph(why), Block::List(tickets)],
    }
}

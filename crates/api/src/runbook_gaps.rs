//! `GET /runbook/gaps`: what would make the runbook answer more tickets.

use actix_web::{
    get,
    web::{Data, Json},
};
use desk::{Desk, EntryGap, MissingEntry, PhraseGap};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    auth::Principal,
    problem::{ApiError, Problem, Problems},
};

/// Proposals for the runbook's authors.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunbookGapsView {
    /// Entries with phrases that they lack, in the runbook's order.
    phrases: Vec<EntryGapView>,
    /// Entries that are missing, the one that most tickets ask for first.
    entries: Vec<MissingEntryView>,
}

/// An entry with phrases that it lacks.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryGapView {
    /// The entry's slug.
    #[schema(example = "payment-failed")]
    entry: String,
    /// Its title.
    title: String,
    /// The phrases, best first.
    phrases: Vec<PhraseGapView>,
    /// The line that would add them to the entry.
    #[schema(example = "**Customers Also Say**: purse frozen, pin refused")]
    customers_also_say: String,
}

/// A phrase of texts that agents corrected to the entry, or that were imported
/// for it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PhraseGapView {
    /// As most customers write it.
    #[schema(example = "purse frozen")]
    phrase: String,
    /// In how many texts that the classifier had missed it stands.
    count: usize,
    /// Keys of some of the tickets; imported texts have none.
    tickets: Vec<String>,
}

/// Tickets that no entry answers and that tell of the same thing.
#[derive(Serialize, ToSchema)]
pub(crate) struct MissingEntryView {
    /// The words that they have in common, those that tell most first.
    words: Vec<String>,
    /// The topic outside the runbook that most of them speak of, where the
    /// classifier knows it.
    #[schema(example = "invoice")]
    topic: Option<String>,
    /// How many tickets.
    count: usize,
    /// Keys of some of them, newest first.
    tickets: Vec<String>,
    /// The line that would make a new entry answer them.
    customers_also_say: String,
}

/// Show what the runbook lacks
///
/// Phrases from agents' corrections that an entry does not have, and entries
/// for what tickets without one have in common. Nothing changes by asking.
#[utoipa::path(
    tag = "runbook",
    responses(
        (status = 200, description = "The proposals", body = RunbookGapsView),
        (status = 403, description = "Below a lead", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/runbook/gaps")]
pub(crate) async fn runbook_gaps(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<RunbookGapsView>, ApiError> {
    let gaps = desk.runbook_gaps(&who.0).await?;
    Ok(Json(RunbookGapsView {
        phrases: gaps.phrases.into_iter().map(EntryGapView::from).collect(),
        entries: gaps
            .entries
            .into_iter()
            .map(MissingEntryView::from)
            .collect(),
    }))
}

impl From<EntryGap> for EntryGapView {
    fn from(gap: EntryGap) -> Self {
        Self {
            entry: gap.entry.to_string(),
            title: gap.title,
            phrases: gap.phrases.into_iter().map(PhraseGapView::from).collect(),
            customers_also_say: gap.line,
        }
    }
}

impl From<PhraseGap> for PhraseGapView {
    fn from(gap: PhraseGap) -> Self {
        Self {
            phrase: gap.words,
            count: gap.count,
            tickets: gap.tickets.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<MissingEntry> for MissingEntryView {
    fn from(missing: MissingEntry) -> Self {
        Self {
            words: missing.words,
            topic: missing.topic,
            count: missing.count,
            tickets: missing.tickets.iter().map(ToString::to_string).collect(),
            customers_also_say: missing.line,
        }
    }
}

//! What the runbook lacks: phrases that agents' corrections show, and entries
//! for what tickets that no entry answers have in common.

use std::collections::BTreeMap;

use runbook::Slug;
use store::{Label, Sort, TicketFilter};
use ticketing::{Actor, Kind, Role, Ticket, TicketNumber};
use triage::Said;

use crate::{Desk, access::require, error::DeskError};

/// Among how many of the newest labels phrases are sought.
const LABELS: usize = 5000;
/// Among how many of the newest tickets without an entry clusters are sought.
const TICKETS: u64 = 500;
/// An entry is proposed for so many tickets at least.
const LEAST: usize = 3;
/// How many entries are proposed at most.
const PROPOSED: usize = 20;
/// How many tickets are named as examples.
const EXAMPLES: usize = 5;
/// How many words say what a cluster is about.
const WORDS: usize = 6;

/// What would make the runbook answer more tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookGaps {
    /// Entries with phrases that they lack, in the runbook's order.
    pub phrases: Vec<EntryGap>,
    /// Entries that are missing, the one that most tickets ask for first.
    pub entries: Vec<MissingEntry>,
}

/// An entry with phrases that it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryGap {
    /// Which.
    pub entry: Slug,
    /// Its title.
    pub title: String,
    /// The phrases, best first.
    pub phrases: Vec<PhraseGap>,
    /// The line that would add them to the runbook.
    pub line: String,
}

/// A phrase that an entry lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseGap {
    /// As most customers write it.
    pub words: String,
    /// In how many texts that the classifier missed it stands.
    pub count: usize,
    /// Some of the tickets; imported texts have none.
    pub tickets: Vec<TicketNumber>,
}

/// Tickets that no entry answers and that tell of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingEntry {
    /// The words that they have in common, those that tell most first.
    pub words: Vec<String>,
    /// The topic outside the runbook that most of them speak of, where the
    /// classifier knows it.
    pub topic: Option<String>,
    /// How many tickets.
    pub count: usize,
    /// Some of them, newest first.
    pub tickets: Vec<TicketNumber>,
    /// The line that would make a new entry answer them.
    pub line: String,
}

impl Desk {
    /// Proposals for the runbook's authors, from corrections and from tickets
    /// that no entry answers.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead.
    pub async fn runbook_gaps(&self, actor: &Actor) -> Result<RunbookGaps, DeskError> {
        require(actor, Role::Lead)?;
        let mut labels = self.store.list_labels().await?;
        labels.drain(..labels.len().saturating_sub(LABELS));
        let filter = TicketFilter {
            kind: Some(Kind::Bug),
            entry: Some(String::new()),
            ..TicketFilter::default()
        };
        let unanswered = self
            .store
            .list_tickets(&filter, Sort::Created, None, TICKETS, false)
            .await?;
        let unanswered = unanswered.map(|page| page.items).unwrap_or_default();
        let rules = self.rules();
        // Thousands of texts are read: on a thread of its own.
        let found = tokio::task::spawn_blocking(move || RunbookGaps {
            phrases: missing_phrases(&rules.runbook, &labels),
            entries: missing_entries(&unanswered),
        });
        found
            .await
            .map_err(|error| DeskError::Internal(error.to_string()))
    }
}

fn missing_phrases(runbook: &runbook::Runbook, labels: &[Label]) -> Vec<EntryGap> {
    let slugs: Vec<Option<Slug>> = labels
        .iter()
        .map(|label| label.entry.as_deref().and_then(|slug| slug.parse().ok()))
        .collect();
    let said: Vec<Said<'_>> = labels
        .iter()
        .zip(&slugs)
        .map(|(label, entry)| Said {
            title: &label.title,
            body: &label.body,
            entry: entry.as_ref(),
            missed: label.predicted != label.entry,
        })
        .collect();
    let gaps = triage::missing_phrases(runbook, &said).into_iter();
    gaps.map(|(entry, phrases)| {
        let title = runbook.entry(&entry).map(|entry| entry.title.clone());
        let phrases: Vec<PhraseGap> = phrases
            .into_iter()
            .map(|phrase| PhraseGap {
                count: phrase.texts.len(),
                tickets: phrase
                    .texts
                    .iter()
                    .rev()
                    .filter_map(|&at| labels.get(at)?.ticket)
                    .take(EXAMPLES)
                    .collect(),
                words: phrase.words,
            })
            .collect();
        EntryGap {
            line: also_say(phrases.iter().map(|phrase| phrase.words.as_str())),
            title: title.unwrap_or_default(),
            entry,
            phrases,
        }
    })
    .collect()
}

fn missing_entries(unanswered: &[Ticket]) -> Vec<MissingEntry> {
    let bodies: Vec<String> = unanswered.iter().map(|of| of.details.body()).collect();
    let texts: Vec<(&str, &str)> = unanswered
        .iter()
        .zip(&bodies)
        .map(|(ticket, body)| (ticket.title.as_str(), body.as_str()))
        .collect();
    let gists: Vec<triage::Gist> = texts
        .iter()
        .map(|(title, body)| triage::gist(title, body))
        .collect();
    let mut clusters = triage::clusters(&gists);
    clusters.retain(|members| members.len() >= LEAST);
    clusters.sort_by_key(|members| std::cmp::Reverse(members.len()));
    let proposed = clusters.iter().take(PROPOSED);
    proposed
        .map(|members| {
            let of: Vec<(&str, &str)> = members
                .iter()
                .filter_map(|&place| texts.get(place).copied())
                .collect();
            let tickets = members.iter().filter_map(|&place| unanswered.get(place));
            let words = triage::common_words(&of, WORDS);
            MissingEntry {
                line: also_say(words.iter().map(String::as_str)),
                topic: commonest_topic(tickets.clone()),
                count: members.len(),
                tickets: tickets.map(|ticket| ticket.number).take(EXAMPLES).collect(),
                words,
            }
        })
        .collect()
}

fn commonest_topic<'t>(tickets: impl Iterator<Item = &'t Ticket>) -> Option<String> {
    let mut count = 0_usize;
    let mut topics: BTreeMap<&str, usize> = BTreeMap::new();
    for ticket in tickets {
        count += 1;
        if let Some(topic) = &ticket.classification.background {
            *topics.entry(topic).or_default() += 1;
        }
    }
    let (topic, having) = topics.into_iter().max_by_key(|(_, having)| *having)?;
    (2 * having > count).then(|| topic.to_owned())
}

/// The runbook's line for these phrases; commas part them there.
fn also_say<'p>(phrases: impl Iterator<Item = &'p str>) -> String {
    let plain: Vec<String> = phrases
        .map(|phrase| {
            let words = phrase.split(|c: char| c == ',' || c.is_whitespace() || c == '*');
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            words.join(" ")
        })
        .collect();
    format!("**Customers Also Say**: {}", plain.join(", "))
}

//! A digest as JSON.

use chrono::{DateTime, NaiveDate, Utc};
use desk::{DigestPreview, TicketFilter};
use serde::Serialize;
use ticketing::{
    digest::{Breach, ChecklistItem, CommonIssue, Gaps, PassedReview, Upcoming},
    report::{Rate, ReportName},
};
use utoipa::ToSchema;

use super::{figures_view::RowView, kpis_view::KpiView, links, view::GroupView};

/// What leads are mailed.
#[derive(Serialize, ToSchema)]
pub(crate) struct DigestView {
    /// `daily`, `weekly` or `monthly`.
    #[schema(example = "weekly")]
    period: String,
    /// When this one was due.
    due_at: DateTime<Utc>,
    /// It is of the tickets filed from this instant on.
    from: DateTime<Utc>,
    /// Until before this one.
    to: DateTime<Utc>,
    /// Whose clock and days count.
    #[schema(example = "Asia/Kathmandu")]
    time_zone: String,
    /// Open clocks are judged as of this instant.
    as_of: DateTime<Utc>,
    /// Whom digests are mailed to.
    recipients: Vec<String>,
    /// When the next one of this kind is due; null where this kind is off.
    next_at: Option<DateTime<Utc>>,
    /// The letter's subject.
    subject: String,
    /// The letter's plain text.
    text: String,
    /// As `total` of the report `sla` has them.
    figures: RowView,
    /// As the report `kpis` has them.
    kpis: Vec<KpiView>,
    /// Tickets filed by the end of the period that nobody has touched.
    untouched: u64,
    /// Open tickets now, whenever filed: `n` of the report `backlog`.
    open: u64,
    /// How many clocks were breached in the period, whenever their tickets were
    /// filed.
    breached: u64,
    /// The most urgent of them, at most 20.
    breaches: Vec<BreachView>,
    /// Which tickets breach next, soonest first, at most 10.
    next_breaches: Vec<UpcomingView>,
    /// The issues that most of the period's tickets have, at most 5.
    commonest: Vec<CommonIssueView>,
    /// What would make the runbook answer more tickets.
    gaps: GapsView,
    /// How often the runbook was replaced in the period.
    runbook_revisions: u64,
    /// The runbook's review date, where it has passed.
    review_overdue: Option<PassedReviewView>,
    /// The runbook's checks of such a period.
    checklist: Vec<ChecklistItemView>,
}

/// A target that was missed in the period.
#[derive(Serialize, ToSchema)]
pub(crate) struct BreachView {
    /// The ticket's key.
    #[schema(example = "T-1042")]
    ticket: String,
    /// Its title.
    title: String,
    urgency: String,
    /// `first_response` or `resolution`.
    clock: String,
    breached_at: DateTime<Utc>,
    /// By how many working seconds, so far where it still runs.
    over_seconds: i64,
    /// Whether the clock still runs.
    running: bool,
    /// How things stood then, by the ticket's timeline.
    #[schema(example = json!(["nobody was assigned"]))]
    reasons: Vec<String>,
    /// Where it is.
    link: String,
}

/// A clock that runs out.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpcomingView {
    /// The ticket's key.
    #[schema(example = "T-1042")]
    ticket: String,
    /// Its title.
    title: String,
    /// `first_response` or `resolution`.
    clock: String,
    /// When it is breached if nothing happens.
    breaches_at: DateTime<Utc>,
    /// Where it is.
    link: String,
}

/// An issue and how many tickets have it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommonIssueView {
    /// The entry's slug; null: no entry answers them.
    #[schema(example = "payment-failed")]
    entry: Option<String>,
    title: String,
    /// How many tickets.
    n: u64,
    /// Their share of the period's tickets.
    share: Option<f64>,
}

/// What the runbook lacks; all of it is at `/v1/runbook/gaps`.
#[derive(Serialize, ToSchema)]
pub(crate) struct GapsView {
    /// How many there are.
    count: usize,
    /// Entries that are missing, at most 5.
    entries: Vec<String>,
    /// Phrases that entries lack, of at most 5 entries.
    phrases: Vec<String>,
}

/// A review that is overdue.
#[derive(Serialize, ToSchema)]
pub(crate) struct PassedReviewView {
    due: NaiveDate,
    /// The runbook's line.
    line: Option<u32>,
}

/// A check of the runbook.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChecklistItemView {
    /// As the runbook says it.
    #[schema(example = "Review escalation metrics")]
    text: String,
    /// The runbook's line.
    line: u32,
    /// Whether the desk knows that it is done; what it cannot know is open.
    done: bool,
    /// What it knows of it.
    evidence: Option<String>,
}

impl DigestView {
    pub(super) fn of(preview: &DigestPreview) -> Self {
        let (digest, question) = (&preview.digest, &preview.question);
        let filter = links::group(question, &TicketFilter::default(), &[]);
        let n = digest.figures.n;
        let figures = RowView::of(
            ReportName::Sla,
            GroupView::new(),
            n,
            &digest.figures,
            &filter,
        );
        let edition = &digest.edition;
        Self {
            period: edition.period.to_string(),
            due_at: edition.at,
            from: edition.from,
            to: edition.to,
            time_zone: edition.zone.name().to_owned(),
            as_of: digest.as_of,
            recipients: preview.recipients.clone(),
            next_at: preview.next_at,
            subject: preview.subject.clone(),
            text: preview.text.clone(),
            figures,
            kpis: (digest.kpis.iter())
                .map(|kpi| KpiView::of(kpi, &filter))
                .collect(),
            untouched: digest.untouched,
            open: digest.backlog.n,
            breached: digest.breached,
            breaches: digest.breaches.iter().map(BreachView::from).collect(),
            next_breaches: digest.next.iter().map(UpcomingView::from).collect(),
            commonest: (digest.commonest.iter())
                .map(|issue| CommonIssueView::of(issue, n))
                .collect(),
            gaps: (&digest.gaps).into(),
            runbook_revisions: digest.revisions,
            review_overdue: digest.review.map(PassedReviewView::from),
            checklist: (digest.checklist.iter())
                .map(ChecklistItemView::from)
                .collect(),
        }
    }
}

impl From<&Breach> for BreachView {
    fn from(breach: &Breach) -> Self {
        Self {
            ticket: breach.ticket.to_string(),
            title: breach.title.clone(),
            urgency: breach.urgency.to_string(),
            clock: breach.clock.to_string(),
            breached_at: breach.at,
            over_seconds: breach.over_seconds,
            running: breach.running,
            reasons: breach.reasons.iter().map(ToString::to_string).collect(),
            link: format!("/v1/tickets/{}", breach.ticket),
        }
    }
}

impl From<&Upcoming> for UpcomingView {
    fn from(upcoming: &Upcoming) -> Self {
        let breach = &upcoming.breach;
        Self {
            ticket: breach.ticket.to_string(),
            title: upcoming.title.clone(),
            clock: breach.clock.to_string(),
            breaches_at: breach.at,
            link: format!("/v1/tickets/{}", breach.ticket),
        }
    }
}

impl CommonIssueView {
    fn of(issue: &CommonIssue, whole: u64) -> Self {
        let rate = Rate {
            part: issue.n,
            of: whole,
        };
        Self {
            entry: issue.entry.clone(),
            title: issue.title.clone(),
            n: issue.n,
            share: rate.share(),
        }
    }
}

impl From<&Gaps> for GapsView {
    fn from(gaps: &Gaps) -> Self {
        Self {
            count: gaps.count,
            entries: gaps.entries.clone(),
            phrases: gaps.phrases.clone(),
        }
    }
}

impl From<PassedReview> for PassedReviewView {
    fn from(review: PassedReview) -> Self {
        Self {
            due: review.due,
            line: review.line,
        }
    }
}

impl From<&ChecklistItem> for ChecklistItemView {
    fn from(item: &ChecklistItem) -> Self {
        Self {
            text: item.text.clone(),
            line: item.line,
            done: item.done,
            evidence: item.evidence.clone(),
        }
    }
}

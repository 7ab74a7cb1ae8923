//! A notice and the facts of its ticket as texts. Only what is masked already
//! goes in: the ticket's title and texts, rules, times. The reporter's name,
//! address and phone are never in a message to the team; who needs them
//! follows the link.

use askama::Template;
use runbook::{Entry, Level};
use ticketing::{Audience, Notice, NoticeKind, Ticket};

use crate::{
    clean::{lines, one_line},
    customer,
    look::Look,
    message::{self, Envelope, Message, PageAction},
};

/// How much of a ticket's own text a message quotes, in characters.
const EXCERPT: usize = 1200;
/// How many steps of the runbook a message lists.
const STEPS: usize = 12;

/// What a message about a ticket tells.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The outbox row.
    pub envelope: Envelope,
    /// What is told.
    pub notice: &'a Notice,
    /// About which ticket.
    pub ticket: &'a Ticket,
    /// The runbook's entry that answers it.
    pub entry: Option<&'a Entry>,
    /// The path under which the reporter says how it went.
    pub feedback: Option<&'a str>,
}

/// Writes a notice in the desk's look.
pub(crate) fn write(about: &Subject<'_>, look: &Look) -> Message {
    match about.notice.kind.audience() {
        Audience::Team => to_team(about, look),
        Audience::Reporter => customer::write(about, look),
    }
}

fn to_team(about: &Subject<'_>, look: &Look) -> Message {
    let page = Page::of(about, look);
    let envelope = &about.envelope;
    let subject = format!("[{}] {}: {}", page.key, page.headline, page.title);
    // The templates only read fields; writing into a string cannot fail.
    let text = TextPage { page: &page }.render().unwrap_or_default();
    let html = HtmlPage { page: &page }.render().unwrap_or_default();
    Message {
        id: envelope.id,
        about: page.key.clone(),
        subject: one_line(&subject, 160),
        text,
        html,
        message_id: envelope.message_id(look),
        thread_id: Some(format!("<ticket.{}@{}>", about.ticket.id, look.domain())),
        reply_to: None,
        link: page.link,
        page: paged(about),
        at: envelope.at,
    }
}

/// All pages of one escalation have one key, its repeats and its end included.
fn paged(about: &Subject<'_>) -> message::Page {
    let Notice { kind, cause, .. } = about.notice;
    let ticket = about.ticket.id;
    let escalation = cause.split(':').nth(1);
    let escalation = escalation.filter(|n| n.parse::<u32>().is_ok());
    message::Page {
        action: match kind {
            NoticeKind::PageAcknowledged => PageAction::Acknowledge,
            NoticeKind::PageResolved => PageAction::Resolve,
            _ => PageAction::Trigger,
        },
        key: match escalation {
            Some(n) => format!("{ticket}:escalation:{n}"),
            None => format!("{ticket}:{cause}"),
        },
        urgent: about.envelope.level >= Level::ENGINEERING,
    }
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct TextPage<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct HtmlPage<'a> {
    page: &'a Page,
}

/// What the templates show; every text is clean.
struct Page {
    key: String,
    headline: String,
    title: String,
    happened: String,
    reason: String,
    rules: Vec<String>,
    facts: Vec<(&'static str, String)>,
    excerpt: String,
    entry: Option<String>,
    steps: Vec<String>,
    link: Option<String>,
}

impl Page {
    fn of(about: &Subject<'_>, look: &Look) -> Self {
        let Subject {
            envelope: Envelope { level, at, .. },
            notice,
            ticket,
            entry,
            ..
        } = about;
        let key = ticket.number.to_string();
        Self {
            headline: headline(notice.kind, *level),
            title: one_line(&ticket.title, 120),
            happened: happened(notice.kind, *level, &look.time(*at)),
            reason: lines(&notice.reason, 600),
            rules: rules(ticket, *level),
            facts: facts(ticket, look),
            excerpt: lines(&ticket.details.body(), EXCERPT),
            entry: entry.map(|entry| one_line(&entry.title, 160)),
            steps: entry.map(steps).unwrap_or_default(),
            link: look.url(&format!("/v1/tickets/{key}")),
            key,
        }
    }
}

fn headline(kind: NoticeKind, level: Level) -> String {
    match kind {
        NoticeKind::Escalated => format!("escalated to level {level}"),
        NoticeKind::EscalationRepeated => format!("level {level} still waits"),
        NoticeKind::Deescalated => format!("lowered to level {level}"),
        NoticeKind::SlaAtRisk => "SLA target at risk".to_owned(),
        NoticeKind::SlaBreached => "SLA target missed".to_owned(),
        NoticeKind::PageAcknowledged => "acknowledged".to_owned(),
        NoticeKind::PageResolved => "over".to_owned(),
        NoticeKind::Received => "received".to_owned(),
        NoticeKind::Answered => "answered".to_owned(),
        NoticeKind::Solved => "resolved".to_owned(),
        NoticeKind::Undelivered => "a message came back".to_owned(),
    }
}

fn happened(kind: NoticeKind, level: Level, at: &str) -> String {
    match kind {
        NoticeKind::Escalated => {
            format!("The ticket was escalated to level {level} on {at}. Please acknowledge it.")
        }
        NoticeKind::EscalationRepeated => format!(
            "The ticket is at level {level} and nobody has acknowledged it by {at}. Please do."
        ),
        NoticeKind::Deescalated => format!("The ticket was lowered to level {level} on {at}."),
        NoticeKind::SlaAtRisk => format!("Most of a target's time was used up on {at}."),
        NoticeKind::SlaBreached => format!("A target was missed on {at}."),
        NoticeKind::PageAcknowledged => format!("The escalation was acknowledged on {at}."),
        NoticeKind::PageResolved => format!("There has been nothing to do since {at}."),
        NoticeKind::Received => format!("The ticket was filed on {at}."),
        NoticeKind::Answered => format!("The ticket was answered on {at}."),
        NoticeKind::Solved => format!("The ticket was resolved on {at}."),
        NoticeKind::Undelivered => {
            format!("A message about the ticket came back on {at}: its recipient was not told.")
        }
    }
}

/// The runbook's clauses behind the level, with revision and line.
fn rules(ticket: &Ticket, level: Level) -> Vec<String> {
    let reasons = ticket.level_reasons.iter();
    reasons
        .filter(|reason| reason.level == level)
        // What no clause asks for is a person's reason, and told as that.
        .filter_map(|reason| {
            let line = reason.line?;
            let mut escalations = ticket.escalations.iter().rev();
            let cited = escalations.find(|one| one.to == level && one.line == Some(line));
            let revision = cited.map_or(ticket.classification.runbook_revision, |one| {
                one.runbook_revision
            });
            let clause = one_line(&reason.text, 300);
            Some(format!(
                "{clause} (runbook revision {revision}, line {line})"
            ))
        })
        .collect()
}

fn facts(ticket: &Ticket, look: &Look) -> Vec<(&'static str, String)> {
    let clocks = &ticket.clocks;
    let due = |clock: &Option<ticketing::Clock>| {
        let due = clock.as_ref().and_then(|clock| clock.due_at);
        due.map(|at| look.time(at))
    };
    let assignee = ticket.assignee.as_deref().map(|name| one_line(name, 80));
    [
        ("Status", Some(ticket.status.to_string())),
        ("Level", Some(ticket.level.to_string())),
        ("Urgency", Some(ticket.urgency().to_string())),
        (
            "Assignee",
            Some(assignee.unwrap_or_else(|| "nobody".to_owned())),
        ),
        ("Filed", Some(look.time(ticket.created_at))),
        ("First response due", due(&clocks.first_response)),
        ("Resolution due", due(&clocks.resolution)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

fn steps(entry: &Entry) -> Vec<String> {
    let steps = entry.steps.iter().take(STEPS);
    steps.map(|step| one_line(&step.text, 300)).collect()
}

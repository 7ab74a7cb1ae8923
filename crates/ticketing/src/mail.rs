//! What a mail does to tickets: whose words it brings, where they go, and what
//! a new one is called (`domain.md` section 3).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    draft::Draft,
    event::{CommentAuthor, Visibility},
    id::TicketNumber,
    lifecycle::{NewAttachment, NewComment, Window, attach, comment, reopen},
    refusal::Refusal,
    settle::{Decided, Scene},
    ticket::{Bug, Details, Reporter, Ticket},
    words::{ClosedAs, Severity, Status},
};

/// Characters of a title.
const TITLE_MAX: usize = 200;

/// Whose words a mail to a ticket brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// The ticket's reporter.
    Reporter,
    /// The reporter of a ticket that was merged into it: their words reopen it,
    /// but are not shown to its own reporter.
    MergedReporter,
    /// Somebody else: for the team alone, and nothing moves.
    Stranger,
}

/// A mail to a ticket; its text and file names are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailReply {
    /// Whose words.
    pub writer: Writer,
    /// The words.
    pub text: String,
    /// Kinds of sensitive data that were masked.
    pub masked: Vec<String>,
    /// What came with it.
    pub files: Vec<NewAttachment>,
}

/// A mail as it was taken in.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct TakenReply {
    /// What follows for the ticket.
    pub decided: Decided,
    /// Files that the ticket does not take: name and why.
    pub refused: Vec<(String, String)>,
}

/// Whether a mail of the reporter can go on in this ticket: it is not closed,
/// or was closed within the window.
#[must_use]
pub fn takes_replies(ticket: &Ticket, writer: Writer, window: Window, scene: &Scene<'_>) -> bool {
    if ticket.status != Status::Closed {
        return true;
    }
    let closed_for = ticket.closed_at.map(|at| (scene.now - at).num_seconds());
    writer != Writer::Stranger
        && ticket.closed_as != Some(ClosedAs::Merged)
        && closed_for.is_none_or(|seconds| seconds <= window.0)
}

/// Takes a mail in as a comment with its files. The reporter's words reopen a
/// pending, resolved or just closed ticket; a stranger's are for the team.
///
/// # Errors
/// [`Refusal`] when the ticket does not take it; see [`takes_replies`].
pub fn take_reply(
    ticket: &Ticket,
    reply: &MailReply,
    window: Window,
    scene: &Scene<'_>,
) -> Result<TakenReply, Refusal> {
    let mut before = None;
    if ticket.status == Status::Closed {
        let why = Some("the reporter replied by mail".to_owned());
        before = Some(reopen(ticket, why, window, scene)?);
    }
    let (mut before, refused) = attach_all(before, ticket, &reply.files, scene);
    let now = before.as_ref().map_or(ticket, |decided| &decided.ticket);
    let mut text = reply.text.clone();
    if let Some(lines) = not_kept(&refused) {
        text = format!("{text}\n\n{lines}");
    }
    let new = NewComment {
        visibility: match reply.writer {
            Writer::Reporter => Visibility::Public,
            Writer::MergedReporter | Writer::Stranger => Visibility::Internal,
        },
        author: match reply.writer {
            Writer::Reporter | Writer::MergedReporter => CommentAuthor::Reporter,
            Writer::Stranger => CommentAuthor::Agent,
        },
        text,
        masked: reply.masked.clone(),
    };
    let said = comment(now, new, scene)?;
    let decided = match before.take() {
        Some(before) => before.then(said),
        None => said,
    };
    Ok(TakenReply { decided, refused })
}

/// The files of a mail that made a ticket; what it does not take is named in a
/// note for the team.
///
/// # Errors
/// [`Refusal`], which a ticket just filed does not give.
pub fn take_files(
    filed: Decided,
    files: &[NewAttachment],
    mut unfit: Vec<(String, String)>,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let ticket = filed.ticket.clone();
    let (taken, refused) = attach_all(Some(filed), &ticket, files, scene);
    unfit.extend(refused);
    let Some(taken) = taken else {
        // Begun with one, so there is one.
        return Err(Refusal::TooManyAttachments { max: 0 });
    };
    let Some(text) = not_kept(&unfit) else {
        return Ok(taken);
    };
    let note = NewComment {
        visibility: Visibility::Internal,
        author: CommentAuthor::Agent,
        text,
        masked: Vec::new(),
    };
    let noted = comment(&taken.ticket, note, scene)?;
    Ok(taken.then(noted))
}

fn attach_all(
    mut before: Option<Decided>,
    ticket: &Ticket,
    files: &[NewAttachment],
    scene: &Scene<'_>,
) -> (Option<Decided>, Vec<(String, String)>) {
    let mut refused = Vec::new();
    for file in files {
        let now = before.as_ref().map_or(ticket, |decided| &decided.ticket);
        match attach(now, file.clone(), scene) {
            Ok(attached) => {
                before = Some(match before.take() {
                    Some(before) => before.then(attached),
                    None => attached,
                });
            }
            Err(refusal) => refused.push((file.name.clone(), refusal.to_string())),
        }
    }
    (before, refused)
}

/// What is said of files that were not kept.
#[must_use]
pub fn not_kept(refused: &[(String, String)]) -> Option<String> {
    let line = |(name, why): &(String, String)| format!("[File not kept: {name}: {why}]");
    let lines: Vec<String> = refused.iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether the ticket's reporter has this mail address.
#[must_use]
pub fn is_reporter(ticket: &Ticket, address: &str) -> bool {
    let known = ticket.reporter.email.as_deref();
    known.is_some_and(|known| known.trim().eq_ignore_ascii_case(address.trim()))
}

/// The ticket that a subject names, such as `Re: [T-1042] Cannot pay`.
#[must_use]
pub fn subject_ticket(subject: &str) -> Option<TicketNumber> {
    subject
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .find_map(|word| {
            let digits = word
                .strip_prefix("T-")
                .or_else(|| word.strip_prefix("t-"))?;
            let plain = digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number: i64 = plain.then(|| digits.parse().ok()).flatten()?;
            (number > 0).then_some(TicketNumber(number))
        })
}

/// A mail as a bug report: its subject, its text, and who wrote it.
#[must_use]
pub fn mail_draft(subject: &str, text: &str, reporter: Reporter) -> Draft {
    Draft {
        title: title(subject, text),
        details: Details::Bug(Bug {
            severity: Severity::Medium,
            affected_users: None,
            steps_to_reproduce: Vec::new(),
            expected: None,
            actual: if text.is_empty() {
                "(the mail has no text)".to_owned()
            } else {
                text.to_owned()
            },
            browser_device: None,
            screenshots: Vec::new(),
        }),
        extra: BTreeMap::new(),
        reporter,
        external_ref: None,
        tags: Vec::new(),
        metadata: serde_json::Map::new(),
        masked: Vec::new(),
    }
}

/// The subject without `Re:` and `Fwd:`; the first line of the text where there
/// is none.
fn title(subject: &str, text: &str) -> String {
    let mut rest = subject.trim();
    while let Some((before, after)) = rest.split_once(':') {
        let prefix = before.trim().to_ascii_lowercase();
        if !matches!(
            prefix.as_str(),
            "re" | "fw" | "fwd" | "aw" | "wg" | "sv" | "tr"
        ) {
            break;
        }
        rest = after.trim();
    }
    let first = text.lines().find(|line| !line.trim().is_empty());
    let found = if rest.is_empty() {
        first.unwrap_or("(no subject)")
    } else {
        rest
    };
    let plain = found.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.take(TITLE_MAX).collect();
    plain.trim().to_owned()
}

/// The part of a mail that can be the runbook's template filled in: from the
/// line on that has the title.
#[must_use]
pub fn pasted_form(text: &str) -> Option<String> {
    let begins = |line: &&str| {
        let line = line
            .trim_start_matches(['*', '-', '_', '>', ' '])
            .to_lowercase();
        let rest = line.strip_prefix("title");
        rest.is_some_and(|rest| rest.trim_start_matches(['*', '_', ' ']).starts_with(':'))
    };
    let lines: Vec<&str> = text.lines().skip_while(|line| !begins(line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

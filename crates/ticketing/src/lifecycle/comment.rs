//! Comments: an agent's or the reporter's words.

use crate::{
    event::{Comment, CommentAuthor, EventKind, Visibility},
    mark::MarkKind,
    notice::NoticeKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    words::Status,
};

/// A comment to be made; its text is masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComment {
    /// Whether the reporter sees it.
    pub visibility: Visibility,
    /// Whose words they are.
    pub author: CommentAuthor,
    /// The words.
    pub text: String,
    /// Kinds of sensitive data that were masked.
    pub masked: Vec<String>,
}

/// Adds a comment. An agent's first public one is the first response; the
/// reporter's words reopen a pending or resolved ticket.
///
/// # Errors
/// [`Refusal::IllegalMove`] for a closed ticket.
pub fn comment(ticket: &Ticket, new: NewComment, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    if ticket.status == Status::Closed {
        return Err(changing.illegal("commented"));
    }
    let by_agent = new.author == CommentAuthor::Agent && scene.actor.works_on_tickets();
    // An agent who filed the ticket about themselves cannot answer themselves.
    let answers = by_agent
        && new.visibility == Visibility::Public
        && ticket.reporter.email.as_deref() != Some(scene.actor.name.as_str());
    let answered = ticket
        .marks
        .iter()
        .any(|mark| matches!(mark.what, MarkKind::Respond | MarkKind::Stop));
    if by_agent {
        changing.open_if_new();
    }
    changing.record(EventKind::Commented(Comment {
        visibility: new.visibility,
        author: new.author,
        text: new.text.clone(),
        masked: new.masked,
        first_response: answers && !answered,
    }));
    if answers {
        changing.tell_reporter(NoticeKind::Answered, new.text);
    }
    if new.author == CommentAuthor::Reporter {
        match ticket.status {
            Status::Pending => changing.record(EventKind::StatusChanged {
                from: Status::Pending,
                to: Status::Open,
            }),
            Status::Resolved => changing.record(EventKind::Reopened {
                from: Status::Resolved,
                reason: Some("the reporter replied".to_owned()),
            }),
            Status::New | Status::Open | Status::Closed => {}
        }
    }
    Ok(changing.settle())
}

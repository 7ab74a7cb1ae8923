//! `POST /inbound`: mail in.

use actix_web::{
    post,
    web::{Data, Json},
};
use desk::{Desk, MailTaken};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        auth::Principal,
        body::RawBody,
        problem::{ApiError, Problem, Problems},
    },
    tickets::pasted_draft,
};

/// Bytes of a mail: 16 MiB, which carries a file of 10 MiB in base64.
const MAIL_MAX: usize = 16 << 20;

/// What became of a mail.
#[derive(Serialize, ToSchema)]
pub(crate) struct InboundOutcome {
    /// `ticket`, `comment`, `ignored` or `bounce`.
    outcome: OutcomeWord,
    /// The ticket that it made or went to.
    #[schema(required = true, example = "T-1042")]
    ticket: Option<String>,
    /// Why it was not taken as its writer may have meant it.
    #[schema(required = true)]
    reason: Option<String>,
}

/// What became of a mail, in a word.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutcomeWord {
    /// It made a ticket.
    Ticket,
    /// It became a comment.
    Comment,
    /// No person wrote it.
    Ignored,
    /// A message of the desk came back.
    Bounce,
}

impl From<MailTaken> for InboundOutcome {
    fn from(taken: MailTaken) -> Self {
        Self {
            outcome: match taken.outcome.as_str() {
                "ticket" => OutcomeWord::Ticket,
                "comment" => OutcomeWord::Comment,
                "bounce" => OutcomeWord::Bounce,
                _ => OutcomeWord::Ignored,
            },
            ticket: taken.ticket.map(|ticket| ticket.to_string()),
            reason: taken.reason,
        }
    }
}

/// Take a mail in
///
/// A raw message (RFC 5322), as a mail server's pipe or hook has it. A reply
/// becomes a comment of its ticket's reporter, and takes the ticket up again; a
/// mail from anyone else in the thread is a comment for the team. A new mail
/// becomes a ticket: the runbook's template pasted into it is read, any other
/// text is a bug report. Automatic mails are ignored, a bounce marks its
/// notification. The same `Message-ID` is answered as it was the first time.
#[utoipa::path(
    tag = "tickets",
    request_body(content = String, content_type = "message/rfc822", example = "From: Sita <sita@example.com>\r\nSubject: Cannot pay\r\n\r\nThe gateway answers 502."),
    responses(
        (status = 200, description = "What became of it", body = InboundOutcome),
        (status = 408, description = "The body did not arrive within 30 s", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The mail is larger than 16 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not message/rfc822, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It cannot be read as a mail, or names no sender", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/inbound")]
pub(crate) async fn receive_mail(
    desk: Data<Desk>,
    who: Principal,
    body: RawBody<MAIL_MAX>,
) -> Result<Json<InboundOutcome>, ApiError> {
    if body.media_type != "message/rfc822" {
        return Err(ApiError::UnsupportedMediaType(
            "send message/rfc822".to_owned(),
        ));
    }
    let form = |text: &str| pasted_draft(&desk, text);
    Ok(Json(desk.take_mail(&who.0, body.bytes, form).await?.into()))
}

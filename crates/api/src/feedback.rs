//! `/feedback/{token}`: the reporter says how a resolution went, by the link of
//! their mail and without a key. A page that works without scripts.

use actix_web::{
    HttpResponse, get,
    http::{StatusCode, header},
    post,
    web::{Data, Path},
};
use askama::Template;
use desk::{Desk, DeskError};
use serde::{Deserialize, Serialize};
use ticketing::{Refusal, Score};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::{
    body::{self, RawBody},
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

const FORM: &str = "application/x-www-form-urlencoded";
/// No script can run, nothing is loaded, and no other page can frame it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";
/// Bytes of what is said.
const SAID_MAX: usize = 16 * 1024;

/// How it went.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"score": 5, "words": "Quick and friendly"}))]
pub(crate) struct GiveFeedback {
    /// From 1 (very dissatisfied) to 5 (very satisfied).
    #[validate(range(min = 1, max = 5, message = "must be a number from 1 to 5"))]
    #[schema(minimum = 1, maximum = 5)]
    score: u8,
    /// In words.
    #[serde(default)]
    #[validate(length(max = 2000, message = "must have at most 2000 characters"))]
    #[schema(max_length = 2000)]
    words: Option<String>,
}

/// What was recorded.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeedbackGiven {
    /// The score.
    #[schema(minimum = 1, maximum = 5)]
    score: u8,
}

#[derive(Template)]
#[template(path = "feedback.html")]
struct Page {
    /// What is asked about.
    about: Option<String>,
    /// What there is to say first.
    said: Option<String>,
    /// Whether the question is asked.
    asks: bool,
}

/// Show the question
///
/// The page behind the link of a mail. Looking records nothing: mail scanners
/// open links.
#[utoipa::path(
    tag = "feedback",
    security(()),
    params(("token" = String, Path, description = "The link's token")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "The link is not the desk's, or older than 30 days", body = String, content_type = "text/html"),
        Problems,
    )
)]
#[get("/{token}")]
pub(crate) async fn show_feedback(
    desk: Data<Desk>,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    match desk.feedback_asked(&path).await {
        Ok(asked) => {
            let page = Page {
                about: Some(format!("[{}] {}", asked.number, asked.title)),
                said: asked
                    .given
                    .map(|score| format!("You gave {} of 5. Thank you.", score.number())),
                asks: asked.given.is_none(),
            };
            Ok(page.answer(StatusCode::OK))
        }
        Err(error) => told(error),
    }
}

/// Say how it went
///
/// Once per link, as JSON or as the page's form; answered in kind.
#[utoipa::path(
    tag = "feedback",
    security(()),
    params(("token" = String, Path, description = "The link's token")),
    request_body(content((GiveFeedback = "application/json"), (GiveFeedback = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "Recorded", content((FeedbackGiven = "application/json"), (String = "text/html"))),
        (status = 404, description = "The link is not the desk's, or older than 30 days", content((Problem = "application/problem+json"), (String = "text/html"))),
        (status = 409, description = "A score was given by this link before", content((Problem = "application/problem+json"), (String = "text/html"))),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Neither JSON nor a form, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", content((Problem = "application/problem+json"), (String = "text/html"))),
        Problems,
    )
)]
#[post("/{token}")]
pub(crate) async fn give_feedback(
    desk: Data<Desk>,
    path: Path<String>,
    raw: RawBody<SAID_MAX>,
) -> Result<HttpResponse, ApiError> {
    match raw.media_type.as_str() {
        "application/json" => {
            let said: GiveFeedback = body::parse(&raw.bytes)?;
            let score = record(&desk, &path, said).await?;
            Ok(HttpResponse::Ok().json(FeedbackGiven { score }))
        }
        FORM => match by_form(&desk, &path, &raw.bytes).await {
            Ok(_) => Ok(saying(StatusCode::OK, "Thank you for telling us.", false)),
            Err(ApiError::Invalid(_) | ApiError::Malformed(_)) => {
                let choose = "Please choose a number from 1 to 5; words may have 2000 characters.";
                Ok(saying(StatusCode::UNPROCESSABLE_ENTITY, choose, true))
            }
            Err(ApiError::Desk(error)) => told(error),
            Err(other) => Err(other),
        },
        _ => Err(ApiError::UnsupportedMediaType(format!(
            "send application/json or {FORM}"
        ))),
    }
}

async fn by_form(desk: &Desk, token: &str, bytes: &[u8]) -> Result<u8, ApiError> {
    let said: Result<GiveFeedback, _> = serde_urlencoded::from_bytes(bytes);
    // The text of the fault may quote what was written.
    let said = said.or(Err(ApiError::Malformed("not the page's form".to_owned())))?;
    body::check(&said)?;
    record(desk, token, said).await
}

async fn record(desk: &Desk, token: &str, said: GiveFeedback) -> Result<u8, ApiError> {
    let score = Score::new(said.score)
        .ok_or_else(|| ApiError::Invalid(vec![Fault::new("/score", "range", "must be 1 to 5")]))?;
    let words = said.words.map(|words| words.trim().to_owned());
    let words = words.filter(|words| !words.is_empty());
    desk.give_feedback(token, score, words).await?;
    Ok(score.number())
}

/// A refusal as a page; what is not the reader's fault stays a problem.
fn told(error: DeskError) -> Result<HttpResponse, ApiError> {
    match error {
        DeskError::NotFound { .. } => Ok(saying(
            StatusCode::NOT_FOUND,
            "This link is not valid any more.",
            false,
        )),
        DeskError::Refused(Refusal::AlreadyRated | Refusal::Merged { .. }) => Ok(saying(
            StatusCode::CONFLICT,
            "We have your answer already. Thank you.",
            false,
        )),
        other => Err(other.into()),
    }
}

fn saying(status: StatusCode, words: &str, asks: bool) -> HttpResponse {
    let page = Page {
        about: None,
        said: Some(words.to_owned()),
        asks,
    };
    page.answer(status)
}

impl Page {
    fn answer(&self, status: StatusCode) -> HttpResponse {
        HttpResponse::build(status)
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .content_type("text/html; charset=utf-8")
            // The template only reads fields; writing into a string cannot fail.
            .body(self.render().unwrap_or_default())
    }
}

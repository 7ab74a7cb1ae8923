//! `POST` and `GET /tickets/{ticket}/attachments`, and their content.

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    get,
    http::header::{
        self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
    },
    post,
    web::{Bytes, Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{Act, Attachment, Changed, Desk, DeskError};
use futures_util::{Stream, stream};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::find::ticket_ref;
use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    file::UploadedFile,
    headers::{IfMatch, etag, none_match, request_key},
    problem::{ApiError, Problem, Problems},
};

/// The parts of the body.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the form of the document; the body is read part by part"
)]
pub(crate) struct AttachFile {
    /// The file, up to 10 MiB: PNG, JPEG, GIF, WebP, AVIF, HEIF, MP4, WebM, PDF,
    /// ZIP, gzip or UTF-8 text. What it is, its content says.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// An attached file.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttachmentView {
    /// Its identity.
    id: Uuid,
    /// Its name, masked, without path.
    #[schema(example = "checkout.png")]
    name: String,
    /// What its content is.
    #[schema(example = "image/png")]
    media_type: String,
    /// In bytes.
    size: i64,
    /// SHA-256 of the content in hex.
    sha256: String,
    /// When it was attached.
    at: DateTime<Utc>,
    /// The access key's name that attached it.
    by: String,
}

/// The attachments of a ticket, oldest first; there are at most 20.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttachmentList {
    /// The attachments.
    items: Vec<AttachmentView>,
}

impl AttachmentView {
    fn of(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id,
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            sha256: attachment.sha256.clone(),
            at: attachment.at,
            by: attachment.by.clone(),
        }
    }
}

/// Attach a file to a ticket
///
/// `multipart/form-data` with one part named `file`. A ticket takes 20 files
/// and 50 MiB of them.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the ticket you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    request_body(content = AttachFile, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Attached", body = AttachmentView,
         headers(("ETag" = String, description = "The ticket's version"), ("Location" = String, description = "Where the content is"))),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive within 60 s", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is closed, or a request with this key is running", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is larger than 10 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not multipart/form-data, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No file, an empty one, content of a type that is not taken, or more than the ticket takes", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/tickets/{ticket}/attachments")]
pub(crate) async fn attach_file(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<String>,
    seen: IfMatch,
    file: UploadedFile,
) -> Result<HttpResponse, ApiError> {
    let file = file.0;
    // Not the body: a repeat may part it at another boundary.
    let key = request_key(
        &request,
        &[file.name.as_bytes(), b"\0", &file.content].concat(),
    )?;
    let act = Act {
        actor: &who.0,
        ticket: ticket_ref(&path)?,
        seen: seen.0,
        request: key.as_ref(),
    };
    let render = |changed: &Changed, attachment: &Attachment| {
        let (ticket, id) = (changed.ticket.id, attachment.id);
        let location = format!("/v1/tickets/{ticket}/attachments/{id}");
        let view = AttachmentView::of(attachment);
        stored(201, Some(location), Some(etag(changed.version)), &view)
    };
    Ok(respond(desk.attach_file(act, file, render).await?))
}

/// List a ticket's attachments
///
/// Oldest first.
#[utoipa::path(
    tag = "tickets",
    params(("ticket" = String, Path, description = "Id or key", example = "T-1042")),
    responses(
        (status = 200, description = "The attachments", body = AttachmentList),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/attachments")]
pub(crate) async fn list_attachments(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<AttachmentList>, ApiError> {
    let found = desk.attachments(&who.0, ticket_ref(&path)?).await?;
    let items = found.iter().map(AttachmentView::of).collect();
    Ok(Json(AttachmentList { items }))
}

/// Download an attachment
///
/// Always as a download, never shown in place: the headers forbid it. The
/// `ETag` is the content's SHA-256.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("attachment" = String, Path, description = "The attachment's id"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag you have"),
    ),
    responses(
        (status = 200, description = "The content, of the attachment's own media type", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/gif"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"), (Vec<u8> = "image/heif"), (Vec<u8> = "video/mp4"), (Vec<u8> = "video/webm"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/zip"), (Vec<u8> = "application/gzip"), (Vec<u8> = "text/plain")),
         headers(("ETag" = String, description = "Its SHA-256"), ("Content-Disposition" = String, description = "Its name, RFC 6266"))),
        (status = 304, description = "As you have it"),
        (status = 404, description = "No such ticket or attachment", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/attachments/{attachment}")]
pub(crate) async fn download_attachment(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (ticket, id) = path.into_inner();
    let by = ticket_ref(&ticket)?;
    let id = id
        .parse()
        .map_err(|_source: uuid::Error| DeskError::NotFound {
            what: "attachment",
            id: id.chars().take(64).collect(),
        })?;
    let found = desk.attachment(&who.0, by, id).await?;
    let tag = format!("\"{}\"", found.sha256);
    if none_match(&request, &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, tag))
            .finish());
    }
    let size = u64::try_from(found.size).unwrap_or_default();
    Ok(HttpResponse::Ok()
        .content_type(found.media_type.as_str())
        .insert_header((header::ETAG, tag))
        .insert_header(disposition(&found.name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(SizedStream::new(
            size,
            Box::pin(content(Desk::clone(&desk), found)),
        )))
}

/// Chunk after chunk, each read when the connection has taken the last one.
fn content(desk: Desk, of: Attachment) -> impl Stream<Item = Result<Bytes, DeskError>> {
    stream::unfold((desk, of, Some(0)), |(desk, of, n)| async move {
        let n = n?;
        match desk.attachment_chunk(&of, n).await {
            Ok(chunk) => Some((Ok(Bytes::from(chunk?)), (desk, of, Some(n + 1)))),
            // The length that was announced tells the client.
            Err(error) => {
                tracing::error!(%error, "an attachment could not be read to its end");
                Some((Err(error), (desk, of, None)))
            }
        }
    })
}

/// The name for old clients in ASCII, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> ContentDisposition {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ';
    let ascii = name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(ascii),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}

//! A file in a `multipart/form-data` body (RFC 7578): bounded in size and time,
//! never on disk.

use std::{future::Future, pin::Pin};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::CONTENT_ENCODING};
use desk::{FILE_MAX, NewFile};
use futures_util::StreamExt;
use tokio::sync::Semaphore;

use super::{
    body::{BodyDeadline, media_type},
    fault::Fault,
    problem::ApiError,
};

/// Files that are received at once: they are held in memory.
static RECEIVING: Semaphore = Semaphore::const_new(8);
/// The name of the part that holds the file.
const PART: &str = "file";

/// The one file of a body.
#[derive(Debug)]
pub(crate) struct UploadedFile(pub(crate) NewFile);

impl FromRequest for UploadedFile {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if request.headers().contains_key(CONTENT_ENCODING) {
                return Err(ApiError::UnsupportedMediaType(
                    "compressed bodies are not taken; send it plain".to_owned(),
                ));
            }
            if media_type(&request) != "multipart/form-data" {
                return Err(ApiError::UnsupportedMediaType(
                    "send multipart/form-data with a part named file".to_owned(),
                ));
            }
            let parts = Multipart::new(request.headers(), payload);
            // A file of full size over a slow line; a dribbled one ends here.
            let deadline = BodyDeadline::of(&request) * 2;
            let received = tokio::time::timeout(deadline, async {
                // Nobody closes it.
                let _turn = RECEIVING.acquire().await;
                receive(parts).await
            });
            received.await.unwrap_or(Err(ApiError::TooSlow))
        })
    }
}

async fn receive(mut parts: Multipart) -> Result<UploadedFile, ApiError> {
    let mut found = None;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| malformed(&error))?;
        if part.name() != Some(PART) {
            let name = part.name().unwrap_or_default();
            let name: String = name.chars().take(64).collect();
            return Err(refused(&format!("/{name}"), "is not a part here"));
        }
        if found.is_some() {
            return Err(refused("/file", "send one file at a time"));
        }
        found = Some(receive_file(part).await?);
    }
    found
        .map(UploadedFile)
        .ok_or_else(|| refused("/file", "is required"))
}

async fn receive_file(mut part: Field) -> Result<NewFile, ApiError> {
    let disposition = part.content_disposition();
    let extended = disposition
        .and_then(|disposition| disposition.get_filename_ext())
        .map(|name| String::from_utf8_lossy(&name.value).into_owned());
    let name = extended.or_else(|| Some(disposition?.get_filename()?.to_owned()));
    let mut content = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| malformed(&error))?;
        if content.len() + chunk.len() > FILE_MAX {
            return Err(ApiError::TooLarge(FILE_MAX));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(NewFile {
        name: name.unwrap_or_default(),
        content,
    })
}

fn refused(pointer: &str, message: &str) -> ApiError {
    ApiError::Invalid(vec![Fault::new(pointer, "invalid", message)])
}

fn malformed(error: &MultipartError) -> ApiError {
    ApiError::Malformed(format!("the body is not multipart/form-data: {error}"))
}

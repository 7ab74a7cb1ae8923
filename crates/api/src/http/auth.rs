//! Who asks: the bearer key, looked at before anything of the body.

use std::future::{Ready, ready};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::AUTHORIZATION,
    middleware::Next,
    web::Data,
};
use desk::Desk;
use ticketing::Actor;

use super::{limit::Limits, problem::ApiError};

/// The actor of an authenticated request.
#[derive(Clone, Debug)]
pub(crate) struct Principal(pub(crate) Actor);

impl FromRequest for Principal {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or(ApiError::Unauthorized),
        )
    }
}

/// Lets a request in whose key is good and within its rate.
pub(crate) async fn authenticate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let Some(desk) = request.app_data::<Data<Desk>>().cloned() else {
        return Err(ApiError::Unauthorized.into());
    };
    let Some(token) = bearer(&request) else {
        return Err(ApiError::Unauthorized.into());
    };
    let actor = desk.authenticate(&token).await.map_err(ApiError::from)?;
    let actor = actor.ok_or(ApiError::Unauthorized)?;
    let spent = match request.app_data::<Data<Limits>>() {
        Some(limits) => limits.spend(&actor.name)?,
        None => None,
    };
    request.extensions_mut().insert(Principal(actor));
    let mut response = next.call(request).await?;
    if let Some(spent) = spent {
        spent.write_headers(response.headers_mut());
    }
    Ok(response)
}

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1).
fn bearer(request: &ServiceRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512;
    fits.then(|| token.to_owned())
}

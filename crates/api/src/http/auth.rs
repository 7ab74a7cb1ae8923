//! Who asks: the bearer key, looked at before anything of the body.

use std::future::{Ready, ready};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::AUTHORIZATION,
    middleware::Next,
    web::Data,
};
use desk::Desk;
use ticketing::Actor;

use super::{
    limit::{Limits, Spent},
    problem::ApiError,
};

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

/// Lets a request in whose key is good and within its rate. A refusal is an
/// answer like any other, so that it is logged and carries its request id.
pub(crate) async fn authenticate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match admit(&request).await {
        Ok(spent) => {
            let mut response = next.call(request).await?;
            if let Some(spent) = spent {
                spent.write_headers(response.headers_mut());
            }
            Ok(response.map_into_left_body())
        }
        Err(refused) => {
            let response = refused.error_response();
            Ok(request.into_response(response).map_into_right_body())
        }
    }
}

async fn admit(request: &ServiceRequest) -> Result<Option<Spent>, ApiError> {
    let desk = request.app_data::<Data<Desk>>().cloned();
    let desk = desk.ok_or(ApiError::Unauthorized)?;
    let token = bearer(request).ok_or(ApiError::Unauthorized)?;
    let actor = desk.authenticate(&token).await?;
    let actor = actor.ok_or(ApiError::Unauthorized)?;
    let spent = match request.app_data::<Data<Limits>>() {
        Some(limits) => limits.spend(&actor.name)?,
        None => None,
    };
    request.extensions_mut().insert(Principal(actor));
    Ok(spent)
}

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1).
fn bearer(request: &ServiceRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512;
    fits.then(|| token.to_owned())
}

//! Liveness and readiness, for load balancers and operators.

use actix_web::{
    HttpResponse, get,
    web::{Data, Json},
};
use desk::Desk;
use serde::Serialize;
use utoipa::ToSchema;

/// The process lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: String,
}

/// Whether the desk can serve.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    /// `ready` or `unavailable`.
    #[schema(example = "ready")]
    status: String,
    /// What keeps it from serving.
    problems: Vec<String>,
    /// What is only incomplete, such as a level that nobody can be told at.
    warnings: Vec<String>,
}

/// Is the process alive
///
/// Says nothing about the database; see `/readyz`.
#[utoipa::path(tag = "health", security(()), responses((status = 200, description = "It is", body = Health)))]
#[get("/healthz")]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health {
        status: "ok".to_owned(),
    })
}

/// Can the desk serve
///
/// 503 with what is wrong; 200 with `warnings` for what is only incomplete.
#[utoipa::path(
    tag = "health",
    security(()),
    responses(
        (status = 200, description = "It can", body = Ready),
        (status = 503, description = "It cannot", body = Ready),
    )
)]
#[get("/readyz")]
pub(crate) async fn readyz(desk: Data<Desk>) -> HttpResponse {
    let found = desk.readiness().await;
    let ready = found.problems.is_empty();
    let status = if ready { "ready" } else { "unavailable" }.to_owned();
    let body = Ready {
        status,
        problems: found.problems,
        warnings: found.warnings,
    };
    if ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

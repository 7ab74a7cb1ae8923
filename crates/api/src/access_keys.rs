//! `/access-keys`: who may talk to the desk; admins only.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{AccessKey, Desk};
use serde::{Deserialize, Serialize};
use ticketing::Role;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::http::{
    auth::Principal,
    body::Valid,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "shop-frontend", "role": "tool"}))]
pub(crate) struct NewAccessKey {
    /// The actor's name in every event; unique.
    #[validate(custom(function = name))]
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]*$"
    )]
    name: String,
    /// What it may do.
    role: RoleWord,
    /// Until when it is good.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleWord {
    /// File tickets, read its own.
    Tool,
    /// Work on tickets.
    Agent,
    /// An agent with reports.
    Lead,
    /// Everything.
    Admin,
}

/// A key as it is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessKeyView {
    /// Its identity.
    id: Uuid,
    /// Who holds it.
    name: String,
    /// What it may do.
    role: RoleWord,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// By whom.
    created_by: String,
    /// Until when it is good.
    expires_at: Option<DateTime<Utc>>,
    /// Since when it is not.
    revoked_at: Option<DateTime<Utc>>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedAccessKey {
    /// The key: shown this once, kept as a hash.
    #[schema(example = "rd_…")]
    key: String,
    /// What is kept of it.
    access_key: AccessKeyView,
}

/// All keys, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessKeyList {
    /// The keys.
    items: Vec<AccessKeyView>,
}

fn name(name: &str) -> Result<(), ValidationError> {
    if desk::is_actor_name(name) {
        return Ok(());
    }
    let mut error = ValidationError::new("invalid");
    error.message = Some(desk::ACTOR_NAMES.into());
    Err(error)
}

/// Make an access key
///
/// The key itself is shown this once; the desk keeps a hash.
#[utoipa::path(
    tag = "access keys",
    request_body = NewAccessKey,
    responses(
        (status = 201, description = "The key", body = CreatedAccessKey),
        (status = 409, description = "The name is taken", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/access-keys")]
pub(crate) async fn create_access_key(
    desk: Data<Desk>,
    who: Principal,
    body: Valid<NewAccessKey>,
) -> Result<HttpResponse, ApiError> {
    let NewAccessKey {
        name,
        role,
        expires_at,
    } = body.0;
    if expires_at.is_some_and(|until| until <= desk.now()) {
        let fault = Fault::new("/expires_at", "invalid", "must lie in the future");
        return Err(ApiError::Invalid(vec![fault]));
    }
    let made = desk
        .create_access_key(&who.0, &name, role.into(), expires_at)
        .await?;
    Ok(HttpResponse::Created().json(CreatedAccessKey {
        key: made.secret,
        access_key: AccessKeyView::of(&made.key),
    }))
}

/// List access keys
///
/// Never the keys themselves.
#[utoipa::path(
    tag = "access keys",
    responses(
        (status = 200, description = "The keys", body = AccessKeyList),
        Problems,
    )
)]
#[get("/access-keys")]
pub(crate) async fn list_access_keys(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<AccessKeyList>, ApiError> {
    let keys = desk.list_access_keys(&who.0).await?;
    Ok(Json(AccessKeyList {
        items: keys.iter().map(AccessKeyView::of).collect(),
    }))
}

/// Revoke an access key
///
/// It is refused from now on; by other replicas within five seconds.
#[utoipa::path(
    tag = "access keys",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 404, description = "No such key", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[delete("/access-keys/{id}")]
pub(crate) async fn revoke_access_key(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = path
        .parse()
        .map_err(|_source: uuid::Error| desk::DeskError::NotFound {
            what: "access key",
            id: path.chars().take(64).collect(),
        })?;
    desk.revoke_access_key(&who.0, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl AccessKeyView {
    fn of(key: &AccessKey) -> Self {
        Self {
            id: key.id,
            name: key.name.clone(),
            role: key.role.into(),
            created_at: key.created_at,
            created_by: key.created_by.clone(),
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Tool => Self::Tool,
            RoleWord::Agent => Self::Agent,
            RoleWord::Lead => Self::Lead,
            RoleWord::Admin => Self::Admin,
        }
    }
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Tool => Self::Tool,
            Role::Agent => Self::Agent,
            Role::Lead => Self::Lead,
            Role::Admin => Self::Admin,
        }
    }
}

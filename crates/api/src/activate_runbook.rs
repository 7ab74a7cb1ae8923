//! `PUT /runbook` and `GET /runbook/revisions`.

use actix_web::{
    HttpResponse, get, put,
    web::{Data, Json, Query},
};
use chrono::{DateTime, Utc};
use desk::{Activated, Desk, RunbookChange, RunbookRevision};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        auth::Principal,
        body::{RawBody, RawTextSchema},
        fault::Fault,
        problem::{ApiError, Problem, Problems},
    },
    runbook_routes::DiagnosticView,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivateQuery {
    /// Only say what it would change; leads may.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
}

/// What a runbook changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivationView {
    /// Whether it is active now.
    activated: bool,
    /// The new revision; null after a dry run.
    revision: Option<i64>,
    /// Entries that are new.
    added: Vec<String>,
    /// Entries that are gone.
    removed: Vec<String>,
    /// Entries that say something else.
    changed: Vec<String>,
    /// Escalation rules that differ.
    rules: Vec<String>,
    /// Targets that differ.
    targets: Vec<String>,
    /// Recent tickets that it would classify differently.
    reclassified: Vec<ReclassifiedView>,
    /// How many recent tickets were classified again.
    tried: usize,
    /// What is wrong or missing in it.
    diagnostics: Vec<DiagnosticView>,
}

/// A ticket that would be classified differently.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReclassifiedView {
    /// Its key.
    ticket: String,
    /// The entry by the active runbook.
    from: Option<String>,
    /// The entry by the other one.
    to: Option<String>,
}

/// Revisions, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevisionList {
    /// The revisions.
    items: Vec<RevisionView>,
}

/// A revision of the runbook.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevisionView {
    /// From 1.
    revision: i64,
    /// SHA-256 of its source.
    sha256: String,
    /// `file` or `api`.
    origin: String,
    /// Who activated it.
    activated_by: String,
    /// When.
    activated_at: DateTime<Utc>,
}

/// Activate a runbook
///
/// Markdown. One with errors is refused whole, every error with its line, and
/// the active one stays. With `dry_run=true` nothing changes.
#[utoipa::path(
    tag = "runbook",
    params(ActivateQuery),
    request_body(content = RawTextSchema, content_type = "text/markdown"),
    responses(
        (status = 200, description = "Activated, or tried out", body = ActivationView),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not Markdown, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It has errors, every one listed with its line", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[put("/runbook")]
pub(crate) async fn activate_runbook(
    desk: Data<Desk>,
    who: Principal,
    query: Query<ActivateQuery>,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    if body.media_type != "text/markdown" {
        return Err(ApiError::UnsupportedMediaType(
            "send text/markdown".to_owned(),
        ));
    }
    let source = String::from_utf8_lossy(&body.bytes).into_owned();
    if source.contains('\0') {
        return Err(ApiError::Malformed(
            "a runbook has no NUL characters".to_owned(),
        ));
    }
    match desk.activate_runbook(&who.0, source, query.dry_run).await? {
        Activated::Refused(diagnostics) => {
            let errors = diagnostics
                .iter()
                .filter(|d| d.severity == runbook::Severity::Error);
            let fault = |d: &runbook::Diagnostic| Fault {
                line: Some(d.line),
                ..Fault::new("", d.code, d.message.clone())
            };
            Err(ApiError::Invalid(errors.map(fault).collect()))
        }
        Activated::Tried {
            diagnostics,
            change,
        } => Ok(HttpResponse::Ok().json(ActivationView::of(None, &change, &diagnostics))),
        Activated::Active {
            revision,
            diagnostics,
            change,
        } => {
            let revision = Some(revision.revision);
            Ok(HttpResponse::Ok().json(ActivationView::of(revision, &change, &diagnostics)))
        }
    }
}

/// List the runbook's revisions
///
/// Newest first: who activated what, and when.
#[utoipa::path(
    tag = "runbook",
    responses(
        (status = 200, description = "The revisions", body = RevisionList),
        Problems,
    )
)]
#[get("/runbook/revisions")]
pub(crate) async fn list_revisions(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<RevisionList>, ApiError> {
    let revisions = desk.list_runbooks(&who.0).await?;
    Ok(Json(RevisionList {
        items: revisions.iter().map(RevisionView::of).collect(),
    }))
}

impl ActivationView {
    fn of(
        revision: Option<i64>,
        change: &RunbookChange,
        diagnostics: &[runbook::Diagnostic],
    ) -> Self {
        let slugs = |slugs: &[runbook::Slug]| slugs.iter().map(ToString::to_string).collect();
        let reclassified = change.reclassified.iter().map(|ticket| ReclassifiedView {
            ticket: ticket.ticket.to_string(),
            from: ticket.from.as_ref().map(ToString::to_string),
            to: ticket.to.as_ref().map(ToString::to_string),
        });
        Self {
            activated: revision.is_some(),
            revision,
            added: slugs(&change.added),
            removed: slugs(&change.removed),
            changed: slugs(&change.changed),
            rules: change.rules.clone(),
            targets: change.targets.clone(),
            reclassified: reclassified.collect(),
            tried: change.tried,
            diagnostics: diagnostics.iter().map(DiagnosticView::of).collect(),
        }
    }
}

impl RevisionView {
    fn of(revision: &RunbookRevision) -> Self {
        Self {
            revision: revision.revision,
            sha256: revision.sha256.clone(),
            origin: revision.origin.clone(),
            activated_by: revision.activated_by.clone(),
            activated_at: revision.activated_at,
        }
    }
}

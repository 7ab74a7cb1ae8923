//! `/triage/examples` and `/triage/quality`: what the classifier learns from,
//! and how good it has been.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{Desk, EntryQuality, Label, NewExample, Quality};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::{
    auth::Principal,
    body::{RawBody, RawTextSchema},
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

const BODY_MAX: usize = 16 << 20;
const ROWS_MAX: usize = 10_000;
const TITLE_MAX: usize = 1_000;
const TEXT_MAX: usize = 20_000;
const LISTED_MAX: usize = 200;
const FAULTS_MAX: usize = 50;

/// A labelled text: one line of NDJSON, or a row of CSV with these columns.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Cannot pay", "body": "The card is declined", "entry": "payment-failed", "level": 1}))]
pub(crate) struct ExampleRow {
    /// One line.
    title: String,
    /// The rest.
    #[serde(default)]
    #[schema(required = false)]
    body: String,
    /// The entry's slug; empty or null when no entry answers it.
    #[serde(default)]
    entry: Option<String>,
    /// The level that a lead gave it, 1 to 4.
    #[serde(default)]
    level: Option<u8>,
}

/// What an import did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportAnswer {
    /// How many labels were added.
    imported: usize,
    /// Entries that the active runbook does not have; their labels wait for
    /// one that does.
    unknown_entries: Vec<String>,
}

/// A label.
#[derive(Serialize, ToSchema)]
pub(crate) struct LabelView {
    /// Its identity.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Who.
    by: String,
    /// `corrected`, `confirmed`, `resolved` or `imported`.
    origin: String,
    /// The ticket's key; null for imports.
    ticket: Option<String>,
    /// The title, masked.
    title: String,
    /// The entry; null when no entry answers it.
    entry: Option<String>,
    /// What triage had said.
    predicted: Option<String>,
    /// How sure it had been; null where it had said nothing.
    confidence: Option<f64>,
}

/// Labels, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct LabelList {
    /// The newest 200 that count.
    items: Vec<LabelView>,
}

/// How good the live classifier has been: what it had said against what
/// agents said then.
#[derive(Serialize, ToSchema)]
pub(crate) struct QualityView {
    /// Labels that count, imports included.
    labels: usize,
    /// Labels that triage had said something about before.
    judged: usize,
    /// Of those, right ones.
    right: usize,
    /// Right divided by judged; null when none was judged.
    accuracy: Option<f64>,
    /// Expected calibration error over ten bins; null when none was judged.
    calibration_error: Option<f64>,
    /// Accuracy of the newest 100 less that of all before; null below 200.
    drift: Option<f64>,
    /// By entry.
    entries: Vec<EntryQualityView>,
    /// Entries for which learning acts now, since there it has been better than
    /// the runbook alone; null is "no entry".
    learned_for: Vec<Option<String>>,
}

/// How good the classifier is on one entry.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryQualityView {
    /// The entry; null is "no entry".
    entry: Option<String>,
    /// Labels of it that were judged.
    labelled: usize,
    /// How often triage had said it.
    predicted: usize,
    /// Both at once.
    right: usize,
    /// Right divided by predicted; null when it was never predicted.
    precision: Option<f64>,
    /// Right divided by labelled; null when it was never labelled.
    recall: Option<f64>,
}

/// Import labelled history to learn from
///
/// NDJSON or CSV (`title,body,entry,level`), up to 10,000 rows, all or none;
/// faults name the line. The classifier is rebuilt within seconds.
#[utoipa::path(
    tag = "triage",
    request_body(content(
        (RawTextSchema = "application/x-ndjson", example = "{\"title\":\"Cannot pay\",\"body\":\"declined\",\"entry\":\"payment-failed\"}"),
        (RawTextSchema = "text/csv", example = "title,body,entry,level\nCannot pay,declined,payment-failed,1"),
    )),
    responses(
        (status = 200, description = "Imported", body = ImportAnswer),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Neither NDJSON nor CSV, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong rows, each with its line; nothing was imported", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/triage/examples")]
pub(crate) async fn import_examples(
    desk: Data<Desk>,
    who: Principal,
    body: RawBody<BODY_MAX>,
) -> Result<Json<ImportAnswer>, ApiError> {
    let rows = match body.media_type.as_str() {
        "application/x-ndjson" | "application/ndjson" => ndjson(&body.bytes),
        "text/csv" => csv_rows(&body.bytes),
        _ => {
            let wanted = "send application/x-ndjson or text/csv";
            return Err(ApiError::UnsupportedMediaType(wanted.to_owned()));
        }
    };
    let imported = desk.import_examples(&who.0, examples(rows)?).await?;
    Ok(Json(ImportAnswer {
        imported: imported.imported,
        unknown_entries: imported
            .unknown_entries
            .iter()
            .map(ToString::to_string)
            .collect(),
    }))
}

/// List labels
///
/// The newest 200 that count.
#[utoipa::path(
    tag = "triage",
    responses((status = 200, description = "The labels", body = LabelList), Problems)
)]
#[get("/triage/examples")]
pub(crate) async fn list_examples(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<LabelList>, ApiError> {
    let labels = desk.list_examples(&who.0, LISTED_MAX).await?;
    Ok(Json(LabelList {
        items: labels.iter().map(LabelView::of).collect(),
    }))
}

/// Undo a label
///
/// Learning goes on without it.
#[utoipa::path(
    tag = "triage",
    params(("id" = String, Path, description = "The label's id")),
    responses(
        (status = 204, description = "Undone"),
        (status = 404, description = "No such label that counts", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[delete("/triage/examples/{id}")]
pub(crate) async fn undo_example(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = path
        .parse()
        .map_err(|_source: uuid::Error| desk::DeskError::NotFound {
            what: "example",
            id: path.chars().take(64).collect(),
        })?;
    desk.undo_example(&who.0, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read how good the classifier has been
///
/// What it had said against what agents said then: predict-then-learn.
#[utoipa::path(
    tag = "triage",
    responses((status = 200, description = "Its quality", body = QualityView), Problems)
)]
#[get("/triage/quality")]
pub(crate) async fn triage_quality(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<QualityView>, ApiError> {
    Ok(Json(QualityView::of(&desk.quality(&who.0).await?)))
}

type Row = (u32, Result<ExampleRow, String>);

fn ndjson(bytes: &[u8]) -> Vec<Row> {
    let lines = (1_u32..).zip(bytes.split(|byte| *byte == b'\n'));
    let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    filled
        .map(|(number, line)| {
            let row = serde_json::from_slice(line).map_err(|error| {
                // What serde says, without its position in the line.
                let text = error.to_string();
                text.split(" at line ")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            });
            (number, row)
        })
        .collect()
}

fn csv_rows(bytes: &[u8]) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::Headers)
        .from_reader(bytes);
    let rows = reader.deserialize::<ExampleRow>();
    let line = |error: &csv::Error| error.position().map_or(0, csv::Position::line);
    (2_u32..)
        .zip(rows)
        .map(|(number, row)| match row {
            Ok(row) => (number, Ok(row)),
            Err(error) => {
                let number = u32::try_from(line(&error)).unwrap_or(number);
                let what = match error.kind() {
                    csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
                    csv::ErrorKind::UnequalLengths {
                        expected_len, len, ..
                    } => {
                        format!("has {len} columns, the header {expected_len}")
                    }
                    csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
                    _ => "is not CSV".to_owned(),
                };
                (number, Err(what))
            }
        })
        .collect()
}

/// Every fault with its line, or all examples.
fn examples(rows: Vec<Row>) -> Result<Vec<NewExample>, ApiError> {
    if rows.is_empty() || rows.len() > ROWS_MAX {
        let message = format!("must have 1 to {ROWS_MAX} rows, has {}", rows.len());
        return Err(ApiError::Invalid(vec![Fault::new("", "too_many", message)]));
    }
    let mut faults = Vec::new();
    let mut examples = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        match row.and_then(example) {
            Ok(example) => examples.push(example),
            Err(message) => {
                faults.push(Fault {
                    line: Some(line),
                    ..Fault::new("", "invalid", message)
                });
            }
        }
    }
    faults.truncate(FAULTS_MAX);
    if faults.is_empty() {
        Ok(examples)
    } else {
        Err(ApiError::Invalid(faults))
    }
}

fn example(row: ExampleRow) -> Result<NewExample, String> {
    let ExampleRow {
        title,
        body,
        entry,
        level,
    } = row;
    if title.trim().is_empty() {
        return Err("title must not be blank".to_owned());
    }
    if title.chars().count() > TITLE_MAX || body.chars().count() > TEXT_MAX {
        return Err(format!(
            "title has at most {TITLE_MAX} characters, body {TEXT_MAX}"
        ));
    }
    if title.contains('\0') || body.contains('\0') {
        return Err("must not have NUL characters".to_owned());
    }
    let entry = entry.filter(|entry| !entry.trim().is_empty());
    let entry = entry.map(|entry| entry.parse()).transpose();
    let entry = entry.map_err(|error: runbook::SlugError| format!("entry: {error}"))?;
    let level = level.map(runbook::Level::try_from).transpose();
    let level = level.map_err(|error| format!("level: {error}"))?;
    Ok(NewExample {
        title,
        body,
        entry,
        level,
    })
}

impl LabelView {
    fn of(label: &Label) -> Self {
        Self {
            id: label.id,
            at: label.at,
            by: label.by.clone(),
            origin: label.origin.as_str().to_owned(),
            ticket: label.ticket.map(|ticket| ticket.to_string()),
            title: label.title.clone(),
            entry: label.entry.clone(),
            predicted: label.predicted.clone(),
            confidence: label.confidence,
        }
    }
}

impl QualityView {
    fn of(quality: &Quality) -> Self {
        let entries = quality.entries.iter();
        Self {
            labels: quality.labels,
            judged: quality.judged,
            right: quality.right,
            accuracy: share(quality.right, quality.judged),
            calibration_error: quality.calibration_error,
            drift: quality.drift,
            entries: entries
                .map(|(entry, of)| EntryQualityView::of(entry.clone(), *of))
                .collect(),
            learned_for: quality.learned_for.clone(),
        }
    }
}

impl EntryQualityView {
    fn of(entry: Option<String>, of: EntryQuality) -> Self {
        Self {
            entry,
            labelled: of.labelled,
            predicted: of.predicted,
            right: of.right,
            precision: share(of.right, of.predicted),
            recall: share(of.right, of.labelled),
        }
    }
}

/// A part of a whole; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

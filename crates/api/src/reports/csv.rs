//! A report as CSV: a line for each group and one for the whole, what the
//! report is of beside it.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header, web::Bytes};
use futures_util::stream;
use serde_json::Value;

use super::view::ReportView;

/// Columns by name, in order.
type Line = Vec<(String, String)>;

/// Answers line by line.
pub(super) fn respond(mut response: HttpResponseBuilder, view: &ReportView) -> HttpResponse {
    let lines = lines(view);
    let header: Vec<String> = lines
        .first()
        .map(|line| line.iter().map(|(name, _)| name.clone()).collect())
        .unwrap_or_default();
    let rows = lines
        .into_iter()
        .map(|line| line.into_iter().map(|(_, cell)| cell).collect());
    let rows = std::iter::once(header).chain(rows);
    let written = rows.map(|row: Vec<String>| written(&row));
    response
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(stream::iter(written))
}

fn written(row: &[String]) -> Result<Bytes, std::io::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(row)?;
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok(Bytes::from(bytes))
}

fn lines(view: &ReportView) -> Vec<Line> {
    let whole = serde_json::to_value(view).unwrap_or_default();
    let list = |name: &str| whole.get(name).and_then(Value::as_array);
    let mut about = Line::new();
    for name in ["report", "cohort", "time_zone", "from", "to", "as_of"] {
        flatten(name, whole.get(name).unwrap_or(&Value::Null), &mut about);
    }
    let dimensions: Vec<&str> = list("group_by")
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let line = |scope: &str, row: &Value| {
        let mut line = vec![("scope".to_owned(), scope.to_owned())];
        let group = row.get("group").unwrap_or(&Value::Null);
        for dimension in &dimensions {
            let key = group.get(*dimension).unwrap_or(&Value::Null);
            flatten(dimension, key, &mut line);
        }
        for (name, value) in row.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "group" | "links") {
                flatten(name, value, &mut line);
            }
        }
        if let Some(link) = row.pointer("/links/n") {
            flatten("link", link, &mut line);
        }
        line.extend(about.iter().cloned());
        line
    };
    let kpis = list("kpis").into_iter().flatten();
    let groups = list("groups").into_iter().flatten();
    groups
        .map(|row| line("group", row))
        .chain(kpis.map(|row| line("kpi", row)))
        .chain(whole.get("total").map(|row| line("total", row)))
        .collect()
}

/// Nested figures become columns such as `resolution.total.wall_seconds.p90`.
fn flatten(name: &str, value: &Value, line: &mut Line) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                flatten(&format!("{name}.{field}"), value, line);
            }
        }
        // The ages of a backlog: links are left to JSON.
        Value::Array(items) => {
            for item in items {
                let from = item.get("from_days").unwrap_or(&Value::Null);
                let count = item.get("count").unwrap_or(&Value::Null);
                flatten(&format!("{name}.from_{from}_days"), count, line);
            }
        }
        Value::Null => line.push((name.to_owned(), String::new())),
        Value::String(text) => line.push((name.to_owned(), harmless(text))),
        number => line.push((name.to_owned(), number.to_string())),
    }
}

/// A spreadsheet takes a cell that begins so for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

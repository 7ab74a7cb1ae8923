//! The runbook's ticket templates, filled in and pasted: labels at the start of
//! a line, values behind them or on the lines below.

use runbook::{Template, Templates};
use serde_json::{Map, Value, json};

use crate::words::Kind;

/// A filled-in template: what stands where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which template it is.
    pub kind: Kind,
    /// Its fields in the order of the text; each at most once.
    pub fields: Vec<FormField>,
}

/// One field of a filled-in template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The JSON name, such as `steps_to_reproduce`.
    pub name: String,
    /// The 1-based line of its label.
    pub line: u32,
    /// Its lines, trimmed, without empty ones.
    pub lines: Vec<String>,
    /// Whether the template has numbered lines under it.
    pub list: bool,
}

/// What is wrong with a pasted template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// The field's JSON name.
    pub field: String,
    /// 1-based.
    pub line: u32,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// Reads a filled-in template. Which one it is, is told by its labels.
///
/// # Errors
/// Every fault: no template's labels, a label that stands twice, a text before
/// the first label.
pub fn read_form(text: &str, templates: &Templates) -> Result<Form, Vec<FormFault>> {
    let candidates = [
        (Kind::Bug, &templates.bug),
        (Kind::Feature, &templates.feature),
    ];
    let forms = candidates
        .into_iter()
        .filter_map(|(kind, template)| Some((kind, fields(text, template.as_ref()?))));
    // The template whose own labels the text has most of.
    let best = forms.max_by_key(|(kind, read)| (read.fields.len(), *kind == Kind::Bug));
    let Some((kind, read)) = best.filter(|(_, read)| !read.fields.is_empty()) else {
        return Err(vec![FormFault {
            field: "title".to_owned(),
            line: 1,
            message: "no template was recognised: fill in the form of GET /v1/templates/bug or \
                      /v1/templates/feature and keep its labels"
                .to_owned(),
        }]);
    };
    if read.faults.is_empty() {
        Ok(Form {
            kind,
            fields: read.fields,
        })
    } else {
        Err(read.faults)
    }
}

struct Read {
    fields: Vec<FormField>,
    faults: Vec<FormFault>,
}

fn fields(text: &str, template: &Template) -> Read {
    let mut read = Read {
        fields: Vec::new(),
        faults: Vec::new(),
    };
    for (line, content) in (1u32..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with("```") || content.starts_with("###") {
            continue;
        }
        let labelled = template
            .fields
            .iter()
            .find_map(|field| Some((field, value_after_label(content, &field.label)?)));
        if let Some((field, value)) = labelled {
            if read.fields.iter().any(|known| known.name == field.name) {
                read.faults.push(FormFault {
                    field: field.name.clone(),
                    line,
                    message: format!("{:?} stands twice; keep one", field.label),
                });
            }
            let hint = field.hint.as_deref();
            let choices = field.allowed.join(" / ");
            let unfilled = hint.is_some_and(|hint| value == format!("[{hint}]"))
                || (field.allowed.len() > 1 && value.eq_ignore_ascii_case(&choices));
            let filled = !value.is_empty() && !unfilled;
            read.fields.push(FormField {
                name: field.name.clone(),
                line,
                lines: filled.then(|| value.to_owned()).into_iter().collect(),
                list: field.list,
            });
        } else if let Some(field) = read.fields.last_mut() {
            let item = if field.list {
                without_number(content)
            } else {
                content
            };
            if !item.is_empty() {
                field.lines.push(item.to_owned());
            }
        } else {
            read.faults.push(FormFault {
                field: "title".to_owned(),
                line,
                message: "text before the first label".to_owned(),
            });
        }
    }
    read
}

/// The text behind `Label:`, also as `**Label**:` or `- Label:`, in any case.
fn value_after_label<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let line = line.trim_start_matches(['*', '-', '_', ' ']);
    let mut rest = line.chars();
    for wanted in label.chars() {
        let found = rest.next()?;
        if !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let rest = rest.as_str().trim_start_matches(['*', '_', ' ']);
    let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix('：'))?;
    Some(value.trim_start_matches(['*', '_']).trim())
}

/// A list line without its number or bullet.
fn without_number(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.len();
    let rest = match rest.strip_prefix(['.', ')']) {
        Some(rest) if numbered => rest,
        _ => line.trim_start_matches(['-', '*', '•']),
    };
    rest.trim()
}

impl Form {
    /// The form as a filing request, to be checked like any other. Values that
    /// do not parse stay as they are, so that the check names them.
    #[must_use]
    pub fn to_request(&self) -> Value {
        let mut request = Map::from_iter([("kind".to_owned(), json!(self.kind.as_str()))]);
        let mut extra = Map::new();
        for field in self.fields.iter().filter(|field| !field.lines.is_empty()) {
            let text = field.lines.join("\n");
            let value = match field.name.as_str() {
                "title" | "expected" | "actual" | "browser_device" | "use_case" | "details" => {
                    json!(text)
                }
                "severity" | "priority" => json!(text.to_lowercase()),
                "affected_users" => affected_users(&text),
                "steps_to_reproduce" | "screenshots" => json!(field.lines),
                "requested_by" => requested_by(&text),
                _ => {
                    extra.insert(field.name.clone(), json!(text));
                    continue;
                }
            };
            request.insert(field.name.clone(), value);
        }
        if !extra.is_empty() {
            request.insert("extra".to_owned(), Value::Object(extra));
        }
        Value::Object(request)
    }

    /// The line a field stands on; the title's, or the first, when it is missing.
    #[must_use]
    pub fn line_of(&self, name: &str) -> u32 {
        let line = |name: &str| {
            self.fields
                .iter()
                .find(|field| field.name == name)
                .map(|f| f.line)
        };
        line(name).or_else(|| line("title")).unwrap_or(1)
    }
}

fn affected_users(text: &str) -> Value {
    let text = text.trim().trim_matches('"').to_lowercase();
    match text.parse::<u64>() {
        Ok(count) => json!(count),
        Err(_) => json!(text),
    }
}

/// "Customer", "internal", "Customer (Sita)", "Internal: marketing".
fn requested_by(text: &str) -> Value {
    let text = text.trim();
    let (who, name) = match text.split_once(['(', ':', ',', '-']) {
        Some((who, name)) => (who.trim(), Some(name.trim_end_matches(')').trim())),
        None => (text, None),
    };
    let name = name.filter(|name| !name.is_empty());
    match name {
        Some(name) => json!({"type": who.to_lowercase(), "name": name}),
        None => json!({"type": who.to_lowercase()}),
    }
}

//! The command line's own client of the REST API: where the desk is, whose key
//! it shows, and how a refusal is told.

use std::{collections::BTreeMap, fmt::Write, process::ExitCode, time::Duration};

use reqwest::{Method, Response, StatusCode, Url, header};
use serde_json::Value;
use thiserror::Error;

/// Where a desk listens that was started without settings.
const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// Why a command did not do what it was asked; each kind has its exit code.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// The desk refused: exit code 1.
    #[error("{0}")]
    Refused(String),
    /// The command or its surroundings are wrong: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// No answer, or none of a desk: exit code 3.
    #[error("{0}")]
    Unreachable(String),
}

impl Failure {
    /// Tells it on standard error.
    pub(super) fn tell(&self) -> ExitCode {
        eprintln!("{self}");
        match self {
            Self::Refused(_) => ExitCode::FAILURE,
            Self::Usage(_) => ExitCode::from(2),
            Self::Unreachable(_) => ExitCode::from(3),
        }
    }
}

/// A desk over HTTP.
pub(super) struct Client {
    base: Url,
    key: String,
    http: reqwest::Client,
}

/// One request: headers by name, a body with its media type.
#[derive(Default)]
pub(super) struct Asked<'a> {
    pub(super) query: &'a [(&'a str, String)],
    pub(super) headers: &'a [(&'a str, String)],
    pub(super) body: Option<(&'a str, Vec<u8>)>,
}

impl Client {
    /// From `DESK_URL` and `DESK_KEY`; an empty variable counts as not set.
    pub(super) fn new(env: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let set = |name: &str| {
            env.get(name)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty())
        };
        let url = set("DESK_URL").unwrap_or(DEFAULT_URL);
        let base = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
            .ok_or_else(|| {
                Failure::Usage(format!(
                    "DESK_URL: {url:?} is no http:// or https:// address"
                ))
            })?;
        let key = set("DESK_KEY").ok_or_else(|| {
            Failure::Usage(
                "DESK_KEY: set it to an access key; the first one is in data/admin.key".to_owned(),
            )
        })?;
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::Usage(
                "DESK_KEY: an access key has visible ASCII characters only".to_owned(),
            ));
        }
        // A desk stands in the own network more often than behind a proxy, and
        // what decides must be in sight: `DESK_URL` alone.
        let http = reqwest::Client::builder()
            .no_proxy()
            .user_agent(concat!("runbook-desk/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(|error| Failure::Usage(chain(&error)))?;
        Ok(Self {
            base,
            key: key.to_owned(),
            http,
        })
    }

    /// Asks under `/v1`; `path` in segments, so that none can leave its place.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &[&str],
        asked: Asked<'_>,
    ) -> Result<Value, Failure> {
        let answered = self.send(method, path, asked).await?;
        serde_json::from_str(&answered.text).map_err(|_source| self.no_desk(answered.status))
    }

    /// The same for what is answered as CSV.
    pub(super) async fn ask_text(
        &self,
        method: Method,
        path: &[&str],
        asked: Asked<'_>,
    ) -> Result<String, Failure> {
        let answered = self.send(method, path, asked).await?;
        if answered.media_type == "text/csv" {
            Ok(answered.text)
        } else {
            Err(self.no_desk(answered.status))
        }
    }

    /// As [`Client::ask`], with the status: some callers tell refusals apart.
    pub(super) async fn answer(
        &self,
        method: Method,
        path: &[&str],
        asked: Asked<'_>,
    ) -> Result<(StatusCode, Result<Value, Failure>), Failure> {
        let answered = self.response(method, path, asked).await?;
        let status = answered.status;
        let judged = self.judge(answered);
        let value = judged.and_then(|answered| {
            serde_json::from_str(&answered.text).map_err(|_source| self.no_desk(status))
        });
        Ok((status, value))
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        asked: Asked<'_>,
    ) -> Result<Answered, Failure> {
        let answered = self.response(method, path, asked).await?;
        self.judge(answered)
    }

    /// Only a success of a desk is one.
    fn judge(&self, answered: Answered) -> Result<Answered, Failure> {
        if answered.media_type == "application/problem+json" {
            let problem = problem_lines(answered.status, &answered.text);
            return Err(Failure::Refused(problem));
        }
        if !answered.status.is_success() {
            return Err(self.no_desk(answered.status));
        }
        Ok(answered)
    }

    async fn response(
        &self,
        method: Method,
        path: &[&str],
        asked: Asked<'_>,
    ) -> Result<Answered, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        if !asked.query.is_empty() {
            url.query_pairs_mut().extend_pairs(asked.query);
        }
        let mut request = self.http.request(method, url).bearer_auth(&self.key);
        for (name, value) in asked.headers {
            request = request.header(*name, value);
        }
        if let Some((media_type, body)) = asked.body {
            request = request.header(header::CONTENT_TYPE, media_type).body(body);
        }
        let away = |error: reqwest::Error| {
            Failure::Unreachable(format!("cannot reach {}: {}", self.base, chain(&error)))
        };
        let response = request.send().await.map_err(away)?;
        let status = response.status();
        let media_type = media_type(&response);
        let text = response.text().await.map_err(away)?;
        Ok(Answered {
            status,
            media_type,
            text,
        })
    }

    fn no_desk(&self, status: StatusCode) -> Failure {
        Failure::Unreachable(format!(
            "{} answered {status}, but not as a desk does",
            self.base
        ))
    }
}

/// What was answered.
struct Answered {
    status: StatusCode,
    media_type: String,
    text: String,
}

fn media_type(response: &Response) -> String {
    let header = response.headers().get(header::CONTENT_TYPE);
    let text = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_owned()
}

/// An error with its causes: reqwest names the cause last.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

/// A problem document in lines: what happened, every fault, what would be
/// allowed, and the id that finds it in the desk's log.
fn problem_lines(status: StatusCode, text: &str) -> String {
    let problem: Value = serde_json::from_str(text).unwrap_or_default();
    let word = |name: &str| problem.get(name).and_then(Value::as_str);
    let mut lines = format!("{} {}", status.as_u16(), word("title").unwrap_or("refused"));
    if let Some(detail) = word("detail") {
        let _ = write!(lines, ": {detail}");
    }
    let faults = problem.get("errors").and_then(Value::as_array);
    for fault in faults.into_iter().flatten() {
        let part = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default();
        let line = fault.get("line").and_then(Value::as_u64);
        let line = line.map_or_else(String::new, |line| format!("line {line}, "));
        let _ = write!(lines, "\n  {line}{}: {}", part("pointer"), part("message"));
    }
    let legal = problem.get("legal").and_then(Value::as_array);
    if let Some(legal) = legal {
        let words: Vec<&str> = legal.iter().filter_map(Value::as_str).collect();
        let _ = write!(lines, "\n  allowed now: {}", words.join(", "));
    }
    if let Some(etag) = word("current_etag") {
        let _ = write!(lines, "\n  it is at version {} now", etag.trim_matches('"'));
    }
    if let Some(id) = word("request_id") {
        let _ = write!(lines, "\n  request {id}");
    }
    super::words::plain(&lines)
}

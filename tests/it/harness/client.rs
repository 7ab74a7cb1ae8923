//! People and programs: an HTTP client with a key. Every answer is held
//! against the OpenAPI document.

use std::{fmt, time::Duration};

use reqwest::{
    Method, RequestBuilder,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;

use super::contract;

/// Someone who talks to the desk.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    key: Option<String>,
    headers: Vec<(String, String)>,
    http: reqwest::Client,
}

/// What the desk answered.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body, `null` where it is not JSON.
    pub(crate) json: Value,
}

impl Client {
    pub(crate) fn new(base: &str, key: Option<&str>) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            // Shorter than the desk keeps a connection open: none is used that it
            // is just closing.
            .pool_idle_timeout(Duration::from_secs(2))
            .redirect(reqwest::redirect::Policy::none());
        Self {
            base: base.to_owned(),
            key: key.map(str::to_owned),
            headers: Vec::new(),
            http: http.build().unwrap(),
        }
    }

    /// The same client, sending one header more.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same key at another desk.
    pub(crate) fn at(&self, base: &str) -> Self {
        let mut client = self.clone();
        base.clone_into(&mut client.base);
        client
    }

    pub(crate) fn key(&self) -> &str {
        self.key.as_deref().unwrap()
    }

    pub(crate) async fn get(&self, path: impl AsRef<str>) -> Answer {
        self.send(Method::GET, path.as_ref(), |request| request)
            .await
    }

    pub(crate) async fn post(&self, path: impl AsRef<str>, body: &Value) -> Answer {
        self.send(Method::POST, path.as_ref(), |request| request.json(body))
            .await
    }

    pub(crate) async fn put(&self, path: impl AsRef<str>, body: &Value) -> Answer {
        self.send(Method::PUT, path.as_ref(), |request| request.json(body))
            .await
    }

    pub(crate) async fn patch(&self, path: impl AsRef<str>, body: &Value) -> Answer {
        self.send(Method::PATCH, path.as_ref(), |request| request.json(body))
            .await
    }

    pub(crate) async fn delete(&self, path: impl AsRef<str>) -> Answer {
        self.send(Method::DELETE, path.as_ref(), |request| request)
            .await
    }

    /// A body of another media type than JSON.
    pub(crate) async fn send_text(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let media_type = HeaderValue::from_str(media_type).unwrap();
        self.send(method, path, |request| {
            request.header("content-type", media_type).body(body)
        })
        .await
    }

    /// Any request; what was answered must be declared.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let response = fill(self.request(method.clone(), path))
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let answer = Answer {
            request: format!("{method} {path}"),
            status,
            json: serde_json::from_str(&text).unwrap_or_default(),
            headers,
            text,
        };
        contract::hold(&method, path, &answer);
        answer
    }

    /// A request as this client sends it, for stories about half of one.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Files a ticket and answers it.
    pub(crate) async fn file(&self, body: &Value) -> Value {
        self.post("/v1/tickets", body).await.is(201).json
    }

    /// The ticket as this client sees it.
    pub(crate) async fn see(&self, key: &str) -> Value {
        self.get(&format!("/v1/tickets/{key}")).await.is(200).json
    }

    /// Does an action such as `resolve` and answers the ticket after it.
    pub(crate) async fn act(&self, key: &str, action: &str, body: &Value) -> Value {
        let path = format!("/v1/tickets/{key}/{action}");
        self.post(&path, body).await.is(200).json
    }
}

impl Answer {
    /// Fails with the whole answer unless it has that status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A problem of that status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json["code"], code, "{answer:?}");
        answer
    }

    /// A header's text; empty without it.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// A ticket's key.
    pub(crate) fn key(&self) -> &str {
        self.json["key"].as_str().unwrap()
    }

    /// What a problem's faults point at, sorted.
    pub(crate) fn faults(&self) -> Vec<String> {
        let faults = self.json["errors"].as_array().into_iter().flatten();
        let mut faults: Vec<String> = faults
            .map(|fault| fault["pointer"].as_str().unwrap().to_owned())
            .collect();
        faults.sort();
        faults
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.text.chars().take(4000).collect();
        write!(f, "{} answered {}: {text}", self.request, self.status)
    }
}

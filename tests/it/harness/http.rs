//! An HTTP server that keeps what is posted to it, on a port of its own, and
//! answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Posted {
    /// A header's value; empty without it.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct State {
    posted: Vec<Posted>,
    answers: VecDeque<&'static str>,
    always: Option<&'static str>,
}

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct HttpSink {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl HttpSink {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            state: Arc::default(),
        };
        let state = sink.state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = state.clone();
                tokio::spawn(async move {
                    // A peer that goes away ends its request.
                    let _ = serve(stream, &state).await;
                });
            }
        });
        sink
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next request is answered with this status, such as `503 Busy`.
    pub(crate) fn answer(&self, status: &'static str) {
        self.state.lock().unwrap().answers.push_back(status);
    }

    /// Every request is, from now on.
    pub(crate) fn always(&self, status: &'static str) {
        self.state.lock().unwrap().always = Some(status);
    }

    /// All requests so far.
    pub(crate) fn posted(&self) -> Vec<Posted> {
        self.state.lock().unwrap().posted.clone()
    }
}

async fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let length = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await?;
        let status = {
            let mut state = state.lock().unwrap();
            state.posted.push(Posted {
                path,
                headers,
                body: String::from_utf8(body).unwrap(),
            });
            let next = state.answers.pop_front().or(state.always);
            next.unwrap_or("202 Accepted")
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n"
        );
        writer.write_all(answer.as_bytes()).await?;
    }
}

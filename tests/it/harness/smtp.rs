//! An SMTP server that keeps what it is sent, on a port of its own, and can be
//! told to refuse, to hang up or to say nothing at any step.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::Semaphore,
};

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Auth,
    Mail,
    Recipient,
    Data,
    /// After the content and the final dot have been read.
    Dot,
}

/// What is done instead of the usual answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This line.
    Say(&'static str),
    /// The connection is closed without a word. After the dot the mail is kept
    /// all the same: the sender cannot know.
    HangUp,
    /// Nothing is said, and the connection stays open.
    Silence,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Headers and body, dots unstuffed.
    pub(crate) raw: String,
}

impl Received {
    /// A header's value, unfolded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.raw.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ");
        let mut lines = unfolded.split("\r\n");
        lines.find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}

struct State {
    received: Vec<Received>,
    faults: VecDeque<(At, Fault)>,
    connections: usize,
    auth: bool,
    down: bool,
    /// While it is there, whole mails are answered only with a permit of it.
    held: Option<Arc<Semaphore>>,
    arrived: Arc<Semaphore>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            received: Vec::new(),
            faults: VecDeque::new(),
            connections: 0,
            auth: false,
            down: false,
            held: None,
            arrived: Arc::new(Semaphore::new(0)),
        }
    }
}

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct SmtpSink {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

impl SmtpSink {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            state: Arc::default(),
        };
        let state = sink.state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let down = {
                    let mut state = state.lock().unwrap();
                    state.connections += 1;
                    state.down
                };
                if down {
                    continue;
                }
                let state = state.clone();
                tokio::spawn(async move {
                    // A peer that goes away ends its conversation.
                    let _ = converse(stream, &state).await;
                });
            }
        });
        sink
    }

    /// `smtp://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next time that this step is reached, this happens instead.
    pub(crate) fn fail(&self, at: At, fault: Fault) {
        self.state.lock().unwrap().faults.push_back((at, fault));
    }

    /// From now on no whole mail is answered until the answer gives a permit.
    pub(crate) fn hold(&self) -> Arc<Semaphore> {
        let held = Arc::new(Semaphore::new(0));
        self.state.lock().unwrap().held = Some(held.clone());
        held
    }

    /// Whole mails are answered again; those that were held wait on.
    pub(crate) fn hold_no_more(&self) {
        self.state.lock().unwrap().held = None;
    }

    /// Waits until one more mail has arrived whole.
    pub(crate) async fn arrival(&self) {
        let arrived = self.state.lock().unwrap().arrived.clone();
        arrived.acquire().await.unwrap().forget();
    }

    /// From now on every connection is closed at once, or is no longer.
    pub(crate) fn set_down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    /// From now on `AUTH` is offered.
    pub(crate) fn offer_auth(&self) {
        self.state.lock().unwrap().auth = true;
    }

    /// All mails so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

/// Answers a step as it was told to; `Err` ends the conversation.
async fn answer(
    state: &Mutex<State>,
    writer: &mut OwnedWriteHalf,
    at: At,
    usual: &str,
) -> std::io::Result<bool> {
    let fault = {
        let mut state = state.lock().unwrap();
        let found = state.faults.iter().position(|(when, _)| *when == at);
        found.and_then(|index| state.faults.remove(index))
    };
    match fault {
        None => {
            writer.write_all(format!("{usual}\r\n").as_bytes()).await?;
            Ok(true)
        }
        Some((_, Fault::Say(line))) => {
            writer.write_all(format!("{line}\r\n").as_bytes()).await?;
            Ok(line.starts_with(['2', '3']))
        }
        Some((_, Fault::HangUp)) => Err(std::io::ErrorKind::ConnectionReset.into()),
        Some((_, Fault::Silence)) => std::future::pending().await,
    }
}

async fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    answer(state, &mut writer, At::Greeting, "220 sink ESMTP").await?;
    let (mut from, mut to) = (String::new(), String::new());
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                let auth = state.lock().unwrap().auth;
                let auth = if auth { "250-AUTH PLAIN LOGIN\r\n" } else { "" };
                let said = format!("250-sink\r\n{auth}250 8BITMIME\r\n");
                writer.write_all(said.as_bytes()).await?;
            }
            "AUTH" => {
                answer(state, &mut writer, At::Auth, "235 2.7.0 welcome").await?;
            }
            "MAIL" => {
                from = address(&line);
                answer(state, &mut writer, At::Mail, "250 2.1.0 ok").await?;
            }
            "RCPT" => {
                to = address(&line);
                answer(state, &mut writer, At::Recipient, "250 2.1.5 ok").await?;
            }
            "DATA" => {
                if !answer(state, &mut writer, At::Data, "354 go on").await? {
                    continue;
                }
                let mut raw = String::new();
                loop {
                    // Who goes away before the dot has sent nothing.
                    let Some(line) = lines.next_line().await? else {
                        return Ok(());
                    };
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                let mail = Received {
                    from: from.clone(),
                    to: to.clone(),
                    raw,
                };
                let (kept, held) = {
                    let mut state = state.lock().unwrap();
                    let refused = |(at, fault): &(At, Fault)| {
                        *at == At::Dot
                            && matches!(fault, Fault::Say(line) if !line.starts_with('2'))
                    };
                    let keep = !state.faults.iter().any(refused);
                    if keep {
                        state.received.push(mail);
                        state.arrived.add_permits(1);
                    }
                    (keep, state.held.clone())
                };
                if let Some(held) = held {
                    held.acquire().await.unwrap().forget();
                }
                let usual = if kept { "250 2.0.0 queued" } else { "451 odd" };
                answer(state, &mut writer, At::Dot, usual).await?;
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => writer.write_all(b"502 what?\r\n").await?,
        }
    }
    Ok(())
}

fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    let (address, _) = rest.split_once('>').unwrap();
    address.to_owned()
}

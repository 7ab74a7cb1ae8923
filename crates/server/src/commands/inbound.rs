//! `runbook-desk inbound`: what a mail server pipes a mail into.

use std::{collections::BTreeMap, io::Read, process::ExitCode};

use clap::Args;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::client::{Asked, Client, Failure};

/// `EX_DATAERR` of sysexits.h: no attempt will do better, and the mail server
/// returns the mail to its sender.
const NO_MAIL: u8 = 65;
/// `EX_TEMPFAIL`: the mail server keeps the mail and tries again.
const LATER: u8 = 75;
/// Bytes that are read; the desk takes less.
const READ_MAX: u64 = 64 << 20;

#[derive(Debug, Args)]
pub(super) struct Inbound {
    /// The desk, instead of DESK_URL.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A file with the access key, instead of DESK_KEY: a mail server's pipe has
    /// no environment, and arguments are seen by everybody on the machine.
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,
}

pub(super) async fn run(command: &Inbound, env: BTreeMap<String, String>) -> ExitCode {
    match take(command, env).await {
        Ok(code) => code,
        // A wrong setting is the operator's fault and not the mail's: it waits.
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(LATER)
        }
    }
}

async fn take(command: &Inbound, mut env: BTreeMap<String, String>) -> Result<ExitCode, String> {
    if let Some(url) = &command.url {
        env.insert("DESK_URL".to_owned(), url.clone());
    }
    if let Some(file) = &command.key_file {
        let key = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        env.insert("DESK_KEY".to_owned(), key);
    }
    let client = Client::new(&env).map_err(|failure| failure.to_string())?;
    let mut mail = Vec::new();
    let mut input = std::io::stdin().lock().take(READ_MAX);
    let read = input.read_to_end(&mut mail);
    read.map_err(|error| format!("standard input: {error}"))?;
    drop(input);
    let asked = Asked {
        body: Some(("message/rfc822", without_separator(mail))),
        ..Asked::default()
    };
    let answered = client.answer(Method::POST, &["inbound"], asked).await;
    match answered.map_err(|failure| failure.to_string())? {
        (_, Ok(taken)) => {
            super::print(&line(&taken));
            Ok(ExitCode::SUCCESS)
        }
        (status, Err(refused)) => Ok(told(status, &refused)),
    }
}

/// Only what the desk says of the mail itself is final; a wrong key or too much
/// at once is not the sender's fault.
fn told(status: StatusCode, refused: &Failure) -> ExitCode {
    eprintln!("{refused}");
    let of_the_mail = [
        StatusCode::BAD_REQUEST,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::UNPROCESSABLE_ENTITY,
    ];
    ExitCode::from(if of_the_mail.contains(&status) {
        NO_MAIL
    } else {
        LATER
    })
}

/// Without the `From sender date` line that mailboxes and some pipes put above
/// the headers.
fn without_separator(mail: Vec<u8>) -> Vec<u8> {
    if !mail.starts_with(b"From ") {
        return mail;
    }
    let end = mail.iter().position(|&byte| byte == b'\n');
    mail.into_iter()
        .skip(end.map_or(0, |end| end + 1))
        .collect()
}

/// What became of it, in a line for the mail server's log.
fn line(taken: &Value) -> String {
    let word = |name: &str| taken.get(name).and_then(Value::as_str);
    let words = [word("outcome"), word("ticket"), word("reason")];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    format!("{}\n", super::words::plain(&words.join(" ")))
}

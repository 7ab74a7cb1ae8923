//! How many mails one connection carries to a mail server on this machine:
//! `cargo run --release -p notify --example mails_per_second`. The goal is 500.

use std::{error::Error, time::Instant};

use chrono_tz::Tz;
use notify::{Channels, Look, Mailing, Message, Page, Pager, Reach, Slack, Smtp};
use ticketing::{Medium, NotificationId, Recipient};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

const MAILS: u32 = 5000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let sink = tokio::spawn(async move {
        let (stream, _) = listener.accept().await?;
        swallow(stream).await
    });
    let channels = Channels {
        mailing: Mailing::Server(Box::new(Smtp::from_url(&format!(
            "smtp://127.0.0.1:{port}"
        ))?)),
        slack: Slack::new(Default::default()),
        pager: Pager::new(String::new(), None),
        reach: Reach::Public,
        quiet: Default::default(),
        look: Look {
            from: "desk@example.com".to_owned(),
            reply_to: None,
            zone: Tz::UTC,
            public_url: None,
        },
    };
    let to = Recipient {
        medium: Medium::Email,
        address: "team@example.com".to_owned(),
    };
    let mut session = channels.session();
    let begin = Instant::now();
    for n in 0..MAILS {
        let outcome = session.send(&message(n)?, &to).await;
        if outcome.name() != "sent" {
            return Err(format!("{outcome:?}").into());
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    session.close().await;
    let taken = sink.await??;
    println!(
        "{taken} mails in {seconds:.2} s: {:.0}/s",
        f64::from(taken) / seconds
    );
    Ok(())
}

fn message(n: u32) -> Result<Message, Box<dyn Error>> {
    let id = NotificationId(format!("00000000-0000-7000-8000-{n:012x}").parse()?);
    let text = "The ticket was escalated to level 3. Please acknowledge it.\n".repeat(15);
    Ok(Message {
        id,
        about: "T-1042".to_owned(),
        subject: "[T-1042] escalated to level 3: The payment gateway answers 502".to_owned(),
        html: format!("<pre>{text}</pre>"),
        text,
        message_id: format!("<{id}@example.com>"),
        thread_id: Some("<ticket.1@example.com>".to_owned()),
        reply_to: None,
        link: None,
        page: Page::default(),
        at: "2026-11-22T10:00:00Z".parse()?,
    })
}

/// A mail server that takes everything; answers how many mails it took.
async fn swallow(stream: TcpStream) -> std::io::Result<u32> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let (mut taken, mut content) = (0, false);
    writer.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer: &[u8] = match line.as_str() {
            "." if content => {
                content = false;
                taken += 1;
                b"250 taken\r\n"
            }
            _ if content => continue,
            "DATA" => {
                content = true;
                b"354 go on\r\n"
            }
            "QUIT" => break,
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(taken)
}

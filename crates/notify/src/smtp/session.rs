//! One connection, one mail after the other.
//!
//! lettre's own `send` cannot say whether the final dot was out when it failed,
//! and its timeout covers only the connect. So each step is one command under
//! its own timeout with the one code that it may be answered with. The
//! connection is taken out of the session while it is in use and put back only
//! after a 250: a send that fails, or whose future is dropped midway, leaves no
//! half-used connection whose late replies would answer for the next mail.

use std::{fmt, future::Future, time::Duration};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, TlsParameters},
    commands::{Data, Mail as MailFrom, Rcpt},
    response::Response,
};
use tokio::{net::TcpStream, time::timeout};

use super::{Security, Smtp};
use crate::{clean::one_line, mail::Mail, outcome::Outcome};

/// A connection that is opened when it is needed.
pub(crate) struct SmtpSession {
    server: Smtp,
    connection: Option<AsyncSmtpConnection>,
    /// Why the server could not be reached just now: the rest of a batch need
    /// not wait for it one by one.
    down: Option<Outcome>,
}

/// Why a step failed.
enum Fault {
    /// The server answered, but not as it should.
    Refused { code: u16, text: String },
    /// TLS did not come about.
    Tls(String),
    /// No answer, or none that can be read.
    Lost(String),
    /// The settings do not fit the server.
    Settings(String),
}

impl SmtpSession {
    pub(crate) const fn new(server: Smtp) -> Self {
        Self {
            server,
            connection: None,
            down: None,
        }
    }

    /// Sends one mail. Only a 250 after the final dot is [`Outcome::Sent`].
    pub(crate) async fn send(&mut self, mail: &Mail) -> Outcome {
        if let Some(kept) = self.connection.take() {
            match self.transact(kept, mail).await {
                // A server may close an idle connection at any time; nothing of
                // this mail went out, so a new connection can carry it.
                Err((Fault::Lost(_) | Fault::Refused { code: 421, .. }, Step::Mail)) => {}
                Ok(reply) => return Outcome::Sent(reply),
                Err((fault, step)) => return outcome(fault, step),
            }
        }
        if let Some(down) = &self.down {
            return down.clone();
        }
        let fresh = match connect(&self.server).await {
            Ok(fresh) => {
                #[cfg(feature = "crash-points")]
                crash_points::point("after-connect");
                fresh
            }
            Err(fault) => {
                let down = outcome(fault, Step::Connect);
                self.down = Some(down.clone());
                return down;
            }
        };
        match self.transact(fresh, mail).await {
            Ok(reply) => Outcome::Sent(reply),
            Err((fault, step)) => outcome(fault, step),
        }
    }

    /// Says goodbye; the outcome of every mail is known by then.
    pub(crate) async fn close(mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = timeout(Duration::from_secs(2), connection.quit()).await;
        }
    }

    async fn transact(
        &mut self,
        mut connection: AsyncSmtpConnection,
        mail: &Mail,
    ) -> Result<String, (Fault, Step)> {
        let limit = self.server.timeouts;
        let from = MailFrom::new(Some(mail.from.clone()), Vec::new());
        let asked = connection.command(from);
        step(asked, limit.step, &[250])
            .await
            .map_err(|fault| (fault, Step::Mail))?;
        let asked = connection.command(Rcpt::new(mail.to.clone(), Vec::new()));
        step(asked, limit.step, &[250, 251])
            .await
            .map_err(|fault| (fault, Step::Recipient))?;
        step(connection.command(Data), limit.step, &[354])
            .await
            .map_err(|fault| (fault, Step::Data))?;
        #[cfg(feature = "crash-points")]
        crash_points::point("after-data");
        let asked = connection.command(Content(&mail.raw));
        #[cfg(feature = "crash-points")]
        let asked = crashing_unanswered(asked);
        let reply = step(asked, limit.dot, &[250])
            .await
            .map_err(|fault| (fault, Step::Dot))?;
        self.connection = Some(connection);
        Ok(reply)
    }
}

/// Passes the point between the final dot and its answer: what waits for more
/// has written all that it had, since a test's mail fits a socket's buffer.
#[cfg(feature = "crash-points")]
async fn crashing_unanswered<T>(asked: impl Future<Output = T>) -> T {
    let mut asked = std::pin::pin!(asked);
    std::future::poll_fn(|context| {
        let polled = asked.as_mut().poll(context);
        if polled.is_pending() {
            crash_points::point("after-dot-before-250");
        }
        polled
    })
    .await
}

/// How far a mail came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Connect,
    Mail,
    Recipient,
    Data,
    Dot,
}

fn outcome(fault: Fault, step: Step) -> Outcome {
    match (fault, step) {
        // 535 and its kin (RFC 4954 section 6) speak of the login, whenever
        // they come; any 5xx before MAIL speaks of this desk or that server.
        (
            Fault::Refused {
                code: 530 | 534 | 535 | 538,
                text,
            },
            _,
        )
        | (Fault::Refused { code: 500.., text }, Step::Connect) => Outcome::Misconfigured(text),
        (Fault::Refused { code: 500.., text }, _) => Outcome::Permanent(text),
        // A 2xx or 3xx that does not belong there, after the dot, says nothing
        // about the mail.
        (Fault::Refused { code: 0..400, text }, Step::Dot) => Outcome::Unknown(text),
        (Fault::Refused { text, .. }, _) => Outcome::Transient(text),
        (Fault::Tls(text) | Fault::Settings(text), _) => Outcome::Misconfigured(text),
        (Fault::Lost(text), Step::Dot) => {
            Outcome::Unknown(format!("no answer after the final dot: {text}"))
        }
        (Fault::Lost(text), _) => Outcome::Transient(text),
    }
}

async fn connect(server: &Smtp) -> Result<AsyncSmtpConnection, Fault> {
    let limit = server.timeouts;
    let at = (server.host.as_str(), server.port);
    let tls = || {
        let mut builder = TlsParameters::builder(server.host.clone());
        if let Some(authorities) = &server.authorities {
            builder = builder.add_root_certificate(authorities.clone());
        }
        builder.build().map_err(|error| Fault::Tls(words(&error)))
    };
    let mut connection = if server.security == Security::Implicit {
        let opening = AsyncSmtpConnection::connect_tokio1(
            at,
            Some(limit.connect),
            &server.hello,
            Some(tls()?),
            None,
        );
        within(opening, limit.connect + limit.step).await?
    } else {
        let stream = match timeout(limit.connect, TcpStream::connect(at)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Fault::Lost(format!("{}: {error}", server.address()))),
            Err(_elapsed) => {
                return Err(Fault::Lost(format!(
                    "{}: connecting took too long",
                    server.address()
                )));
            }
        };
        // Without it Nagle's algorithm and delayed acknowledgements cost 40 ms
        // a mail.
        stream
            .set_nodelay(true)
            .map_err(|error| Fault::Lost(error.to_string()))?;
        let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &server.hello);
        within(greeted, limit.step).await?
    };
    let starttls = match server.security {
        Security::Plain | Security::Implicit => false,
        Security::Opportunistic => connection.can_starttls(),
        Security::Required if connection.can_starttls() => true,
        Security::Required => {
            return Err(Fault::Settings(format!(
                "{} offers no STARTTLS, which the settings require",
                server.address()
            )));
        }
    };
    if starttls {
        within(connection.starttls(tls()?, &server.hello), limit.step).await?;
    }
    if let Some((user, password)) = &server.login {
        let login = Credentials::new(user.clone(), password.clone());
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        let done = within(connection.auth(&mechanisms, &login), limit.step).await?;
        expect(&done, &[235])?;
    }
    Ok(connection)
}

/// One command under a timeout, with the codes that it may be answered with.
async fn step(
    asked: impl Future<Output = Result<Response, Error>>,
    limit: Duration,
    codes: &[u16],
) -> Result<String, Fault> {
    let response = within(asked, limit).await?;
    expect(&response, codes)
}

fn expect(response: &Response, codes: &[u16]) -> Result<String, Fault> {
    let text = response.message().collect::<Vec<_>>().join(" ");
    let text = one_line(&format!("{} {text}", response.code()), 400);
    if codes.iter().any(|&code| response.has_code(code)) {
        Ok(text)
    } else {
        Err(Fault::Refused {
            code: response.code().into(),
            text,
        })
    }
}

async fn within<T>(
    asked: impl Future<Output = Result<T, Error>>,
    limit: Duration,
) -> Result<T, Fault> {
    match timeout(limit, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(fault(&error)),
        Err(_elapsed) => Err(Fault::Lost(format!(
            "no answer within {} s",
            limit.as_secs()
        ))),
    }
}

fn fault(error: &Error) -> Fault {
    let text = words(error);
    match error.status() {
        Some(code) => Fault::Refused {
            code: code.into(),
            text,
        },
        None if error.is_tls() => Fault::Tls(text),
        None if error.is_client() => Fault::Settings(text),
        None => Fault::Lost(text),
    }
}

fn words(error: &Error) -> String {
    one_line(&error.to_string(), 400)
}

/// A mail's content as one command, so that it goes out in one write: lines
/// that begin with a dot doubled (RFC 5321 section 4.5.2), and the final dot.
struct Content<'a>(&'a [u8]);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The composer writes ASCII alone.
        let text = String::from_utf8_lossy(self.0);
        for line in text.trim_end_matches("\r\n").split("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

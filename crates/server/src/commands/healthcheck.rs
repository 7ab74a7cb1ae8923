//! `runbook-desk healthcheck`: what a container's health check runs.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::settings::Settings;

pub(super) async fn run(settings: &Settings) -> Result<(), String> {
    let asked = timeout(Duration::from_secs(5), ask(settings)).await;
    let status = match asked {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => return Err(format!("{}: {error}", settings.listen)),
        Err(_elapsed) => return Err(format!("{}: no answer within 5 s", settings.listen)),
    };
    // The status line alone: one byte-exact request needs no HTTP client.
    if status.starts_with("HTTP/1.1 200") {
        Ok(())
    } else {
        Err(status)
    }
}

async fn ask(settings: &Settings) -> std::io::Result<String> {
    let mut address = settings.listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

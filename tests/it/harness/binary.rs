//! The real program, as it is shipped.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{client::Client, database::TestDatabase, desk::ADMIN_KEY};

/// Where cargo puts a program: beside the folder of this test.
pub(crate) fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let path = folder.join(name);
    assert!(
        path.exists(),
        "build {name} first: cargo build --workspace --features server/crash-points --bin {name}"
    );
    path
}

/// A running `runbook-desk serve` on a port of its own; killed when dropped.
pub(crate) struct Process {
    child: Child,
    lines: mpsc::Receiver<String>,
    pub(crate) url: String,
}

impl Process {
    /// Starts it on that database and waits until it listens.
    pub(crate) fn start(database: &TestDatabase, folder: &std::path::Path) -> Self {
        Self::run("runbook-desk", &[], database, folder)
    }

    /// As [`Process::start`], mailing to a server, and ending itself at a named
    /// point.
    pub(crate) fn start_to_crash(
        point: &str,
        smtp: &str,
        database: &TestDatabase,
        folder: &std::path::Path,
    ) -> Self {
        let env = [("DESK_CRASH_AT", point), ("DESK_SMTP_URL", smtp)];
        Self::run("desk-with-crash-points", &env, database, folder)
    }

    /// As [`Process::start`], mailing to a server.
    pub(crate) fn start_mailing(
        smtp: &str,
        database: &TestDatabase,
        folder: &std::path::Path,
    ) -> Self {
        Self::run("runbook-desk", &[("DESK_SMTP_URL", smtp)], database, folder)
    }

    fn run(
        name: &str,
        env: &[(&str, &str)],
        database: &TestDatabase,
        folder: &std::path::Path,
    ) -> Self {
        let mut child = Command::new(binary(name))
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .env("DESK_LISTEN", "127.0.0.1:0")
            .env("DESK_DATABASE_URL", database.url())
            .env("DESK_DATA_DIR", folder)
            .env("DESK_ADMIN_KEY", ADMIN_KEY)
            .env("DESK_LOG_FORMAT", "json")
            .env("DESK_LOG", "info")
            .env("DESK_RATE_LIMIT_PER_SECOND", "0")
            // Each mail by itself, however many there are.
            .env("DESK_MAILS_PER_RECIPIENT", "0")
            .env("DESK_LEVEL_3_PAGES_PER_HOUR", "100000")
            .envs(env.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!(
                    "the desk did not open; is it of this build? (cargo build --workspace) {said:#?}"
                );
            };
            let json: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = json["address"].as_str() {
                break address.to_owned();
            }
            said.push(line);
        };
        // What it says further must not fill the pipe.
        let (said, heard) = mpsc::channel();
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(said.send(line)))
        });
        Self {
            child,
            lines: heard,
            url: format!("http://{address}"),
        }
    }

    pub(crate) fn admin(&self) -> Client {
        Client::new(&self.url, Some(ADMIN_KEY))
    }

    /// Waits until it ended by itself, without a goodbye.
    pub(crate) async fn crashed(mut self) {
        let mut child = std::mem::replace(&mut self.child, idle());
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        let ended = tokio::time::timeout(Duration::from_secs(60), ended);
        let status = ended.await.expect("it never came to the point").unwrap();
        // No exit code: a signal ended it.
        assert_eq!(status.code(), None, "{status}");
    }

    /// SIGSTOP, SIGCONT: the whole process stands still, or goes on.
    pub(crate) fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let sent = kill
            .arg(format!("-{signal}"))
            .arg(self.child.id().to_string());
        assert!(sent.status().unwrap().success());
    }

    /// Waits until it logs a line with that text.
    pub(crate) fn says(&self, text: &str) {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60));
            if line.expect("it says no such thing").contains(text) {
                return;
            }
        }
    }

    /// SIGTERM, and what it says until it has ended.
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
        self.lines.iter().collect()
    }

    /// SIGKILL: no destructor, no flush, no goodbye.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A process that has ended.
fn idle() -> Child {
    Command::new("true").spawn().unwrap()
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

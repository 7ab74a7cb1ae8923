//! The real program, as it is shipped.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

use super::{client::Client, database::TestDatabase, desk::ADMIN_KEY};

/// Where cargo puts `runbook-desk`: beside the folder of this test.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let path = folder.join("runbook-desk");
    assert!(path.exists(), "build it first: cargo build --workspace");
    path
}

/// A running `runbook-desk serve` on a port of its own; killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
}

impl Process {
    /// Starts it on that database and waits until it listens.
    pub(crate) fn start(database: &TestDatabase, folder: &std::path::Path) -> Self {
        let mut child = Command::new(binary())
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .env("DESK_LISTEN", "127.0.0.1:0")
            .env("DESK_DATABASE_URL", database.url())
            .env("DESK_DATA_DIR", folder)
            .env("DESK_ADMIN_KEY", ADMIN_KEY)
            .env("DESK_LOG_FORMAT", "json")
            .env("DESK_LOG", "info")
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
        thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            url: format!("http://{address}"),
        }
    }

    pub(crate) fn admin(&self) -> Client {
        Client::new(&self.url, Some(ADMIN_KEY))
    }

    /// SIGKILL: no destructor, no flush, no goodbye.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

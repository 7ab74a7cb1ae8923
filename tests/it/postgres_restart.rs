//! PostgreSQL falls over under load: `pg_ctl restart -m immediate`, on a cluster
//! of this story's own. Left out where PostgreSQL's programs are missing, and
//! in the run on SQLite.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::harness::{Process, TestDatabase, bug_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_databases_fall_and_the_desk_goes_on() {
    if TestDatabase::is_sqlite() {
        return;
    }
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let database = TestDatabase::empty_at(cluster.url()).await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Process::start(&database, folder.path());

    let over = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(Semaphore::new(0));
    let mut all = JoinSet::new();
    for task in 0..8 {
        let (admin, over) = (desk.admin(), over.clone());
        let acknowledged = acknowledged.clone();
        all.spawn(async move {
            let (mut kept, mut away) = (Vec::new(), 0);
            for number in 0.. {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let reference = json!({"external_ref": format!("{task}-{number}")});
                let request = admin.request(reqwest::Method::POST, "/v1/tickets");
                let sent = request.json(&bug_with("Odd", reference)).send().await;
                let answer = sent.expect("the desk itself never goes away");
                match answer.status().as_u16() {
                    201 => {
                        kept.push(answer.json::<Value>().await.unwrap());
                        acknowledged.add_permits(1);
                    }
                    503 => {
                        assert!(answer.headers().contains_key("retry-after"));
                        away += 1;
                    }
                    other => panic!("{other}: {}", answer.text().await.unwrap()),
                }
            }
            (kept, away)
        });
    }
    // In the midst of it.
    acknowledged.acquire_many(80).await.unwrap().forget();
    let restarted = tokio::task::spawn_blocking(move || {
        cluster.restart();
        cluster
    });
    let _cluster = restarted.await.unwrap();
    // By itself it files again: more than what could have been under way.
    acknowledged.forget_permits(usize::MAX);
    acknowledged.acquire_many(80).await.unwrap().forget();
    over.store(true, Ordering::SeqCst);
    let mut kept: Vec<Value> = Vec::new();
    while let Some(task) = all.join_next().await {
        kept.extend(task.unwrap().0);
    }
    assert!(kept.len() >= 160, "{}", kept.len());

    for ticket in &kept {
        let seen = desk.admin().see(ticket["key"].as_str().unwrap()).await;
        assert_eq!(seen["id"], ticket["id"]);
        assert_eq!(seen["external_ref"], ticket["external_ref"]);
    }
    desk.admin().get("/readyz").await.is(200);
}

/// A PostgreSQL of this story's own, on a socket and a port of its own.
struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let mut cluster = Self {
            programs,
            folder,
            port: 0,
        };
        if is_root() {
            let mut chown = Command::new("chown");
            run(chown.arg("postgres").arg(cluster.folder.path()));
        }
        let data = cluster.data();
        run(cluster
            .program("initdb")
            .args([
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--locale=C",
            ])
            .arg("--encoding=UTF8")
            .arg(format!("--pgdata={}", data.display())));
        // A port that is free now may be somebody's connection a moment later.
        let started = (0..5).any(|_| {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            cluster.port = free.local_addr().unwrap().port();
            drop(free);
            let status = cluster.pg_ctl("start").status();
            status.unwrap().success()
        });
        assert!(started, "{}", cluster.log());
        Some(cluster)
    }

    fn url(&self) -> url::Url {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        url.parse().unwrap()
    }

    /// As a crash: no checkpoint, and every connection is cut.
    fn restart(&self) {
        run(self.pg_ctl("restart").arg("--mode=immediate"));
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn pg_ctl(&self, what: &str) -> Command {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c full_page_writes=off",
            self.port
        );
        let mut command = self.program("pg_ctl");
        command
            .arg(format!("--pgdata={}", self.data().display()))
            .arg(format!("--log={folder}/log"))
            .args(["--wait", "--silent", "--options", &options, what]);
        command
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg(format!("--pgdata={}", self.data().display()));
        stop.args(["--mode=immediate", "--silent", "stop"]);
        stop.status().ok();
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {done:?}");
}

fn is_root() -> bool {
    let me = Command::new("id").arg("-u").output().unwrap();
    me.stdout == b"0\n"
}

/// The folder of `initdb` and `pg_ctl`, the newest where there are several.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| Path::new(bin).join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

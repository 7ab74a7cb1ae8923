//! Many at once, and some who hang up.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::harness::{TestDesk, bug, bug_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_patches_with_one_etag_exactly_one_happens() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut all = JoinSet::new();
    for number in 0..50 {
        let (asha, key) = (asha.with("if-match", "\"1\""), key.clone());
        all.spawn(async move {
            let patch = json!({"title": format!("Title {number}")});
            asha.patch(format!("/v1/tickets/{key}"), &patch).await
        });
    }
    let answers = all.join_all().await;

    let count = |status| answers.iter().filter(|one| one.status == status).count();
    assert_eq!((count(200), count(412)), (1, 49));
    let won = answers.iter().find(|one| one.status == 200).unwrap();
    assert_eq!(asha.see(&key).await["title"], won.json["title"]);
    desk.hold_ledger().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_file_at_once_is_all_there_under_numbers_of_its_own() {
    let desk = TestDesk::open().await;
    let mut all = JoinSet::new();
    for task in 0..8 {
        let shop = desk.tool(&format!("shop-{task}")).await;
        for number in 0..8 {
            let shop = shop.clone();
            all.spawn(async move { shop.file(&bug(&format!("{task}-{number}"))).await });
        }
    }
    let filed = all.join_all().await;

    let numbers: BTreeSet<i64> = filed
        .iter()
        .map(|ticket| ticket["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers.len(), 64);
    let listed = desk
        .admin()
        .get("/v1/tickets?limit=200&count=true")
        .await
        .is(200);
    assert_eq!(listed.json["total"], 64);
    desk.hold_ledger().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_of_many_agents_at_once_are_all_kept() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut all = JoinSet::new();
    for number in 0..12 {
        let (asha, key) = (asha.clone(), key.clone());
        all.spawn(async move {
            let comment =
                json!({"author": "agent", "visibility": "public", "text": number.to_string()});
            asha.post(format!("/v1/tickets/{key}/comments"), &comment)
                .await
                .is(201)
        });
    }
    all.join_all().await;

    let comments = asha
        .get(format!("/v1/tickets/{key}/comments"))
        .await
        .is(200)
        .json;
    let comments = comments["items"].as_array().unwrap();
    let texts: BTreeSet<&str> = comments
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts.len(), 12);
    let first = comments
        .iter()
        .filter(|one| one["first_response"] == true)
        .count();
    assert_eq!(first, 1);
    desk.hold_ledger().await;
}

/// A handler whose client is gone is dropped where it waits: no transaction
/// may be left open by that, and what others file must stay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_clients_that_hang_up_while_filing_lose_nothing_of_anybody() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let address = desk.url.trim_start_matches("http://").to_owned();
    let mut kept = Vec::new();
    for number in 0..40_u32 {
        let body = bug_with(
            "Hangs up",
            json!({"external_ref": format!("gone-{number}")}),
        )
        .to_string();
        let request = format!(
            "POST /v1/tickets HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            shop.key(),
            body.len()
        );
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        // Closing with unread data or with linger 0 sends a reset.
        stream.set_zero_linger().unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        // Hang up at forty different moments of the request's life.
        for _ in 0..number * 50 {
            tokio::task::yield_now().await;
        }
        drop(stream);
        let reference = json!({"external_ref": format!("kept-{number}")});
        kept.push(shop.file(&bug_with("Stays", reference)).await);
    }

    for ticket in &kept {
        let seen = shop.see(ticket["key"].as_str().unwrap()).await;
        assert_eq!(seen["id"], ticket["id"]);
    }
    // Who hung up can ask again and finds one ticket, filed by now or before.
    for number in 0..40 {
        let body = bug_with(
            "Hangs up",
            json!({"external_ref": format!("gone-{number}")}),
        );
        let answer = shop.post("/v1/tickets", &body).await;
        assert!(answer.status == 200 || answer.status == 201, "{answer:?}");
    }
    let listed = shop.get("/v1/tickets?count=true&limit=1").await.is(200);
    assert_eq!(listed.json["total"], 80);
    desk.hold_ledger().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_idempotency_key_from_many_clients_files_one_ticket() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await.with("idempotency-key", "once");
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let shop = shop.clone();
        all.spawn(async move { shop.post("/v1/tickets", &bug("Odd")).await });
    }
    let answers = all.join_all().await;

    for answer in &answers {
        // Meanwhile the first may still be running.
        assert!(answer.status == 201 || answer.status == 409, "{answer:?}");
    }
    let fresh = answers
        .iter()
        .filter(|one| one.status == 201 && one.header("idempotent-replayed").is_empty());
    assert_eq!(fresh.count(), 1);
    let listed = shop.get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 1);
}

/// Someone who files under a key over sockets of their own, hangs up at a moment
/// of their choice as often as they like, and asks again until they are answered.
struct Filer {
    address: String,
    access: String,
    key: String,
    hang_ups: u32,
    seed: u32,
}

impl Filer {
    fn request(&self) -> String {
        let body = bug(&self.key).to_string();
        format!(
            "POST /v1/tickets HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nIdempotency-Key: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.access,
            self.key,
            body.len()
        )
    }

    /// Half of the time in the middle of the request, else before its answer.
    async fn hang_up(&self, n: u32) {
        let request = self.request();
        let chance = (self.seed * 7 + n * 13) as usize;
        let length = match chance.is_multiple_of(2) {
            true => request.len() * (chance % 10) / 10,
            false => request.len(),
        };
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        if chance.is_multiple_of(3) {
            stream.set_zero_linger().unwrap();
        }
        // The desk may be quicker to close.
        stream.write_all(&request.as_bytes()[..length]).await.ok();
        for _ in 0..chance % 400 {
            tokio::task::yield_now().await;
        }
    }

    /// The id of the ticket under the key.
    async fn file(self) -> (String, String) {
        for n in 0..self.hang_ups {
            self.hang_up(n).await;
        }
        loop {
            let mut stream = TcpStream::connect(&self.address).await.unwrap();
            stream.write_all(self.request().as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            let status = answer.split(' ').nth(1).unwrap();
            if status == "201" {
                let (_, body) = answer.split_once("\r\n\r\n").unwrap();
                let ticket: Value = serde_json::from_str(body).unwrap();
                return (self.key, ticket["id"].as_str().unwrap().to_owned());
            }
            // The first request with the key is still running, or the desk has
            // more to write than it takes on.
            assert!(["409", "503"].contains(&status), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_who_repeat_and_hang_up_leave_one_ticket_per_key() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let mut all = JoinSet::new();
    for seed in 0..200 {
        // Every fifth has the key of the one before.
        let key = seed - u32::from(seed % 5 == 4);
        let filer = Filer {
            address: desk.url.trim_start_matches("http://").to_owned(),
            access: shop.key().to_owned(),
            key: format!("key-{key}"),
            hang_ups: seed % 4,
            seed,
        };
        all.spawn(filer.file());
    }
    let answered = all.join_all().await;

    assert_eq!(answered.len(), 200);
    let tickets: BTreeSet<_> = answered.iter().collect();
    assert_eq!(tickets.len(), 160, "one key, one ticket, whoever asks");
    let listed = shop.get("/v1/tickets?count=true&limit=1").await.is(200);
    assert_eq!(listed.json["total"], 160);
    desk.hold_ledger().await;
}

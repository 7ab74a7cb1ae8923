//! Following changes of tickets: `GET /v1/events`.

use chrono::TimeDelta;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{Client, Setup, TestDesk, bug, feature};

/// Someone who follows changes.
struct Follower {
    response: Response,
    read: String,
}

/// One change as it was sent.
#[derive(Debug)]
struct Told {
    id: String,
    event: String,
    data: Value,
}

impl Follower {
    /// Follows from now on, or with what the path and the client's headers say.
    async fn of(client: &Client, path: &str) -> Self {
        let response = client.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_ne!(response.headers()["x-request-id"], "");
        let mut follower = Self {
            response,
            read: String::new(),
        };
        let hello = follower.block().await.unwrap();
        assert!(hello.starts_with("retry: "), "{hello}");
        follower
    }

    /// The next change; none when the stream ended.
    async fn next(&mut self) -> Option<Told> {
        let block = self.block().await?;
        let field = |name: &str| {
            let mut lines = block.lines().filter_map(|line| line.strip_prefix(name));
            lines.next().unwrap().to_owned()
        };
        Some(Told {
            id: field("id: "),
            event: field("event: "),
            data: serde_json::from_str(&field("data: ")).unwrap(),
        })
    }

    /// The next changes' kinds with their tickets' keys.
    async fn kinds(&mut self, count: usize) -> Vec<String> {
        let mut kinds = Vec::new();
        for _ in 0..count {
            let told = self.next().await.unwrap();
            kinds.push(format!(
                "{} {}",
                told.data["key"].as_str().unwrap(),
                told.event
            ));
        }
        kinds
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.read = rest;
                return Some(block);
            }
            // A stream that is cut off in the middle is at its end too.
            let chunk = self.response.chunk().await.ok()??;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn a_change_is_told_with_ticket_version_status_and_level_but_without_texts() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let mut follower = Follower::of(&asha, "/v1/events").await;

    let filed = shop.file(&bug("A secret title")).await;
    let key = filed["key"].as_str().unwrap();
    assert_eq!(desk.desk.publish_events().await.unwrap(), 1);

    let told = follower.next().await.unwrap();
    assert_eq!(told.event, "filed");
    let timeline = asha
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200);
    let event = &timeline.json["items"][0];
    assert_eq!(
        told.data,
        json!({
            "id": event["id"], "kind": "filed", "ticket": filed["id"], "key": key, "version": 1,
            "at": "2026-11-22T10:00:00Z", "by": "shop", "status": "new", "level": 1,
        })
    );
    assert_eq!(told.id, event["id"]);
}

#[tokio::test]
async fn a_tool_is_told_of_its_own_tickets_and_not_of_internal_comments() {
    let desk = TestDesk::open().await;
    let (shop, app) = (desk.tool("shop").await, desk.tool("app").await);
    let asha = desk.agent("asha").await;
    let mut shops = Follower::of(&shop, "/v1/events").await;
    let mut ashas = Follower::of(&asha, "/v1/events?kind=filed,commented").await;

    let other = app.file(&bug("Another tool's")).await;
    let own = shop.file(&bug("Its own")).await;
    let (other, own) = (other["key"].as_str().unwrap(), own["key"].as_str().unwrap());
    for (visibility, text) in [
        ("internal", "Looks like fraud"),
        ("public", "We look into it"),
    ] {
        let comment = json!({"visibility": visibility, "author": "agent", "text": text});
        let path = format!("/v1/tickets/{own}/comments");
        asha.post(&path, &comment).await.is(201);
    }
    desk.desk.publish_events().await.unwrap();

    assert_eq!(
        shops.kinds(3).await,
        [
            format!("{own} filed"),
            format!("{own} status_changed"),
            format!("{own} commented"),
        ]
    );
    assert_eq!(
        ashas.kinds(4).await,
        [
            format!("{other} filed"),
            format!("{own} filed"),
            format!("{own} commented"),
            format!("{own} commented"),
        ]
    );
}

#[tokio::test]
async fn a_follower_who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let mut follower = Follower::of(&shop, "/v1/events").await;
    shop.file(&bug("One")).await;
    let two = shop.file(&bug("Two")).await;
    desk.desk.publish_events().await.unwrap();
    follower.next().await.unwrap();
    let last = follower.next().await.unwrap();
    assert_eq!(last.data["key"], two["key"]);
    drop(follower);

    let three = shop.file(&bug("Three")).await;
    desk.clock.advance(TimeDelta::minutes(5));
    let four = shop.file(&bug("Four")).await;
    let missed = [
        format!("{} filed", three["key"].as_str().unwrap()),
        format!("{} filed", four["key"].as_str().unwrap()),
    ];

    let by_header = shop.with("last-event-id", &last.id);
    let mut back = Follower::of(&by_header, "/v1/events").await;
    assert_eq!(back.kinds(2).await, missed);
    let by_query = format!("/v1/events?last_event_id={}", last.id);
    let mut again = Follower::of(&shop, &by_query).await;
    assert_eq!(again.kinds(2).await, missed);

    // What is found by a look now was told as past already.
    desk.desk.publish_events().await.unwrap();
    let five = shop.file(&bug("Five")).await;
    desk.desk.publish_events().await.unwrap();
    let next = [format!("{} filed", five["key"].as_str().unwrap())];
    assert_eq!(back.kinds(1).await, next);
    assert_eq!(again.kinds(1).await, next);
}

#[tokio::test]
async fn what_another_replica_committed_late_is_told_once() {
    let first = TestDesk::open().await;
    // Its clock stands seconds behind, and so do the ids of its events.
    let behind = TestDesk::with(Setup {
        database: Some(first.database.clone()),
        ..Setup::default()
    })
    .await;
    first.clock.advance(TimeDelta::seconds(6));
    let shop = first.tool("shop").await;
    let mut follower = Follower::of(&shop, "/v1/events").await;

    let early = shop.file(&bug("Early")).await;
    assert_eq!(first.desk.publish_events().await.unwrap(), 1);
    let late = shop.at(&behind.url).file(&bug("Late")).await;
    assert_eq!(first.desk.publish_events().await.unwrap(), 1);
    assert_eq!(first.desk.publish_events().await.unwrap(), 0);

    let (one, two) = (
        follower.next().await.unwrap(),
        follower.next().await.unwrap(),
    );
    assert_eq!(one.data["key"], early["key"]);
    assert_eq!(two.data["key"], late["key"]);
    assert!(two.id < one.id, "the late one has the lower id");

    // Who was told of the late one alone has not missed the early one.
    let back = shop.with("last-event-id", &two.id);
    let mut back = Follower::of(&back, "/v1/events").await;
    let next = shop.file(&bug("Next")).await;
    first.desk.publish_events().await.unwrap();
    assert_eq!(back.next().await.unwrap().data["key"], next["key"]);
}

#[tokio::test]
async fn a_follower_who_does_not_keep_up_is_cut_off_and_can_come_back() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let mut follower = Follower::of(&shop, "/v1/events").await;
    shop.file(&bug("Before")).await;
    desk.desk.publish_events().await.unwrap();
    let last = follower.next().await.unwrap();

    for batch in 0..3 {
        let filings: Vec<Value> = (0..1000)
            .map(|n| feature(&format!("Wish {batch} {n}")))
            .collect();
        shop.post("/v1/tickets/batch", &json!(filings))
            .await
            .is(200);
    }
    assert_eq!(desk.desk.publish_events().await.unwrap(), 3000);

    let mut before = 0;
    while follower.next().await.is_some() {
        before += 1;
    }
    assert!(before < 3000, "{before} were kept for a slow reader");
    let back = shop.with("last-event-id", &last.id);
    let mut back = Follower::of(&back, "/v1/events").await;
    assert_eq!(back.kinds(3000).await.len(), 3000);
}

#[tokio::test]
async fn streams_end_when_the_desk_closes() {
    let desk = TestDesk::open().await;
    let mut follower = Follower::of(&desk.admin(), "/v1/events").await;

    desk.desk.close_feed();

    assert!(follower.next().await.is_none());
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let refused = shop.get("/v1/events?kind=filed,sneezed").await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["kind"]);
    let refused = shop.get("/v1/events?last_event_id=7").await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["last_event_id"]);
    let foreign = "c232ab00-9414-41ec-b3c8-9f6bdeced846";
    let refused = shop.with("last-event-id", foreign).get("/v1/events").await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["Last-Event-ID"]);
    desk.stranger().get("/v1/events").await.is(401);
}

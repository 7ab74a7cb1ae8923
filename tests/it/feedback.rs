//! How satisfied reporters are: a link in a mail, a page, one answer.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Setup, SmtpSink, TestDesk, bug_with};

const FORM: &str = "application/x-www-form-urlencoded";

/// A desk, its mail server, and a ticket that was resolved.
struct Story {
    sink: SmtpSink,
    desk: TestDesk,
    agent: Client,
    key: String,
}

impl Story {
    async fn begin() -> Self {
        let sink = SmtpSink::open().await;
        let env = vec![
            ("DESK_SMTP_URL", sink.url()),
            ("DESK_PUBLIC_URL", "https://desk.example".to_owned()),
        ];
        let desk = TestDesk::with(Setup {
            env,
            ..Setup::default()
        })
        .await;
        let reporter = json!({"reporter": {"email": "asha@example.org"}});
        let filed = desk.tool("shop").await;
        let filed = filed.file(&bug_with("Odd <colours>", reporter)).await;
        desk.deliver().await;
        let agent = desk.agent("maya").await;
        let key = filed["key"].as_str().unwrap().to_owned();
        Self {
            sink,
            desk,
            agent,
            key,
        }
    }

    /// Resolves the ticket and answers the path of the link that is mailed.
    async fn link(&self) -> String {
        self.agent.act(&self.key, "resolve", &json!({})).await;
        self.desk.deliver().await;
        let mails = self.sink.received();
        let raw = mails.last().unwrap().raw.replace("=\r\n", "");
        let (_, rest) = raw.split_once("https://desk.example").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    async fn say(&self, link: &str, said: &Value) -> Answer {
        self.desk.stranger().post(link, said).await
    }

    async fn said(&self) -> Vec<Value> {
        let path = format!("/v1/tickets/{}/timeline?limit=200", self.key);
        let events = self.agent.get(path).await.is(200).json;
        let events = events["items"].as_array().unwrap().clone();
        let said = |event: &Value| event["kind"] == "satisfaction";
        events.into_iter().filter(said).collect()
    }
}

#[tokio::test]
async fn the_page_records_one_answer_and_looking_records_none() {
    let story = Story::begin().await;
    let link = story.link().await;
    let reader = story.desk.stranger();
    for _ in 0..2 {
        let page = reader.get(&link).await.is(200);
        assert!(page.text.contains("<form method=\"post\">"), "{page:?}");
        assert!(page.text.contains("Odd &#60;colours&#62;"), "{page:?}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(!page.text.contains("<script"));
    }
    assert!(story.said().await.is_empty());

    let form = "score=4&words=Thanks%21+My+card+was+4111+1111+1111+1111";
    let answer = reader.send_text(Method::POST, &link, FORM, form).await;
    assert!(answer.is(200).text.contains("Thank you"));
    let said = story.said().await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0]["by"], "reporter");
    assert_eq!(said[0]["data"]["score"], 4);
    let words = said[0]["data"]["words"].as_str().unwrap();
    assert!(
        words.starts_with("Thanks!") && !words.contains("4111 1111"),
        "{words}"
    );

    let again = reader.send_text(Method::POST, &link, FORM, "score=1").await;
    assert!(again.is(409).text.contains("already"));
    story
        .say(&link, &json!({"score": 1}))
        .await
        .refused(409, "conflict");
    let page = reader.get(&link).await.is(200);
    assert!(page.text.contains("You gave 4 of 5") && !page.text.contains("<form"));
    assert_eq!(story.said().await.len(), 1);
    story.desk.hold_ledger().await;
}

#[tokio::test]
async fn each_resolution_is_asked_about_by_a_link_of_its_own() {
    let story = Story::begin().await;
    let first = story.link().await;
    story.say(&first, &json!({"score": 2})).await.is(200);
    story.agent.act(&story.key, "reopen", &json!({})).await;
    let second = story.link().await;
    assert_ne!(first, second);
    let said = json!({"score": 5, "words": "Now it works"});
    let given = story.say(&second, &said).await;
    assert_eq!(given.is(200).json, json!({"score": 5}));
    story.say(&first, &json!({"score": 1})).await.is(409);
    let scores: Vec<_> = story
        .said()
        .await
        .iter()
        .map(|s| s["data"]["score"].clone())
        .collect();
    assert_eq!(scores, [json!(2), json!(5)]);
    let ticket = story.agent.get(format!("/v1/tickets/{}", story.key)).await;
    assert_eq!(ticket.is(200).json["satisfaction"], said, "the last word");
}

#[tokio::test]
async fn a_link_that_is_not_the_desks_or_too_old_says_nothing() {
    let story = Story::begin().await;
    let link = story.link().await;
    let (path, token) = link.rsplit_once('/').unwrap();
    let turned: String = token.chars().rev().collect();
    for wrong in [turned.as_str(), "x", token.split_at(1).1, "%00", "..."] {
        let wrong = format!("{path}/{wrong}");
        story.desk.stranger().get(&wrong).await.is(404);
        story
            .say(&wrong, &json!({"score": 5}))
            .await
            .refused(404, "not_found");
    }
    story
        .desk
        .clock
        .advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    story.desk.stranger().get(&link).await.is(200);
    story.desk.clock.advance(TimeDelta::seconds(1));
    story.desk.stranger().get(&link).await.is(404);
    story
        .say(&link, &json!({"score": 5}))
        .await
        .refused(404, "not_found");
    assert!(story.said().await.is_empty());
}

#[tokio::test]
async fn wrong_answers_are_refused_in_kind() {
    let story = Story::begin().await;
    let link = story.link().await;
    let long = "x".repeat(2001);
    for wrong in [
        json!({"score": 0}),
        json!({"score": 6}),
        json!({}),
        json!({"score": 3, "words": long}),
        json!({"score": 3, "x": 1}),
    ] {
        story.say(&link, &wrong).await.refused(422, "invalid");
    }
    let reader = story.desk.stranger();
    for form in ["", "score=9", "score=3&x=1", "score=%FF"] {
        let page = reader
            .send_text(Method::POST, &link, FORM, form)
            .await
            .is(422);
        assert!(page.text.contains("<form"), "{page:?}");
    }
    let text = reader
        .send_text(Method::POST, &link, "text/plain", "5")
        .await;
    text.refused(415, "unsupported_media_type");
    assert!(story.said().await.is_empty());
}

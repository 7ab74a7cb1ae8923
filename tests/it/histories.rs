//! Random histories through the front door: whatever people and time do, each
//! ticket is the sum of its events and its clocks are what the events say.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Setup, TestDesk, bug_with, feature};

/// Policies that change with urgency, level and entry, over two calendars.
const POLICIES: &str = r#"
[[sla.policies]]
name = "engineering"
match = { kind = "bug", level = 3 }
first_response_seconds = 900
resolution_seconds = 7200

[[sla.policies]]
name = "urgent"
match = { kind = "bug", urgency = "critical" }
first_response_seconds = 1800
resolution_seconds = 14400
calendar = "kathmandu"

[[sla.policies]]
name = "payments"
match = { entry = "payment-failed" }
first_response_seconds = 3600
resolution_seconds = 28800
calendar = "kathmandu"

[sla.calendars.kathmandu]
time_zone = "Asia/Kathmandu"
holidays = ["2026-11-24"]
hours = { sun = [["09:00", "18:00"]], mon = [["09:00", "18:00"]], tue = [["09:00", "18:00"]], wed = [["09:00", "13:00"], ["14:00", "18:00"]], thu = [["09:00", "18:00"]], fri = [["22:00", "24:00"]] }
"#;

/// SplitMix64: the same history for the same seed, on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        let index = self.roll(among.len() as u64);
        among[usize::try_from(index).unwrap()]
    }

    fn pass(&mut self) -> TimeDelta {
        let longest = [60, 1800, 7200, 90_000, 400_000];
        let longest = longest[usize::try_from(self.roll(5)).unwrap()];
        // Also within a second: clocks judge whole seconds, events do not.
        let micros = self.roll(longest * 1_000_000);
        TimeDelta::microseconds(i64::try_from(micros).unwrap())
    }
}

/// Someone who does things at random.
pub(crate) struct Play {
    pub(crate) desk: TestDesk,
    agent: Client,
    tool: Client,
    keys: Vec<String>,
    dice: Dice,
    done: usize,
}

impl Play {
    pub(crate) async fn begin(seed: u64) -> Self {
        let desk = TestDesk::with(Setup {
            file: POLICIES.to_owned(),
            ..Setup::default()
        })
        .await;
        Self {
            agent: desk.agent("asha").await,
            tool: desk.tool("shop").await,
            desk,
            keys: Vec::new(),
            dice: Dice(seed),
            done: 0,
        }
    }

    pub(crate) async fn step(&mut self) {
        if self.keys.len() < 3 || self.dice.roll(12) == 0 {
            return self.file().await;
        }
        if self.dice.roll(3) == 0 {
            let by = self.dice.pass();
            // Sometimes people are faster than the sweep.
            if self.dice.roll(3) == 0 {
                self.desk.clock.advance(by);
            } else {
                self.desk.pass(by).await;
            }
        }
        let answer = self.act().await;
        let fine = answer.status < 300 || matches!(answer.status, 404 | 409 | 422);
        assert!(fine, "{answer:?}");
        self.done += usize::from(answer.status < 300);
    }

    async fn file(&mut self) {
        let severity = self.dice.pick(&["critical", "high", "medium", "low"]);
        let said = self.dice.pick(&[
            "my card was declined and the payment failed",
            "payment gateway returns 502 for every customer",
            "everything is green",
            "the site is down for everybody",
        ]);
        let body = match self.dice.roll(5) {
            0 => feature("Pay with Fonepay"),
            _ => bug_with("Random", json!({"severity": severity, "actual": said})),
        };
        let filed = self.tool.file(&body).await;
        self.keys.push(filed["key"].as_str().unwrap().to_owned());
    }

    fn key(&mut self) -> String {
        let index = self.dice.roll(self.keys.len() as u64);
        self.keys[usize::try_from(index).unwrap()].clone()
    }

    async fn act(&mut self) -> Answer {
        let key = self.key();
        let level = self.dice.roll(4) + 1;
        let (action, body) = match self.dice.roll(16) {
            0 | 1 => return self.comment(&key).await,
            2..=5 => return self.patch(&key).await,
            6 => ("resolve", json!({})),
            7 => ("resolve", json!({"entry": "payment-failed", "step": 1})),
            8 | 9 => ("reopen", json!({"reason": "Again"})),
            10 => ("close", json!({})),
            11 => ("escalations", json!({"to_level": level, "reason": "Up"})),
            12 => ("deescalate", json!({"to_level": level, "reason": "Down"})),
            13 => ("escalations/1/acknowledge", json!({})),
            14 => ("escalations/2/acknowledge", json!({})),
            _ if self.dice.roll(3) == 0 => ("merge", json!({"into": self.key()})),
            _ => return self.classify(&key).await,
        };
        let path = format!("/v1/tickets/{key}/{action}");
        self.agent.post(path, &body).await
    }

    async fn comment(&mut self, key: &str) -> Answer {
        let author = self.dice.pick(&["agent", "reporter"]);
        let visibility = self.dice.pick(&["public", "internal"]);
        let body = json!({"author": author, "visibility": visibility, "text": "Words"});
        let path = format!("/v1/tickets/{key}/comments");
        self.agent.post(path, &body).await
    }

    async fn patch(&mut self, key: &str) -> Answer {
        let severity = self.dice.pick(&["critical", "high", "medium", "low"]);
        let status = self.dice.pick(&["open", "pending"]);
        let body = match self.dice.roll(5) {
            0 => json!({"severity": severity}),
            1 => json!({"priority": "high", "tags": ["a"]}),
            2 => json!({"assignee": "asha", "affected_users": 3}),
            3 => json!({"status": status, "severity": severity}),
            _ => json!({"status": status}),
        };
        let anyway = self.agent.with("if-match", "*");
        anyway.patch(format!("/v1/tickets/{key}"), &body).await
    }

    async fn classify(&mut self, key: &str) -> Answer {
        let entry: Value = match self.dice.roll(3) {
            0 => Value::Null,
            1 => json!("payment-failed"),
            _ => json!("order-not-found"),
        };
        let path = format!("/v1/tickets/{key}/classification");
        self.agent.put(path, &json!({ "entry": entry })).await
    }
}

#[tokio::test]
async fn after_any_history_a_ticket_is_the_sum_of_its_events() {
    for seed in 0..8 {
        let mut play = Play::begin(seed).await;
        for _ in 0..90 {
            play.step().await;
        }
        assert!(play.done > 20, "seed {seed} did too little: {}", play.done);
        play.desk.hold_ledger().await;
        play.desk.pass(TimeDelta::days(1)).await;
        play.desk.hold_ledger().await;
        play.desk.hold_clocks().await;
    }
}

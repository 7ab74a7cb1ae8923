//! The budget of pages per tool and hour: it limits paging, never the level.

use chrono::TimeDelta;
use serde_json::json;

use super::{ENGINEERING, acknowledge, escalations, file, said, site_down, with_mail};
use crate::harness::{Client, Mailbox, Setup, TestDesk};

async fn two_desks(mail: &Mailbox) -> (TestDesk, TestDesk) {
    let limited = || {
        let mut setup = with_mail(mail);
        setup
            .env
            .push(("DESK_LEVEL_3_PAGES_PER_HOUR", "3".to_owned()));
        setup
    };
    let one = TestDesk::with(limited()).await;
    let two = TestDesk::with(Setup {
        database: Some(one.database.clone()),
        clock: Some(one.clock.clone()),
        ..limited()
    })
    .await;
    (one, two)
}

/// Files and acknowledges nothing; answers the keys.
async fn flood(shop: &Client, count: usize) -> Vec<String> {
    let mut keys = Vec::new();
    for _ in 0..count {
        keys.push(file(shop, &site_down()).await);
    }
    keys
}

#[tokio::test]
async fn what_is_above_the_budget_is_one_letter_at_the_end_of_the_hour() {
    let mut mail = Mailbox::open().await;
    let (desk, other) = two_desks(&mail).await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    // On both replicas: the budget is of the tool, not of a process.
    let mut keys = flood(&shop, 2).await;
    keys.extend(flood(&shop.at(&other.url), 3).await);
    for key in &keys {
        assert_eq!(asha.see(key).await["level"], 3);
    }
    let told = "escalated to level 3";
    mail.expects(&desk, &[(ENGINEERING, told); 3]).await;
    // The ticket's own row says what became of its page.
    let path = format!("/v1/notifications?ticket={}", keys[4]);
    let row = &asha.get(path).await.is(200).json["items"][0];
    assert_eq!(row["state"], "superseded");
    let why = row["last_reply"].as_str().unwrap();
    assert!(
        why.starts_with("held back: shop has used its 3 pages"),
        "{why}"
    );

    // Another tool has a budget of its own, and a person's decision has none.
    let app = desk.tool("app").await;
    keys.extend(flood(&app, 1).await);
    mail.expects(&desk, &[(ENGINEERING, told)]).await;
    let odd = file(&shop, &said("low", "Odd")).await;
    let up = json!({"to_level": 3, "reason": "Look at this one"});
    asha.act(&odd, "escalations", &up).await;
    mail.expects(&desk, &[(ENGINEERING, told)]).await;
    acknowledge(&asha, &odd, 1).await;

    // Acknowledged meanwhile: it needs not be listed.
    for key in [&keys[0], &keys[1], &keys[2], &keys[4], &keys[5]] {
        acknowledge(&asha, key, 1).await;
    }
    desk.clock.advance(TimeDelta::minutes(60));
    let mails = mail
        .expects(&desk, &[(ENGINEERING, "1 tickets of shop at level 3")])
        .await;
    let text = mails[0].text();
    assert!(
        text.contains(&keys[3]) && !text.contains(&keys[4]),
        "{text}"
    );
    assert_eq!(other.deliver().await.sent, 0);
    acknowledge(&asha, &keys[3], 1).await;
    desk.hold_ledger().await;
}

/// Reminders are pages, too: else a flood would page all the same.
#[tokio::test]
async fn reminders_count_and_a_new_hour_has_a_new_budget() {
    let mut mail = Mailbox::open().await;
    let (desk, _other) = two_desks(&mail).await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let keys = flood(&shop, 5).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated"); 3]).await;
    for _ in 0..3 {
        desk.pass(TimeDelta::minutes(15)).await;
        mail.expects(&desk, &[]).await;
    }
    assert_eq!(escalations(&asha, &keys[0]).await[0]["repeats"], 3);
    for key in &keys {
        let lower = json!({"to_level": 2, "reason": "So that no outage rises"});
        if key != &keys[1] {
            asha.act(key, "deescalate", &lower).await;
        }
    }
    desk.clock.advance(TimeDelta::minutes(15));
    mail.expects(&desk, &[(ENGINEERING, "1 tickets of shop")])
        .await;
    acknowledge(&asha, &keys[1], 1).await;
    flood(&shop, 1).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated")]).await;
}

#[tokio::test]
async fn when_nobody_waits_any_more_the_letter_is_not_sent() {
    let mut mail = Mailbox::open().await;
    let (desk, _other) = two_desks(&mail).await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let keys = flood(&shop, 4).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated"); 3]).await;
    for key in &keys {
        acknowledge(&asha, key, 1).await;
    }
    desk.clock.advance(TimeDelta::minutes(60));
    mail.expects(&desk, &[]).await;
}

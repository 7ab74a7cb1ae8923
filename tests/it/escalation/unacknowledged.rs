//! Nobody acknowledges: reminders, then a level more, at most to 3.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    CEO, CTO, ENGINEERING, TECHNICAL, cited, data_trouble, escalations, file, line_of, said,
    site_down, staffed, with_mail,
};
use crate::harness::{Client, Mailbox, TestDesk};

/// Its first response is given, so that no clock speaks between.
async fn answer(agent: &Client, key: &str) {
    let answer = json!({"author": "agent", "visibility": "public", "text": "Hello"});
    let path = format!("/v1/tickets/{key}/comments");
    agent.post(path, &answer).await.is(201);
}

#[tokio::test]
async fn level_2_is_reminded_three_times_and_rises_to_3_and_stays_there() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &data_trouble()).await;
    let quarter = TimeDelta::minutes(15);
    answer(&asha, &key).await;
    mail.expects(&desk, &[(TECHNICAL, "escalated to level 2")])
        .await;
    for reminder in 1..=3 {
        desk.pass(quarter - TimeDelta::seconds(1)).await;
        mail.expects(&desk, &[]).await;
        desk.pass(TimeDelta::seconds(1)).await;
        let mails = mail
            .expects(&desk, &[(TECHNICAL, "level 2 still waits")])
            .await;
        let text = mails[0].text();
        assert!(text.contains(&format!("reminder {reminder}")), "{text}");
    }
    desk.pass(quarter).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated to level 3")])
        .await;
    let made = escalations(&asha, &key).await;
    assert_eq!(made[0]["repeats"], 3);
    assert_eq!(made[1]["trigger"], "unacknowledged");
    assert_eq!(made[1]["by"], "runbook-desk");
    // It rests on the clause that nobody acknowledged.
    let line = line_of("- Database issues");
    assert_eq!(cited(&made[1]), ("Database issues", line, 1));

    for _ in 0..3 {
        desk.pass(quarter).await;
        mail.expects(&desk, &[(ENGINEERING, "level 3 still waits")])
            .await;
    }
    assert!(asha.see(&key).await["next_step_at"].is_null());
    desk.pass(TimeDelta::minutes(10)).await;
    desk.pass(quarter).await;
    mail.expects(&desk, &[]).await;
    assert_eq!(asha.see(&key).await["level"], 3);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn level_4_is_reminded_at_a_capped_pace_until_somebody_acknowledges() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &said("low", "My lawyer will take legal action")).await;
    mail.expects(&desk, &[(CTO, "level 4"), (CEO, "level 4")])
        .await;
    let waits = [(CTO, "level 4 still waits"), (CEO, "level 4 still waits")];
    answer(&asha, &key).await;
    for minutes in [15, 15, 15, 60, 60, 60, 60, 60] {
        desk.pass(TimeDelta::minutes(minutes - 1)).await;
        mail.expects(&desk, &[]).await;
        desk.pass(TimeDelta::minutes(1)).await;
        mail.expects(&desk, &waits).await;
    }
    super::acknowledge(&asha, &key, 1).await;
    desk.pass(TimeDelta::hours(5)).await;
    mail.expects(&desk, &[]).await;
    desk.hold_ledger().await;
}

/// Whatever was overdue while the desk or its mail was away is one mail.
#[tokio::test]
async fn after_a_long_silence_overdue_reminders_are_one() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &site_down()).await;
    desk.clock.advance(TimeDelta::minutes(50));
    desk.sweep().await;
    // The first page was not sent before either: the reminder says it all.
    let mails = mail
        .expects(&desk, &[(ENGINEERING, "level 3 still waits")])
        .await;
    assert!(mails[0].text().contains("reminder 3"));
    assert_eq!(escalations(&asha, &key).await[0]["repeats"], 3);
    let told = asha
        .get(format!("/v1/notifications?ticket={key}&state=superseded"))
        .await
        .is(200)
        .json;
    assert_eq!(told["items"][0]["last_reply"], "it was told again since");
}

#[tokio::test]
async fn at_level_2_only_office_hours_count() {
    let mut mail = Mailbox::open().await;
    let mut setup = with_mail(&mail);
    // Every story begins on a Sunday at 15:45 in Kathmandu.
    setup.file = r#"
[[sla.policies]]
name = "office"
resolution_seconds = 864000
calendar = "office"

[sla.calendars.office]
time_zone = "Asia/Kathmandu"
hours = { sun = [["09:00", "16:00"]], mon = [["09:00", "16:00"]] }
"#
    .to_owned();
    setup.env.push(("DESK_REPEAT_SECONDS", "1200".to_owned()));
    setup.env.push(("DESK_REPEATS", "1".to_owned()));
    let desk = TestDesk::with(setup).await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &data_trouble()).await;
    mail.expects(&desk, &[(TECHNICAL, "escalated")]).await;
    // 15 minutes until closing, 5 on Monday from 09:00 on.
    assert_eq!(asha.see(&key).await["next_step_at"], "2026-11-23T03:20:00Z");
    desk.pass(TimeDelta::hours(17)).await;
    mail.expects(&desk, &[]).await;
    desk.pass(TimeDelta::minutes(20)).await;
    mail.expects(&desk, &[(TECHNICAL, "still waits")]).await;
    desk.pass(TimeDelta::minutes(20)).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated to level 3")])
        .await;
    // Level 3 has no closing time.
    desk.pass(TimeDelta::hours(12)).await;
    mail.expects(&desk, &[(ENGINEERING, "still waits")]).await;
    desk.hold_ledger().await;
}

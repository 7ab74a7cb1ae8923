//! Who may talk to the desk.

use chrono::TimeDelta;
use desk::DeskError;
use serde_json::json;
use ticketing::{Actor, Role};

use crate::harness::{Client, TestDesk, bug};

#[tokio::test]
async fn an_admin_makes_lists_and_revokes_keys() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let wanted = json!({"name": "shop", "role": "tool"});

    let made = admin.post("/v1/access-keys", &wanted).await.is(201).json;
    let secret = made["key"].as_str().unwrap();
    assert!(secret.starts_with("rd_") && secret.len() >= 40);
    let shop = Client::new(&desk.url, Some(secret));
    shop.file(&bug("Odd")).await;

    let listed = admin.get("/v1/access-keys").await.is(200);
    assert!(!listed.text.contains(secret), "a key is shown once");
    let names: Vec<&str> = listed.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["admin", "shop"]);
    admin
        .post("/v1/access-keys", &wanted)
        .await
        .refused(409, "name_taken");

    let path = format!(
        "/v1/access-keys/{}",
        made["access_key"]["id"].as_str().unwrap()
    );
    assert_eq!(admin.delete(&path).await.is(204).text, "");
    shop.get("/v1/tickets").await.refused(401, "unauthorized");
    admin
        .delete("/v1/access-keys/00000000-0000-0000-0000-000000000000")
        .await
        .is(404);
    admin
        .delete("/v1/access-keys/what")
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_key_ends_when_it_was_said_to() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let wanted = json!({"name": "guest", "role": "agent", "expires_at": "2026-11-22T11:00:00Z"});
    let made = admin.post("/v1/access-keys", &wanted).await.is(201).json;
    let guest = Client::new(&desk.url, made["key"].as_str());

    guest.get("/v1/tickets").await.is(200);
    desk.clock.advance(TimeDelta::hours(1));
    guest.get("/v1/tickets").await.refused(401, "unauthorized");
    let past = json!({"name": "late", "role": "tool", "expires_at": "2026-11-22T10:59:00Z"});
    let refused = admin
        .post("/v1/access-keys", &past)
        .await
        .refused(422, "invalid");
    assert_eq!(refused.faults(), ["/expires_at"]);
}

#[tokio::test]
async fn keys_are_an_admins_matter_and_well_formed() {
    let desk = TestDesk::open().await;
    let lead = desk.lead("lata").await;
    let wanted = json!({"name": "x", "role": "admin"});
    lead.post("/v1/access-keys", &wanted)
        .await
        .refused(403, "forbidden");
    lead.get("/v1/access-keys").await.refused(403, "forbidden");
    lead.delete("/v1/access-keys/00000000-0000-0000-0000-000000000000")
        .await
        .is(403);

    let admin = desk.admin();
    for (wanted, at) in [
        (json!({"name": "", "role": "tool"}), "/name"),
        (json!({"name": "a b", "role": "tool"}), "/name"),
        (json!({"name": "x".repeat(65), "role": "tool"}), "/name"),
        (json!({"name": "a", "role": "king"}), "/role"),
        (json!({"name": "a", "role": "tool", "key": "rd_1"}), "/key"),
    ] {
        let refused = admin
            .post("/v1/access-keys", &wanted)
            .await
            .refused(422, "invalid");
        assert_eq!(refused.faults(), [at], "{wanted}");
    }
}

/// The made-up history's sources have a colon: a key of such a name would file
/// tickets that nobody is told of.
#[tokio::test]
async fn the_shell_makes_no_key_that_the_api_would_refuse() {
    let desk = TestDesk::open().await;
    let operator = Actor {
        name: "operator".to_owned(),
        role: Role::Admin,
    };
    let made = desk
        .desk
        .create_access_key(&operator, "demo:shop", Role::Tool, None)
        .await;
    let Err(DeskError::Invalid { pointer, .. }) = made else {
        panic!("{made:?}")
    };
    assert_eq!(pointer, "/name");
}

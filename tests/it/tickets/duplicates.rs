//! What is shown beside a ticket: likely duplicates, and what its text names.

use serde_json::{Value, json};

use crate::harness::{Client, TestDesk, bug_with};

async fn filed(shop: &Client, title: &str, said: &str, reporter: &str) -> Value {
    let fields = json!({"actual": said, "reporter": {"email": reporter}});
    shop.file(&bug_with(title, fields)).await
}

fn of(filed: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let found = filed["duplicates"].as_array().unwrap().iter();
    found
        .map(|one| {
            let score = one["score"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&score), "{one}");
            (word(&one["ticket"]), word(&one["reason"]))
        })
        .collect()
}

#[tokio::test]
async fn likely_duplicates_are_listed_with_their_reason() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let said = "The blue pashmina that I looked at in the morning has another colour in the picture \
                of the second page than on the first one";
    let first = filed(&shop, "Two colours", said, "a@example.com").await;
    assert_eq!(of(&first), []);
    let key = |filed: &Value| filed["key"].as_str().unwrap().to_owned();

    let copy = filed(&shop, "two colours!", said, "b@example.com").await;
    assert_eq!(of(&copy), [(key(&first), "near_copy".to_owned())]);

    let related = "The blue pashmina that I looked at in the morning has another colour, and the \
                   scarf of the same weaver too, only darker";
    let related = filed(&shop, "Colours of a pashmina", related, "c@example.com").await;
    assert!(
        of(&related).contains(&(key(&first), "related".to_owned())),
        "{related:#}"
    );

    // The same order, also mistyped.
    let order = "ORD-20251103-20981 came without its box";
    let order = filed(&shop, "No box", order, "d@example.com").await;
    let mistyped = "my order ord 20251103 20981 is here, who do I thank?";
    let mistyped = filed(&shop, "Thanks", mistyped, "e@example.com").await;
    assert!(
        of(&mistyped).contains(&(key(&order), "same_order".to_owned())),
        "{mistyped:#}"
    );

    // The same reporter with the same entry, in other words.
    let one = "At checkout my card was declined and the payment failed";
    let one = filed(&shop, "Could not pay", one, "f@example.com").await;
    let again = "esewa payment unsuccessful today";
    let again = filed(&shop, "Paying fails", again, "F@example.com").await;
    let reason = "same_reporter_and_entry".to_owned();
    assert!(of(&again).contains(&(key(&one), reason)), "{again:#}");

    // Another tool does not learn of tickets that are not its own.
    let other = desk.tool("app").await;
    assert_eq!(
        of(&filed(&other, "Two colours", said, "g@example.com").await),
        []
    );
}

#[tokio::test]
async fn what_a_text_names_is_found_also_when_mistyped() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let said = "ord 20251103 20981: paid Rs 1,899 by card, the gateway answered 502. Call +9779841234567 \
                or mail ana@example.com, see https://example.com/shot.png";
    let filed = filed(&shop, "Could not pay", said, "a@example.com").await;
    let path = format!(
        "/v1/tickets/{}/classification",
        filed["key"].as_str().unwrap()
    );

    let found = shop.get(path).await.is(200).json;

    let extracted = &found["extracted"];
    let order = json!([{"text": "ord 20251103 20981", "correct": "ORD-20251103-20981"}]);
    assert_eq!(extracted["order_numbers"], order);
    assert_eq!(extracted["http_statuses"], json!([502]));
    assert_eq!(extracted["amounts"], json!(["Rs 1,899"]));
    assert_eq!(extracted["phones"], json!(["+9779841234567"]));
    assert_eq!(extracted["emails"], json!(["ana@example.com"]));
    assert_eq!(extracted["urls"], json!(["https://example.com/shot.png"]));
    // The reasons of every entry sum to its score.
    for ranked in found["ranked"].as_array().unwrap() {
        let reasons = ranked["reasons"].as_array().unwrap().iter();
        let sum: f64 = reasons
            .map(|reason| reason["weight"].as_f64().unwrap())
            .sum();
        assert!(
            (sum - ranked["score"].as_f64().unwrap()).abs() < 1e-3,
            "{ranked:#}"
        );
    }
}

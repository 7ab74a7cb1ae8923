use proptest::prelude::*;

use super::{extract, fill_query};

fn order(text: &str) -> Option<(String, Option<String>)> {
    extract(text)
        .order_numbers
        .first()
        .map(|order| (order.text.clone(), order.correct.clone()))
}

#[test]
fn order_numbers_are_found_and_put_right() {
    let right = "ORD-20251018-54237";
    assert_eq!(
        order("see ORD-20251018-54237."),
        Some((right.to_owned(), None))
    );
    for mistyped in [
        "ord-20251018-54237",
        "ORD 20251018 54237",
        "ORD2025101854237",
        "ORD-2025-10-18-54237",
        "0RD-20251018-54237",
        "ORD_20251018_54237",
        "ODR-20251018-54237",
        "ORD-2O251018-54237",
        "ORD-18102025-54237",
        "20251018-54237",
        "ORD–20251018–54237",
        "order 20251018-54237",
    ] {
        assert_eq!(
            order(&format!("my number {mistyped} is late")),
            Some((mistyped.to_owned(), Some(right.to_owned()))),
            "{mistyped}"
        );
    }
    assert_eq!(
        order("ORD-20251018-5423 short"),
        Some(("ORD-20251018-5423".to_owned(), None))
    );
    for none in [
        "order 66",
        "ordinary 20251018",
        "2025-10-18",
        "word-20251018",
    ] {
        assert_eq!(order(none), None, "{none}");
    }
}

#[test]
fn contacts_amounts_and_statuses_are_found() {
    let found = extract(
        "Mail ram.kc+shop@example.com.np, call 9803344556 or +977-9841 234567 or 01-4412345. \
         Paid Rs 1,899 not NPR 2,499.50, also 2350/- and 500 rupees, see https://shop.example/product/red-kurta?x=1. \
         ORD-20251018-54237 gateway returns 502, then HTTP 500. 450 pieces. \
         id 550e8400-e29b-41d4-a716-446655440000",
    );
    assert_eq!(found.emails, ["ram.kc+shop@example.com.np"]);
    assert_eq!(found.phones, ["9803344556", "+9779841234567", "014412345"]);
    let amounts: Vec<_> = found
        .amounts
        .iter()
        .map(|amount| (amount.text.as_str(), amount.hundredths))
        .collect();
    assert_eq!(
        amounts,
        [
            ("Rs 1,899", 189_900),
            ("NPR 2,499.50", 249_950),
            ("2350/-", 235_000),
            ("500 rupees", 50_000)
        ]
    );
    assert_eq!(found.urls, ["https://shop.example/product/red-kurta?x=1"]);
    assert_eq!(found.http_statuses, [502, 500]);
    assert_eq!(found.uuids, ["550e8400-e29b-41d4-a716-446655440000"]);
}

#[test]
fn queries_are_filled_with_quoted_values() {
    let found = extract(
        "ram@example.com 9803344556 ord 20251018 54237 https://s.example/product/red-kurta",
    );
    let check = |sql: &str, expected: &str| assert_eq!(fill_query(sql, &found), expected);
    check(
        "WHERE email = 'user@example.com';",
        "WHERE email = 'ram@example.com';",
    );
    check(
        "WHERE shipping_phone = '1234567890' OR shipping_name ILIKE '%customer name%'",
        "WHERE shipping_phone = '9803344556' OR shipping_name ILIKE '%customer name%'",
    );
    check(
        "o.order_number = 'ORD-20251018-00001'",
        "o.order_number = 'ORD-20251018-54237'",
    );
    check("p.slug = 'product-slug'", "p.slug = 'red-kurta'");
    check("c.user_id = 'user-uuid'", "c.user_id = 'user-uuid'");
    check(
        "status = 'it''s' -- don't\nAND x",
        "status = 'it''s' -- don't\nAND x",
    );
}

#[test]
fn quotes_in_values_are_doubled() {
    let mut found = extract("");
    found
        .emails
        .push("a'; DROP TABLE orders;--@x.example".to_owned());
    assert_eq!(
        fill_query("email = 'user@example.com'", &found),
        "email = 'a''; DROP TABLE orders;--@x.example'"
    );
}

proptest! {
    #[test]
    fn every_order_number_is_read(year in 2020_u32..2030, month in 1_u32..13, day in 1_u32..29, number in 0_u32..100_000) {
        let text = format!("ORD-{year}{month:02}{day:02}-{number:05}");
        let found = extract(&format!("where is {text}?")).order_numbers;
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0].well_formed);
        prop_assert_eq!(found[0].value(), text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), sql in "[a-z =']{0,40}") {
        let found = extract(&text);
        let _ = fill_query(&sql, &found);
        let _ = fill_query(&text, &found);
    }
}

#[test]
fn a_megabyte_of_hostile_text_is_read_in_bounded_time() {
    for piece in [
        "1",
        "ord-",
        "9841234567 ",
        "a@b.co ",
        "1,",
        "- ",
        "http://",
        "502 ",
        "2025",
    ] {
        let _ = extract(&piece.repeat(1_000_000 / piece.len()));
    }
}

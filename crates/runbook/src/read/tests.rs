use super::{
    amount::{Amount, bound},
    is_placeholder,
    sql::writes,
};

#[test]
fn statements_that_may_change_data_are_told_from_those_that_read() {
    for sql in [
        "SELECT a FROM b WHERE c = 'update; delete'",
        "-- delete it\nselect updated_at, \"update\" from deletes /* drop; */;",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "EXPLAIN SELECT 1; SHOW tables;\n",
        "",
        ";;",
    ] {
        assert!(!writes(sql), "{sql}");
    }
    for sql in [
        "UPDATE a SET b = 1",
        "select 1; delete from a",
        "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
        "SELECT * INTO b FROM a",
        "select * from a for update",
        "explain analyze insert into a values (1)",
        "TRUNCATE a",
        "call tidy_up()",
        "GRANT ALL ON a TO b",
        "/* read only */ vacuum",
    ] {
        assert!(writes(sql), "{sql}");
    }
}

#[test]
fn bounds_have_a_side_an_amount_and_a_remainder() {
    let check = |text: &str, above, or_equal, amount, remainder: &str| {
        let bound = bound(text).unwrap_or_else(|| panic!("{text}"));
        let read = (bound.above, bound.or_equal, bound.amount);
        assert_eq!(read, (above, or_equal, amount), "{text}");
        assert_eq!(bound.remainder.join(" "), remainder, "{text}");
    };
    check("< 2 hours", Some(false), false, Amount::Seconds(7_200), "");
    check("<2h", Some(false), false, Amount::Seconds(7_200), "");
    check("<= 90 s", Some(false), true, Amount::Seconds(90), "");
    check(
        "Major outage > 1 hour",
        Some(true),
        false,
        Amount::Seconds(3_600),
        "major outage",
    );
    check(
        "at least 1 day",
        Some(true),
        true,
        Amount::Seconds(86_400),
        "",
    );
    check(
        "up to 1.25 hours",
        Some(false),
        true,
        Amount::Seconds(4_500),
        "",
    );
    check(
        "above 90 percent always",
        Some(true),
        false,
        Amount::Percent(90),
        "always",
    );
    check("2 weeks 1 day", None, false, Amount::Seconds(1_296_000), "");
    for text in [
        "",
        "soon",
        "2",
        "< 2 business hours",
        "> 99.5%",
        "> 1.2.3 hours",
        "18446744073709551615 weeks",
    ] {
        assert_eq!(bound(text), None, "{text}");
    }
}

#[test]
fn placeholders_are_told_from_keys_addresses_and_check_boxes() {
    for text in [
        "[Contact]",
        " [Phone/Pager]. ",
        "[List: a, b]",
        "Call [your number] now",
        "TBD",
        "ask: TODO",
        "<phone>",
        "{name}",
        "[Enter the name]",
    ] {
        assert!(is_placeholder(text), "{text}");
    }
    for text in [
        "",
        "Press [Enter]",
        "[ ]",
        "[x]",
        "a@x.org",
        "<a@x.org>",
        "<https://a.example>",
        "todo lists",
        "see [1] and [2]",
    ] {
        assert!(!is_placeholder(text), "{text}");
    }
}

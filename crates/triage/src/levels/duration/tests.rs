use super::longest;
use crate::text::{Reading, lexicon::OwnWords};

fn minutes(text: &str) -> Option<u64> {
    longest(&Reading::new(&OwnWords::default(), "", text)).map(|lasting| lasting.seconds / 60)
}

#[test]
fn lengths_are_read_in_words_and_numbers() {
    for (text, expected) in [
        ("down for two hours now", 120),
        ("for 90 minutes", 90),
        ("for ninety five minutes nobody can log in", 95),
        ("dui ghanta dekhi", 120),
        ("dedh ghanta dekhi", 90),
        ("adhai ghanta", 150),
        ("half an hour", 30),
        ("one and a half hours", 90),
        ("an hour and a half already", 90),
        ("an hour and ten minutes", 70),
        ("2.5 hrs of downtime", 150),
        ("open for 2 h 14 min", 134),
        ("Duration: 01h 47m", 107),
        ("down 1h47m", 107),
        ("for 2hrs now", 120),
        ("90min", 90),
        ("the third hour now that nothing opens", 120),
        ("two days now", 2 * 24 * 60),
        ("down all day", 8 * 60),
        ("dinbhari chalena", 8 * 60),
        ("for 2.5hrs", 150),
        ("2h30", 150),
        ("for 1:30 hours", 90),
        ("one hundred twenty minutes", 120),
        ("two hundred minutes", 200),
        ("for days", 2 * 24 * 60),
        ("a day and a half", 36 * 60),
        ("for hrs", 120),
        ("down for 2weeks", 14 * 24 * 60),
        ("in the last two hours", 120),
        ("we lose 200 sales an hour", 60),
        ("error 502, for half an hour", 30),
        ("called 10 times this hour", 60),
        ("down for an hour 20 people wrote", 60),
    ] {
        assert_eq!(minutes(text), Some(expected), "{text}");
    }
    // "More than" counts: a rule asks for more than an hour.
    let seconds = |text| {
        longest(&Reading::new(&OwnWords::default(), "", text))
            .unwrap()
            .seconds
    };
    assert!(seconds("for more than an hour") > 3600);
    assert_eq!(seconds("for an hour"), 3600);
}

#[test]
fn clock_times_are_compared() {
    for (text, expected) in [
        ("since 8, it is past 11 now", 180),
        ("since 7, it is noon", 300),
        ("It is 2 pm and from 11 nothing", 180),
        ("7 baje dekhi khulena, ahile 10 bajisakyo", 180),
        ("gone at 11:05, still out at 12:40", 95),
        ("started 08:05, now 10:10", 125),
        ("since 14:10 on all lines. Started 14:10, now 16:00", 110),
        ("From 1 pm nobody gets in, it is after 3 pm", 120),
        ("Since: 14:22:10 / Checked: 14:27:12", 5),
        ("since 06:00, it is 18:30 now", 750),
        ("down since 00:10, it is 02:00 now", 110),
        ("started 9:05am, now 10:20am", 75),
        ("since 8am, it is 11am now", 180),
        ("since two o'clock. It's past six now", 240),
        (
            "since about half past eight, and it's nearly ten o'clock",
            120,
        ),
        ("since 9. It is half past twelve", 180),
        ("since we opened at ten, it is quarter to one", 180),
        ("started at 7, it is now quarter past 9", 120),
        ("since 9.15, now 11.20", 125),
        ("since 11, it is 13:30 now", 150),
        ("since 8:00, it is 8:20 now, 7 people reported", 20),
        ("since 24:30, it is 02:10 now", 100),
    ] {
        assert_eq!(minutes(text), Some(expected), "{text}");
    }
}

#[test]
fn parts_of_days_say_at_least_how_long() {
    for text in [
        "the whole morning",
        "since this morning",
        "since yesterday",
        "bihana dekhi",
        "yesterday evening it died and it is still dead",
        "since last night",
        "it went down last night",
    ] {
        assert!(minutes(text) > Some(60), "{text}");
    }
    // It may have just begun.
    assert_eq!(minutes("since this evening"), Some(60));
}

#[test]
fn deadlines_and_other_numbers_are_no_durations() {
    for text in [
        "please answer within 2 hours",
        "it does not open",
        "reply in 24 hours",
        "within the next 2 hours",
        "please answer in about two hours",
        "down for less than 2 hours",
        "for less than an hour",
        "the 3D viewer",
        "10M views",
        "on the last day of the sale",
        "I ordered 5 days ago",
        "My parcel is late since Monday",
        "our sale starts Saturday",
        "open from Monday to Friday",
        "the sleeve fell apart last night",
        "Yesterday all was well. I still need it",
        "Hi all good morning",
        "about 5 of us, now 8 people report",
        "the m of the sign is missing",
    ] {
        assert_eq!(minutes(text), None, "{text}");
    }
}

#[test]
fn the_words_stand_in_title_and_body() {
    let reading = Reading::new(
        &OwnWords::default(),
        "Shop down since 8",
        "It is past 11 now.",
    );
    let lasting = longest(&reading).unwrap();
    assert_eq!(
        (lasting.seconds / 60, lasting.words.as_str()),
        (180, "since 8 … 11")
    );
}

#[test]
fn numbers_without_sense_are_read_without_harm() {
    for text in [
        "hundred ".repeat(39) + "hours",
        "since 24:59, it is 00:00 now".to_owned(),
        "99999999999h99999999999m".to_owned(),
        "since 0:99, now 99:99".to_owned(),
    ] {
        // Whatever it says: no sum runs over.
        let _ = minutes(&text);
    }
}

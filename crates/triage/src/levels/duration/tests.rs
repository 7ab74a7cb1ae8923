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
    ] {
        assert!(minutes(text) > Some(60), "{text}");
    }
}

#[test]
fn deadlines_and_other_numbers_are_no_durations() {
    for text in [
        "please answer within 2 hours",
        "it does not open",
        "reply in 24 hours",
        "the m of the sign is missing",
    ] {
        assert_eq!(minutes(text), None, "{text}");
    }
}

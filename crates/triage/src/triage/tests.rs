use proptest::prelude::*;
use runbook::{Runbook, Slug};

use super::Triage;
use crate::{Example, Method, Ticket, TicketKind, assessment::Assessment};

const SHOP: &str = r##"# Desk

## COMMON CUSTOMER ISSUES

### Issue #1: "I Can't Login"

**Symptoms**: Login button doesn't work

### Issue #2: "My Cart Is Empty"

**Symptoms**: Items disappear from cart

## FREQUENTLY ASKED QUESTIONS

### Q: How do I get a refund?
**A**: Within seven days.

### Q: Do you sell telescopes?
**A**: Yes, refractors and reflectors.
"##;

fn shop() -> Runbook {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    runbook::parse(SHOP, today).runbook
}

fn ask(triage: &Triage, text: &str) -> Assessment {
    triage.assess(&Ticket {
        kind: TicketKind::Bug,
        title: "",
        body: text,
        critical: false,
        affected_users: None,
    })
}

fn entry(triage: &Triage, text: &str) -> Option<String> {
    ask(triage, text).entry.map(|slug| slug.to_string())
}

#[test]
fn topics_belong_to_whatever_entry_a_runbook_has_for_them() {
    let triage = Triage::new(&shop());
    let said = |text| entry(&triage, text);
    assert_eq!(said("unable to sign in").as_deref(), Some("i-cant-login"));
    assert_eq!(
        said("everything in my basket vanished").as_deref(),
        Some("my-cart-is-empty")
    );
    // This runbook answers refunds, so they are no background here.
    assert_eq!(
        said("I want my money back").as_deref(),
        Some("faq-how-do-i-get-a-refund")
    );
    // It has nothing on payments.
    assert_eq!(said("my card was declined"), None);
}

#[test]
fn entries_of_no_known_topic_are_found_by_their_own_words() {
    let triage = Triage::new(&shop());
    assert_eq!(
        entry(&triage, "do you sell a telescope, a refractor?").as_deref(),
        Some("faq-do-you-sell-telescopes")
    );
}

#[test]
fn what_argues_for_none_is_named() {
    let answer = ask(
        &Triage::new(&shop()),
        "do you have a vacancy? I am looking for a job",
    );
    assert_eq!(answer.entry, None);
    assert_eq!(answer.method, Method::None_);
    assert_eq!(
        answer
            .background
            .map(|background| background.name)
            .as_deref(),
        Some("job")
    );
}

#[test]
fn dismissed_topics_do_not_decide() {
    let triage = Triage::new(&shop());
    assert_eq!(
        entry(&triage, "Login works fine, but my cart is empty").as_deref(),
        Some("my-cart-is-empty")
    );
}

#[test]
fn sure_decisions_act_alone() {
    let answer = ask(
        &Triage::new(&shop()),
        "I cannot log in, the login button does nothing",
    );
    assert_eq!(answer.method, Method::Auto);
    assert!(
        answer.ranked[0]
            .reasons
            .iter()
            .any(|reason| reason.weight > 0.0)
    );
}

fn example(body: &str, entry: Option<&str>) -> Example {
    Example {
        title: String::new(),
        body: body.to_owned(),
        entry: entry.map(|slug| slug.parse().unwrap()),
        level: None,
    }
}

/// Tickets about something that only this shop's customers say.
fn corrections(count: usize) -> Vec<Example> {
    let sayings = [
        ("the zorgle is purple again", "my-cart-is-empty"),
        ("zorgle turned purple on my tablet", "my-cart-is-empty"),
        ("my frobnik spins", "i-cant-login"),
        ("frobnik spinning since Monday", "i-cant-login"),
    ];
    (0..count)
        .map(|at| {
            let (saying, entry) = sayings[at % sayings.len()];
            example(&format!("{saying} number {at}"), Some(entry))
        })
        .collect()
}

#[test]
fn corrections_teach_words_that_no_vocabulary_has() {
    let triage = Triage::with_examples(&shop(), &corrections(24));
    assert_eq!(
        entry(&triage, "purple zorgle here").as_deref(),
        Some("my-cart-is-empty")
    );
    assert_eq!(
        entry(&triage, "a spinning frobnik").as_deref(),
        Some("i-cant-login")
    );
    assert_eq!(
        entry(&triage, "unable to sign in").as_deref(),
        Some("i-cant-login")
    );
}

#[test]
fn few_or_senseless_examples_change_nothing() {
    let texts = [
        "unable to sign in",
        "basket is empty",
        "money back please",
        "vacancy?",
    ];
    let plain = Triage::new(&shop());
    let single = [example("hello there", Some("my-cart-is-empty"))];
    let unknown = [example("hello", Some("no-such-entry"))];
    for examples in [&[][..], &single, &unknown] {
        let taught = Triage::with_examples(&shop(), examples);
        for text in texts {
            assert_eq!(entry(&taught, text), entry(&plain, text), "{text}");
        }
    }
}

#[test]
fn learning_acts_only_for_entries_where_it_was_better_than_the_runbook_alone() {
    let triage = Triage::with_examples(&shop(), &corrections(24));
    let acts: Vec<Option<&str>> = triage
        .learned_entries()
        .into_iter()
        .map(|slug| slug.map(Slug::as_str))
        .collect();
    assert!(acts.contains(&Some("my-cart-is-empty")), "{acts:?}");
    assert!(acts.contains(&Some("i-cant-login")), "{acts:?}");
    assert!(!acts.contains(&None), "no label says none: {acts:?}");

    // Labels that contradict each other teach nothing, however many there are.
    let contradicting: Vec<Example> = (0..40)
        .map(|at| {
            let entry = [Some("my-cart-is-empty"), Some("i-cant-login"), None][at % 3];
            example("the zorgle is purple again", entry)
        })
        .collect();
    let confused = Triage::with_examples(&shop(), &contradicting);
    let plain = Triage::new(&shop());
    for text in ["unable to sign in", "basket is empty", "money back please"] {
        assert_eq!(entry(&confused, text), entry(&plain, text), "{text}");
    }
}

#[test]
fn the_same_words_are_one_reason() {
    let triage = Triage::new(&shop());
    let answer = ask(
        &triage,
        "login login, I can't login. can't login. I cannot login",
    );
    for ranked in &answer.ranked {
        let mut named: Vec<_> = ranked
            .reasons
            .iter()
            .map(|reason| (reason.field, reason.dismissed, reason.term.to_lowercase()))
            .collect();
        let count = named.len();
        named.sort_by_key(|(field, dismissed, term)| {
            (term.clone(), *dismissed, format!("{field:?}"))
        });
        named.dedup();
        assert_eq!(named.len(), count, "{:#?}", ranked.reasons);
    }
}

#[test]
fn reasons_sum_to_the_score_also_with_what_was_learned() {
    let triage = Triage::with_examples(&shop(), &corrections(24));
    let answer = ask(&triage, "purple zorgle here, I cannot log in");
    for ranked in &answer.ranked {
        let sum: f64 = ranked.reasons.iter().map(|reason| reason.weight).sum();
        assert!((sum - ranked.score).abs() < 1e-6);
    }
    let learned = |ranked: &crate::Ranked| {
        let mut reasons = ranked.reasons.iter();
        reasons.any(|reason| reason.term == "corrections by agents")
    };
    assert!(answer.ranked.iter().any(learned), "{answer:#?}");
}

#[test]
fn labels_survive_a_rename_by_alias() {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    let renamed = SHOP.replace(
        "### Issue #2: \"My Cart Is Empty\"\n",
        "### Issue #2: \"Basket Lost Its Items\"\n\n**Aliases**: my-cart-is-empty\n",
    );
    let runbook = runbook::parse(&renamed, today).runbook;
    let triage = Triage::with_examples(&runbook, &corrections(24));
    assert_eq!(
        entry(&triage, "purple zorgle here").as_deref(),
        Some("basket-lost-its-items")
    );
}

#[test]
fn an_empty_runbook_answers_nothing() {
    let triage = Triage::new(&Runbook::default());
    let answer = ask(&triage, "I cannot log in");
    assert_eq!((answer.entry, answer.level.number()), (None, 1));
    assert!(answer.ranked.is_empty());
}

#[test]
fn a_megabyte_of_hostile_text_is_assessed_in_bounded_work() {
    let triage = Triage::new(&shop());
    for piece in [
        "a",
        "cart ",
        "not a problem,",
        "zorgleblat ",
        "!?\n",
        "since 8 ",
        "\u{200b}",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let answer = ask(&triage, &text);
        assert!((0.0..=1.0).contains(&answer.confidence));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn answers_are_sound(title in any::<String>(), words in proptest::collection::vec("login|cart|empty|refund|not|cannot|zzz|,|paisa|502|for 2 hours|site down|[a-z]{1,9}", 0..40)) {
        let triage = Triage::new(&shop());
        let body = words.join(" ");
        let ticket = Ticket { kind: TicketKind::Bug, title: &title, body: &body, critical: false, affected_users: None };
        let answer = triage.assess(&ticket);
        prop_assert_eq!(&answer, &triage.assess(&ticket));
        prop_assert!((0.0..=1.0).contains(&answer.confidence));
        prop_assert!(answer.ranked.len() <= 5);
        prop_assert!(answer.ranked.is_sorted_by(|a, b| a.confidence >= b.confidence));
        for ranked in &answer.ranked {
            prop_assert!((0.0..=1.0).contains(&ranked.confidence));
            let sum: f64 = ranked.reasons.iter().map(|reason| reason.weight).sum();
            prop_assert!((sum - ranked.score).abs() < 1e-3, "{} {}", sum, ranked.score);
        }
    }

    #[test]
    fn the_order_of_the_catalogue_changes_nothing(turn in 0_usize..4, words in proptest::collection::vec("login|cart|empty|refund|not|telescope|sell|back", 1..8)) {
        let runbook = shop();
        let mut turned = runbook.clone();
        turned.entries.rotate_left(turn);
        let body = words.join(" ");
        let (one, other) = (ask(&Triage::new(&runbook), &body), ask(&Triage::new(&turned), &body));
        prop_assert_eq!(one.entry, other.entry);
        prop_assert!((one.confidence - other.confidence).abs() < 1e-3);
    }
}

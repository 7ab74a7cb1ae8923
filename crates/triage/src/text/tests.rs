use super::{
    Reading,
    concepts::{Concepts, lexemes},
    lexicon::{OwnWords, REPAIRED, UNKNOWN, stem_key},
};

fn read(text: &str) -> Reading<'_> {
    Reading::new(Box::leak(Box::default()), "", text)
}

/// Whether two texts are read as the same words.
fn alike(left: &str, right: &str) -> bool {
    let keys = |text| {
        read(text)
            .units
            .iter()
            .map(|unit| unit.key)
            .collect::<Vec<_>>()
    };
    keys(left) == keys(right)
}

fn mentions(text: &str, concept: &str) -> bool {
    let concept = Concepts::shipped().named(concept);
    assert!(concept.is_some(), "no such concept");
    read(text)
        .mentions
        .iter()
        .any(|mention| Some(mention.concept) == concept)
}

fn dismissed(text: &str) -> Vec<bool> {
    read(text)
        .clauses
        .iter()
        .map(|clause| clause.dismissed)
        .collect()
}

#[test]
fn contractions_and_chat_forms_are_spelled_out() {
    for (written, meant) in [
        ("cant", "can not"),
        ("can't", "can not"),
        ("pls hlp", "please help"),
        ("my crt", "my cart"),
        ("Ordering ORDERS", "order order"),
        ("pleeeease", "please"),
    ] {
        assert!(alike(written, meant), "{written}");
    }
}

#[test]
fn spelling_is_put_right_only_when_a_known_word_is_near() {
    for (written, meant) in [
        ("adress", "address"),
        ("paymnet", "payment"),
        ("delivary", "delivery"),
        ("pasword", "password"),
    ] {
        assert!(alike(written, meant), "{written}");
    }
    let repaired = read("delivary");
    assert_eq!(repaired.units[0].role & REPAIRED, REPAIRED);
    let name = read("Bishnukumari");
    assert_eq!(name.units[0].role & UNKNOWN, UNKNOWN);
}

#[test]
fn words_without_an_english_ending_are_their_own_stems() {
    let stemmer = frostem::Stemmer::new(frostem::Algorithm::English);
    for text in crate::data::english_texts().chain([crate::data::NEPALI]) {
        for word in text.split(|c: char| !c.is_ascii_lowercase()) {
            let stem = stemmer.stem(word);
            let expected = if word.len() > 2 { stem.as_ref() } else { word };
            assert_eq!(stem_key(word), crate::hash::of(expected), "{word}");
        }
    }
}

#[test]
fn romanised_nepali_is_read_however_it_is_spelled() {
    for spellings in [
        ["bhayena", "vayena", "bhaena"],
        ["chha", "xa", "cha"],
        ["khuldaina", "khuldena", "khullena"],
        ["harayo", "haraayo", "harayeko"],
    ] {
        for spelling in spellings {
            assert!(alike(spelling, spellings[0]), "{spelling}");
        }
    }
    assert!(alike("cartma", "cart"));
    assert!(alike("orderko", "order"));
}

#[test]
fn phrases_name_concepts_across_light_words() {
    assert!(mentions("I cannot sign in", "login"));
    assert!(mentions("it is out of stock", "out_of_stock"));
    assert!(mentions("paisa katyo", "deducted"));
    assert!(mentions("my money was taken", "deducted"));
    assert!(!mentions("the door is closed", "login"));
}

#[test]
fn clauses_that_dismiss_are_told_from_complaints() {
    assert_eq!(
        dismissed("Login works fine, but the page is blank"),
        [true, false]
    );
    assert_eq!(dismissed("Nothing wrong with the cart"), [true]);
    assert_eq!(dismissed("This is not a payment problem"), [true]);
    assert_eq!(dismissed("no refund or exchange"), [true]);
    assert_eq!(dismissed("I do not want a refund"), [true]);
    assert_eq!(dismissed("not a cancellation"), [true]);
    assert_eq!(dismissed("nothing about the delivery"), [true]);
    for complaint in [
        "login does not work",
        "I cannot log in",
        "login nai bhayena",
        "nothing works",
        "no refund yet",
        "cannot cancel my order",
        "is it ok?",
        "the site is down right now",
        "I cannot pay right now",
    ] {
        assert_eq!(dismissed(complaint), [false], "{complaint}");
    }
}

#[test]
fn numbers_keep_their_value() {
    let values = |text| {
        read(text)
            .units
            .iter()
            .map(|unit| unit.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(values("240,000"), [240_000]);
    assert_eq!(values("50k"), [50_000]);
    assert_eq!(values("twelve"), [12]);
    assert_eq!(values("dui"), [2]);
}

#[test]
fn every_phrase_of_the_data_has_words() {
    for (name, phrases) in crate::data::sections(crate::data::CONCEPTS) {
        for phrase in phrases.split(',') {
            assert!(!lexemes(phrase).is_empty(), "{name}: {phrase:?}");
        }
    }
}

#[test]
fn hostile_text_is_read_in_bounded_work() {
    let own = OwnWords::default();
    for piece in ["a", "not ", "no,", "zzzzyx ", "ord-1 ", "\u{964}", "5k "] {
        let text = piece.repeat(1_000_000 / piece.len());
        assert!(Reading::new(&own, &text, &text).units.len() <= 2100);
    }
}

#[test]
fn markers_of_hidden_data_are_no_words_of_the_writer() {
    assert!(mentions("my card was declined", "card"));
    for text in [
        "[masked card 1111]",
        "cvv=[masked cvv] [masked card 1111]",
        "{\"password\":\"[masked password]\"}",
    ] {
        assert!(!mentions(text, "card"), "{text}");
    }
    assert!(alike(
        "pay [masked card 1111], please",
        "pay [masked pin] please"
    ));
}

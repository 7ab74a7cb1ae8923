use proptest::prelude::*;

use super::{Source, mojibake};

/// The text as read.
fn read(text: &str) -> String {
    Source::new(text).text().to_owned()
}

/// A text whose UTF-8 was read as a code page that drops undefined bytes.
fn garbled(text: &str, upper_half: &str) -> String {
    let page: Vec<char> = upper_half.chars().collect();
    text.bytes()
        .filter_map(|byte| match byte.checked_sub(0x80) {
            None => Some(char::from(byte)),
            Some(index) => page.get(usize::from(index)).copied().filter(|c| *c != '\0'),
        })
        .collect()
}

/// 0x80 to 0x9F of Windows-1252, undefined bytes as NUL.
const PAGE_1252: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
/// The same of Windows-1254.
const PAGE_1254: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0\0\0\0‘’“”•–—˜™š›œ\0\0Ÿ";

fn windows_1252() -> String {
    let latin = (0xA0..=0xFF).filter_map(char::from_u32);
    PAGE_1252.chars().chain(latin).collect()
}

fn windows_1254() -> String {
    let turkish = |c| match c {
        'Ð' => 'Ğ',
        'Ý' => 'İ',
        'Þ' => 'Ş',
        'ð' => 'ğ',
        'ý' => 'ı',
        'þ' => 'ş',
        other => other,
    };
    let latin = (0xA0..=0xFF).filter_map(char::from_u32).map(turkish);
    PAGE_1254.chars().chain(latin).collect()
}

#[test]
fn mojibake_of_both_code_pages_is_repaired() {
    let clean = "Dashboard → Users ✅ – “ok” it’s… 📋 🔧 ½ é ñ ≤";
    let repairable = clean.replace('”', "");
    for page in [windows_1252(), windows_1254()] {
        let text = garbled(&repairable, &page);
        assert_ne!(text, repairable);
        assert_eq!(read(&text), repairable);
    }
}

#[test]
fn signs_that_lost_a_byte_are_told_from_each_other_or_left_out() {
    let page = windows_1254();
    let check = |clean: &str, expected: &str| {
        let text = garbled(clean, &page);
        assert_eq!(read(&text), expected, "{text}");
    };
    check("❌ no", "❌ no");
    check("❓ FAQ", "❓ FAQ");
    check("“yes” no", "“yes” no");
    check("🎯 QUICK", " QUICK");
    check("📝 TICKETS", " TICKETS");
    check("⚠️ care", "⚠ care");
}

#[test]
fn honest_text_is_left_alone() {
    for text in [
        "« DÉTAILLÉ »",
        "« été » à « là »",
        "l'été\u{A0}» déjà…",
        "Ärger “Ä” „Äh“ ÜBER—",
        "ağaç, şık, ışık İstanbul",
        "mâncare bâ“",
        "naïve café – ©2025 ®",
        "नेपाली 中文 Ελληνικά Русский",
        "→ ✅ 🎯 “”",
    ] {
        assert_eq!(read(text), text);
    }
}

#[test]
fn repairs_are_counted_and_columns_are_the_originals() {
    let source = Source::new("aâ†’b\nğŸ¯ c â†’ d");
    assert_eq!(source.text(), "a→b\n c → d");
    assert_eq!((source.repairs.count, source.repairs.lost), (3, 1));
    let place = |c: char| {
        let offset = source.text().find(c).unwrap();
        (source.line(offset), source.column(offset))
    };
    assert_eq!(place('a'), (1, 1));
    assert_eq!(place('b'), (1, 5));
    assert_eq!(place('c'), (2, 5));
    assert_eq!(place('d'), (2, 11));
}

proptest! {
    #[test]
    fn plain_ascii_is_never_mojibake(text in "[ -~\n]{0,80}") {
        prop_assert_eq!(read(&text), text);
    }

    #[test]
    fn a_repair_never_takes_more_than_there_is(text in any::<String>()) {
        if let Some(repair) = mojibake::repair(&text, None) {
            prop_assert!((1..=4).contains(&repair.consumed));
            prop_assert!(repair.consumed <= text.chars().count());
        }
    }

    #[test]
    fn common_characters_survive_the_wrong_code_page(text in "[a-z →’…–éüß✅📋≥]{1,20}") {
        prop_assert_eq!(read(&garbled(&text, &windows_1252())), text);
    }
}

//! Romanised Nepali has no fixed spelling: "chha", "xa" and "cha" are one word.
//! The canonical form drops what writers vary.

/// Endings that Nepali adds to nouns, also to English ones ("cartma", "orderko").
pub(super) const ENDINGS: [&str; 14] = [
    "haruko", "harule", "haru", "sanga", "bata", "baata", "lai", "laai", "nai", "ko", "ma", "maa",
    "le", "ni",
];

/// Writes the canonical form of a lower-case word into `out`.
pub(super) fn canonical(word: &str, out: &mut String) {
    out.clear();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let plain = match (letter, next) {
            // "ksh" and "x" at the begin stay apart: "xa" is "chha".
            ('x', _) => "ch",
            ('c', Some('h')) => {
                letters.next();
                // "chh" is "ch".
                if letters.peek() == Some(&'h') {
                    letters.next();
                }
                "ch"
            }
            ('v' | 'w', _) => "b",
            ('z', _) => "j",
            ('q', _) => "k",
            ('f', _) => "p",
            ('y', _) => "i",
            ('h', _) => {
                // Breath behind a consonant is written or not.
                if out.is_empty() || out.ends_with(['a', 'e', 'i', 'o', 'u']) {
                    "h"
                } else {
                    ""
                }
            }
            (other, _) => {
                push(out, other);
                continue;
            }
        };
        for plain in plain.chars() {
            push(out, plain);
        }
    }
    // "garnu parchha" and "garnuparcha": a last "h" is breath as well.
    if out.len() > 2 && out.ends_with('h') && !out.ends_with("ch") {
        out.pop();
    }
}

/// Adds a letter; doubled letters count once, "ee" is "i" and "oo" is "u".
fn push(out: &mut String, letter: char) {
    match (out.chars().next_back(), letter) {
        (Some('e'), 'e') => {
            out.pop();
            out.push('i');
        }
        (Some('o'), 'o') => {
            out.pop();
            out.push('u');
        }
        (Some(last), letter) if last == letter => {}
        _ => out.push(letter),
    }
}

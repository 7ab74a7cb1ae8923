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
    let mut last = '\0';
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let plain = match letter {
            // "ksh" and "x" at the begin stay apart: "xa" is "chha".
            'x' => {
                push(out, &mut last, 'c');
                'h'
            }
            'c' if letters.next_if_eq(&'h').is_some() => {
                // "chh" is "ch".
                letters.next_if_eq(&'h');
                push(out, &mut last, 'c');
                'h'
            }
            'v' | 'w' => 'b',
            'z' => 'j',
            'q' => 'k',
            'f' => 'p',
            'y' => 'i',
            // Breath behind a consonant is written or not.
            'h' if !matches!(last, '\0' | 'a' | 'e' | 'i' | 'o' | 'u') => continue,
            other => other,
        };
        push(out, &mut last, plain);
    }
    // "garnu parchha" and "garnuparcha": a last "h" is breath as well.
    if last == 'h' && out.len() > 2 && !out.ends_with("ch") {
        out.pop();
    }
}

/// Adds a letter; doubled letters count once, "ee" is "i" and "oo" is "u".
fn push(out: &mut String, last: &mut char, letter: char) {
    let letter = match (*last, letter) {
        ('e', 'e') => 'i',
        ('o', 'o') => 'u',
        (last, letter) if last == letter => return,
        (_, letter) => {
            *last = letter;
            out.push(letter);
            return;
        }
    };
    out.pop();
    *last = letter;
    out.push(letter);
}

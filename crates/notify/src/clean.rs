//! Texts made safe for headers and single lines.

#[cfg(test)]
mod tests;

/// `text` as one line of at most `most` characters: control characters (line
/// breaks and NUL among them) become spaces, and so do the characters that
/// reverse or hide what is read. No header can be injected through it.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let words: String = text
        .chars()
        .map(|c| if is_unsafe(c) { ' ' } else { c })
        .collect();
    let joined = words.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&joined, most)
}

/// `text` with its line breaks, without any other control character, at most
/// `most` characters.
pub(crate) fn lines(text: &str, most: usize) -> String {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|&c| c == '\n' || c == '\t' || !is_unsafe(c))
        .collect();
    shorten(kept.trim(), most)
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Control characters, line and paragraph separators, and the bidirectional
/// overrides (Unicode UAX #9) that make a text read as another.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

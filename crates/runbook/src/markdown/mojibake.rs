//! Repair of text whose UTF-8 bytes were once read as an 8-bit code page.
//!
//! `→` is the bytes E2 86 92; read as Windows-1252 they become `â†’`. The
//! Turkish page 1254 reads the F0 that starts an emoji as `ğ`. Both pages have
//! undefined bytes, which such readers drop: an emoji can come as `ğŸ¯`, one
//! byte short, and cannot be told from its neighbours any more.

/// A run of characters that stood for one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    /// How many characters of the source it replaces.
    pub(crate) consumed: usize,
    /// The character meant; none when bytes were lost and it cannot be known.
    pub(crate) meant: Option<char>,
    /// Whether bytes were lost.
    pub(crate) lost: bool,
}

/// The repair of the text's beginning, if that is mojibake. `before` is the
/// character before it.
pub(crate) fn repair(text: &str, before: Option<char>) -> Option<Repair> {
    let mut chars = text.chars();
    let lead = byte_of(chars.next()?)?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };

    let mut bytes = vec![lead];
    let mut odd = false;
    for c in chars.take(length - 1) {
        let Some(byte @ 0x80..=0xBF) = byte_of(c) else {
            break;
        };
        odd |= !follows_letters(c);
        bytes.push(byte);
    }
    if bytes.len() == length {
        return whole(&bytes, odd);
    }
    // "â“" may end a word in honest text, but not begin one.
    let plausible = odd || !before.is_some_and(char::is_alphanumeric);
    short(&bytes, length).filter(|_| plausible)
}

fn whole(bytes: &[u8], odd: bool) -> Option<Repair> {
    // A French capital before a guillemet can look like two such bytes. The
    // leads Â, Ã, â and ğ are not met before a continuation in honest text.
    let plain_lead = matches!(bytes.first(), Some(0xC2 | 0xC3 | 0xE2 | 0xF0));
    if !plain_lead && !odd {
        return None;
    }
    let meant = std::str::from_utf8(bytes).ok()?.chars().next()?;
    Some(Repair {
        consumed: bytes.len(),
        meant: (meant != '\u{FE0F}').then_some(meant),
        lost: false,
    })
}

fn short(bytes: &[u8], length: usize) -> Option<Repair> {
    let candidate = UNDEFINED
        .iter()
        .flat_map(|lost| (1..=bytes.len()).map(move |at| (*lost, at)))
        .filter(|_| bytes.len() + 1 == length && bytes.len() > 1)
        .find_map(|(lost, at)| {
            let (before, after) = bytes.split_at_checked(at)?;
            let full = [before, &[lost], after].concat();
            let c = std::str::from_utf8(&full).ok()?.chars().next()?;
            MARKS.contains(&c).then_some(c)
        });
    // What an emoji or its variation selector was is beyond knowing, but not that it was one.
    let emoji = matches!(bytes, [0xF0, 0x9F, ..] | [0xEF, 0xB8]);
    (candidate.is_some() || emoji).then_some(Repair {
        consumed: bytes.len(),
        meant: candidate,
        lost: true,
    })
}

/// Bytes that Windows-1252 or Windows-1254 leave undefined.
const UNDEFINED: &[u8] = &[0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9E];

/// Signs that runbooks use, told apart even when one byte is missing.
const MARKS: &[char] = &['”', '❌', '❎', '❓', '❗', '➜'];

/// Characters of the upper half that may follow a letter in honest text.
fn follows_letters(c: char) -> bool {
    c.is_alphabetic()
        || matches!(
            c,
            '\u{A0}'
                | '«'
                | '»'
                | '‘'
                | '’'
                | '“'
                | '”'
                | '‚'
                | '„'
                | '…'
                | '–'
                | '—'
                | '•'
                | '°'
                | '²'
                | '³'
                | '¹'
                | '·'
                | '´'
                | '®'
                | '™'
                | '©'
        )
}

/// The byte that Windows-1252, Windows-1254 or Latin-1 read as this character.
fn byte_of(c: char) -> Option<u8> {
    Some(match c {
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        'Ğ' => 0xD0,
        'İ' => 0xDD,
        'Ş' => 0xDE,
        'ğ' => 0xF0,
        'ı' => 0xFD,
        'ş' => 0xFE,
        '\u{80}'..='\u{FF}' => u8::try_from(u32::from(c)).ok()?,
        _ => return None,
    })
}

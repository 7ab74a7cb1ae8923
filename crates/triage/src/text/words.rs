//! Splits a text into words, numbers and the breaks between clauses.

/// A piece of a text; positions are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// A word as written, without white space.
    Word { text: &'t str, at: usize },
    /// An email address, a link, an order number, or a marker of hidden data.
    Named {
        name: &'static str,
        text: &'t str,
        at: usize,
    },
    /// The end of a clause: a comma or the like.
    Comma,
    /// The end of a sentence; `question` when a question mark stands there.
    Stop { question: bool },
}

/// Words longer than this are no words.
const LONGEST_WORD: usize = 40;
/// What a marker of hidden data begins with.
const MARKER: &str = "[masked ";

/// Calls `visit` with each piece until it answers `false`.
pub(crate) fn for_each_piece<'t>(text: &'t str, mut visit: impl FnMut(Piece<'t>) -> bool) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        // Most words are plain letters with a blank behind them.
        let letters = plain_word(rest);
        if letters > 0 {
            if !word(rest, 0, letters, at, &mut visit) {
                return;
            }
            at += letters;
            continue;
        }
        let chunk: usize = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if chunk == 0 {
            let mut blank = 0;
            let mut lines = 0;
            for c in rest.chars().take_while(|c| c.is_whitespace()) {
                blank += c.len_utf8();
                lines += usize::from(c == '\n');
            }
            at += blank;
            if lines > 0 && !visit(Piece::Stop { question: false }) {
                return;
            }
            continue;
        }
        if let Some(text) = marker(rest) {
            if !visit(Piece::Named {
                name: "_masked",
                text,
                at,
            }) {
                return;
            }
            at += text.len();
            continue;
        }
        let piece = rest.get(..chunk).unwrap_or_default();
        // A marker may follow other characters, as in `cvv=[masked cvv]`.
        let piece = match piece.strip_suffix(MARKER.trim_end()) {
            Some(before) if !before.is_empty() => before,
            _ => piece,
        };
        if !split_chunk(piece, at, &mut visit) {
            return;
        }
        at += piece.len();
    }
}

/// How many letters a text begins with, when a blank or nothing follows them.
fn plain_word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    match bytes.get(letters) {
        None | Some(b' ' | b'\n') => letters,
        Some(_) => 0,
    }
}

/// The marker of hidden data (see [`crate::mask`]) that a text begins with: its
/// words are the desk's, not the writer's.
fn marker(text: &str) -> Option<&str> {
    let kind = text.strip_prefix(MARKER)?;
    let length = kind.bytes().take(LONGEST_WORD).position(|c| c == b']')?;
    text.get(..MARKER.len() + length + 1)
}

/// Splits what stands between white space.
fn split_chunk<'t>(chunk: &'t str, at: usize, visit: &mut impl FnMut(Piece<'t>) -> bool) -> bool {
    if let Some(name) = name_of(chunk) {
        let end = chunk.trim_end_matches([',', '.', ';', ':', '!', '?', ')']);
        return visit(Piece::Named {
            name,
            text: end,
            at,
        }) && match chunk.get(end.len()..).and_then(|rest| rest.chars().next()) {
            Some(',' | ';' | ':') => visit(Piece::Comma),
            Some('.' | '!') => visit(Piece::Stop { question: false }),
            Some('?') => visit(Piece::Stop { question: true }),
            _ => true,
        };
    }
    let mut start = None;
    let mut letters = chunk.char_indices().peekable();
    while let Some((place, c)) = letters.next() {
        let next = letters.peek().map(|&(_, next)| next);
        let inside = matches!(c, '\'' | '\u{2019}') && start.is_some()
            || matches!(c, '.' | ',')
                && start.is_some()
                && next.is_some_and(|next| next.is_ascii_digit());
        if is_letter(c) || (inside && next.is_some_and(is_letter)) {
            start.get_or_insert(place);
            continue;
        }
        if let Some(start) = start.take()
            && !word(chunk, start, place, at, visit)
        {
            return false;
        }
        let goes_on = match c {
            ',' | ':' | ';' | '(' | ')' | '\u{2013}' | '\u{2014}' => visit(Piece::Comma),
            // A dash alone is a break, one inside a word is not.
            '-' if chunk.len() <= 2 => visit(Piece::Comma),
            '.' | '!' | '\u{964}' => visit(Piece::Stop { question: false }),
            '?' => visit(Piece::Stop { question: true }),
            _ => true,
        };
        if !goes_on {
            return false;
        }
    }
    start.is_none_or(|start| word(chunk, start, chunk.len(), at, visit))
}

fn word<'t>(
    chunk: &'t str,
    start: usize,
    end: usize,
    at: usize,
    visit: &mut impl FnMut(Piece<'t>) -> bool,
) -> bool {
    match chunk.get(start..end) {
        Some(text) if text.len() <= LONGEST_WORD => visit(Piece::Word {
            text,
            at: at + start,
        }),
        _ => true,
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{963}')
}

/// What a chunk is when it is no plain words.
fn name_of(chunk: &str) -> Option<&'static str> {
    let head = chunk.trim_start_matches(['(', '"', '\'', '#', '[']);
    if head
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("http"))
        && head.contains("://")
        || head
            .get(..4)
            .is_some_and(|head| head.eq_ignore_ascii_case("www."))
    {
        return Some("_url");
    }
    if chunk.len() <= 254 && chunk.contains('@') && chunk.contains('.') {
        return Some("_email");
    }
    let is_order = head
        .get(..3)
        .is_some_and(|head| head.eq_ignore_ascii_case("ord"))
        && head.get(3..).is_some_and(|tail| {
            tail.trim_start_matches(['-', '_'])
                .starts_with(|c: char| c.is_ascii_digit())
        });
    is_order.then_some("_order")
}

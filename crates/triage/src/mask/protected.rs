//! Runs of digits as people write long numbers, without those that are an
//! order number, a Nepali phone number or a UUID: these are never masked.

use std::ops::Range;

/// One digit of a run.
#[derive(Clone, Debug)]
pub(super) struct Digit {
    pub(super) span: Range<usize>,
    pub(super) value: u8,
    /// Whether a separator, or nothing, stands before it.
    pub(super) begins_group: bool,
}

/// More separators than this between two digits end a run.
const WIDEST_GAP: usize = 3;

/// Calls `visit` with every run of digits that may be joined by spaces, dashes
/// and dots, protected numbers cut out.
pub(super) fn for_each_run(text: &str, mut visit: impl FnMut(&[Digit])) {
    let mut run: Vec<Digit> = Vec::new();
    let mut gap = 0;
    let mut before_run = 0;
    for (at, c) in text.char_indices() {
        if let Some(value) = digit_value(c) {
            if run.is_empty() {
                before_run = at;
            }
            run.push(Digit {
                span: at..at + c.len_utf8(),
                value,
                begins_group: run.is_empty() || gap > 0,
            });
            gap = 0;
        } else if !run.is_empty() {
            gap += 1;
            if gap > WIDEST_GAP || !is_separator(c) {
                visit_unprotected(text, before_run, &run, &mut visit);
                run.clear();
                gap = 0;
            }
        }
    }
    visit_unprotected(text, before_run, &run, &mut visit);
}

fn visit_unprotected(text: &str, start: usize, run: &[Digit], visit: &mut impl FnMut(&[Digit])) {
    if run.len() < 12 {
        return;
    }
    let before = text.get(..start).unwrap_or_default();
    let skip = order_digits(before, text, run)
        .or_else(|| nepali_phone_digits(before, run))
        .or_else(|| uuid_digits(before, text, run))
        .unwrap_or(0);
    // Order numbers and phone numbers may also stand behind other digits
    // ("call 9841234567 +977..."): those have a letter or a plus between, so
    // they begin a run of their own.
    visit(run.get(skip..).unwrap_or_default());
}

/// How many digits of the run belong to the `ORD-…` that it begins with.
fn order_digits(before: &str, text: &str, run: &[Digit]) -> Option<usize> {
    let tail = before.trim_end_matches(['-', ' ', '#', '_', ':', '.', '\u{2013}', '\u{2014}']);
    let word: String = tail.chars().rev().take(3).collect();
    let is_order = word.eq_ignore_ascii_case("dro")
        && tail
            .chars()
            .rev()
            .nth(3)
            .is_none_or(|c| !c.is_alphanumeric());
    if !is_order {
        return None;
    }
    let dashed = before.ends_with(['-', '\u{2013}', '\u{2014}']);
    let date = run.iter().take(2).map(|digit| digit.value).eq([2, 0]);
    if !dashed && !date {
        return None;
    }
    // Everything joined by dashes, and at least the thirteen digits of an
    // order number whatever joins them.
    let mut count = 0;
    for (index, digit) in run.iter().enumerate() {
        if digit.begins_group && index > 0 {
            let joined_by_dash = text
                .get(..digit.span.start)
                .is_some_and(|before| before.ends_with(['-', '\u{2013}']));
            if !joined_by_dash && (index >= 13 || !date) {
                break;
            }
        }
        count = index + 1;
    }
    Some(count)
}

/// How many digits of the run belong to the `+977` number that it begins with.
fn nepali_phone_digits(before: &str, run: &[Digit]) -> Option<usize> {
    let values = |from: usize, count: usize| run.iter().skip(from).take(count).map(|d| d.value);
    let code = if before.ends_with('+') && values(0, 3).eq([9, 7, 7]) {
        3
    } else if values(0, 5).eq([0, 0, 9, 7, 7]) {
        5
    } else {
        return None;
    };
    if run.len() <= code + 10 {
        return Some(run.len());
    }
    let mobile = run.get(code).is_some_and(|digit| digit.value == 9)
        && run.get(code + 10).is_some_and(|digit| digit.begins_group);
    mobile.then_some(code + 10)
}

/// How many digits of the run belong to a UUID's last groups.
fn uuid_digits(before: &str, text: &str, run: &[Digit]) -> Option<usize> {
    let hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    let head = before
        .chars()
        .rev()
        .take(36)
        .take_while(|&c| hex(c))
        .count();
    let start = before.len().checked_sub(head)?;
    let uuid = text.get(start..start + 36)?;
    let shaped = uuid.bytes().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    shaped.then(|| {
        run.iter()
            .take_while(|digit| digit.span.end <= start + 36)
            .count()
    })
}

/// The value of an ASCII, full-width or Devanagari digit.
fn digit_value(c: char) -> Option<u8> {
    let base = match c {
        '0'..='9' => '0',
        '\u{0966}'..='\u{096F}' => '\u{0966}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(base)).ok()
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '-' | '.' | '\u{A0}' | '\u{2010}'..='\u{2015}' | '\u{2007}'..='\u{200D}' | '\u{202F}' | '\u{FEFF}' | '\u{2212}' | '\u{B7}'
    )
}

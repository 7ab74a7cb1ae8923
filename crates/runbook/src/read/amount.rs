//! Bounds such as "> 1 hour", "less than 30 min" and "> 90%".

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// A duration in seconds.
    Seconds(u64),
    /// A share in percent.
    Percent(u64),
}

/// An amount, the side on which it bounds, and the words around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// `true` for "more than", `false` for "less than"; none when it does not say.
    pub(crate) above: Option<bool>,
    /// Whether it says "or equal" ("at least", "≤").
    pub(crate) or_equal: bool,
    /// The amount.
    pub(crate) amount: Amount,
    /// The words that are neither comparison nor amount, in order.
    pub(crate) remainder: Vec<String>,
}

/// The first bound of a text; none without a number that has a unit.
pub(crate) fn bound(text: &str) -> Option<Bound> {
    let tokens = tokens(text);
    let first = (0..tokens.len()).find_map(|at| Some((at, amount(tokens.get(at..)?)?)))?;
    let (at, (mut amount, mut used)) = first;
    // "2 hours 30 minutes" is one duration.
    while let (Amount::Seconds(sum), Some((Amount::Seconds(more), next))) =
        (amount, tokens.get(at + used..).and_then(self::amount))
    {
        amount = Amount::Seconds(sum.checked_add(more)?);
        used += next;
    }
    let (before, comparison) = comparison(tokens.get(..at)?);
    let remainder = before
        .iter()
        .chain(tokens.get(at + used..)?)
        .map(Token::text)
        .filter(|text| !text.is_empty())
        .collect();
    Some(Bound {
        above: comparison.map(|(above, _)| above),
        or_equal: comparison.is_some_and(|(_, or_equal)| or_equal),
        amount,
        remainder,
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A number in thousandths.
    Number(u64),
    Word(String),
    Sign(char),
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Number(thousandths) => (thousandths / 1_000).to_string(),
            Self::Word(word) => word.clone(),
            Self::Sign(_) => String::new(),
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let length = if c.is_ascii_digit() {
            run(|c| c.is_ascii_digit() || c == '.')
        } else if c.is_alphabetic() {
            run(|c| c.is_alphanumeric() || c == '-')
        } else {
            c.len_utf8()
        };
        let Some((token, after)) = rest.split_at_checked(length) else {
            break;
        };
        rest = after;
        if c.is_ascii_digit() {
            // A number too large or with two dots is no number; as a word it is
            // reported as not understood.
            let token =
                thousandths(token).map_or_else(|| Token::Word(token.to_owned()), Token::Number);
            tokens.push(token);
        } else if c.is_alphabetic() {
            tokens.push(Token::Word(token.to_lowercase()));
        } else if matches!(c, '<' | '>' | '≤' | '≥' | '=' | '%') {
            tokens.push(Token::Sign(c));
        }
    }
    tokens
}

fn thousandths(number: &str) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = fraction.chars().chain("000".chars()).take(3);
    let fraction: String = digits.collect();
    let whole: u64 = whole.parse().ok()?;
    whole
        .checked_mul(1_000)?
        .checked_add(fraction.parse().ok()?)
}

/// The amount that tokens start with, and how many of them it takes.
fn amount(tokens: &[Token]) -> Option<(Amount, usize)> {
    let [Token::Number(number), unit, ..] = tokens else {
        return None;
    };
    let amount = match unit {
        Token::Sign('%') => percent(*number)?,
        Token::Word(unit) if unit == "percent" => percent(*number)?,
        Token::Word(unit) => Amount::Seconds(number.checked_mul(seconds(unit)?)? / 1_000),
        _ => return None,
    };
    Some((amount, 2))
}

/// Whole percents only.
fn percent(thousandths: u64) -> Option<Amount> {
    thousandths
        .is_multiple_of(1_000)
        .then_some(Amount::Percent(thousandths / 1_000))
}

fn seconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => return None,
    })
}

/// The comparison that tokens end with, as (above, or equal), and what stands before it.
fn comparison(tokens: &[Token]) -> (&[Token], Option<(bool, bool)>) {
    let Some((last, before)) = tokens.split_last() else {
        return (tokens, None);
    };
    let sign = |c: char, before: &[Token]| match (c, before.last()) {
        ('<' | '≤', _) => Some((before.len(), (false, c == '≤'))),
        ('>' | '≥', _) => Some((before.len(), (true, c == '≥'))),
        ('=', Some(Token::Sign('<'))) => Some((before.len() - 1, (false, true))),
        ('=', Some(Token::Sign('>'))) => Some((before.len() - 1, (true, true))),
        _ => None,
    };
    let words = |last: &str, before: &[Token]| {
        let previous = match before.last() {
            Some(Token::Word(word)) => word.as_str(),
            _ => "",
        };
        let two = before.len().saturating_sub(1);
        Some(match (previous, last) {
            ("less" | "fewer" | "shorter", "than") => (two, (false, false)),
            ("more" | "longer" | "greater", "than") => (two, (true, false)),
            ("at", "most") | ("up", "to") => (two, (false, true)),
            ("at", "least") => (two, (true, true)),
            (_, "under" | "below" | "within") => (before.len(), (false, false)),
            (_, "over" | "above" | "exceeding" | "exceeds" | "beyond") => {
                (before.len(), (true, false))
            }
            _ => return None,
        })
    };
    let found = match last {
        Token::Sign(c) => sign(*c, before),
        Token::Word(word) => words(word, before),
        Token::Number(_) => None,
    };
    match found {
        Some((kept, comparison)) => (tokens.get(..kept).unwrap_or_default(), Some(comparison)),
        None => (tokens, None),
    }
}

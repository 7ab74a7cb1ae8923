//! Made-up tickets of about 600 bytes: the same seed gives the same texts.

use std::io::{self, Write};

use serde_json::json;

/// What people write of; the runbook's entries answer some of it.
const OPENINGS: [&str; 12] = [
    "Customers cannot pay with eSewa, the gateway answers with an error",
    "Khalti payment was taken but the order still says pending",
    "The cart is empty after logging in on the phone",
    "I cannot log in, the password reset mail never arrives",
    "Product pictures do not load on the listing page",
    "The vendor dashboard shows no orders since this morning",
    "Checkout is very slow, the page takes a minute",
    "The delivery address cannot be changed after ordering",
    "A discount code is refused though it is still valid",
    "The search finds nothing for kurta and saree",
    "A refund was promised last week and did not come",
    "The invoice has the wrong company name on it",
];
const SYLLABLES: [&str; 16] = [
    "ka", "ro", "mi", "ten", "sul", "pa", "dri", "vo", "ne", "lam", "gu", "shi", "bor", "ti",
    "wen", "ja",
];
const WORDS: u64 = 4096;

/// A small generator of numbers (Knuth's MMIX constants); nothing secret
/// depends on it.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Small numbers often, large ones seldom, as words are.
    fn skewed(&mut self, end: u64) -> u64 {
        let (a, b, c) = (self.below(end), self.below(end), self.below(end));
        a * b / end * c / end
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(index).copied().unwrap_or_default()
    }
}

/// Writes `count` tickets, one JSON object per line.
pub(crate) fn write(count: u64, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..count {
        writeln!(out, "{}", ticket(&mut numbers))?;
    }
    out.flush()
}

fn ticket(numbers: &mut Numbers) -> serde_json::Value {
    let opening = numbers.one_of(&OPENINGS);
    let actual = sentence(numbers, 40);
    let title = format!("{opening} {}", word(numbers));
    let reporter = json!({
        "name": word(numbers),
        "email": format!("{}{}@example.com", word(numbers), numbers.below(100_000)),
    });
    let tags = [["checkout", "mobile", "vendor", "orders"]
        .get(usize::try_from(numbers.skewed(4)).unwrap_or(0))];
    if numbers.below(8) == 0 {
        return json!({
            "kind": "feature", "title": title, "use_case": actual, "priority": "medium",
            "requested_by": {"type": "customer", "name": word(numbers)},
            "reporter": reporter, "tags": tags,
        });
    }
    let severity = match numbers.below(40) {
        0 => "critical",
        1..=8 => "high",
        9..=28 => "medium",
        _ => "low",
    };
    json!({
        "kind": "bug", "title": title, "severity": severity,
        "steps_to_reproduce": [sentence(numbers, 6), sentence(numbers, 6)],
        "expected": sentence(numbers, 8), "actual": actual,
        "browser_device": "Chrome on Android", "affected_users": "single user",
        "reporter": reporter, "tags": tags,
    })
}

fn sentence(numbers: &mut Numbers, length: u64) -> String {
    let words: Vec<String> = (0..length).map(|_| word(numbers)).collect();
    words.join(" ")
}

fn word(numbers: &mut Numbers) -> String {
    spell(numbers.skewed(WORDS))
}

/// The word of that rank: 0 is the commonest.
pub(crate) fn spell(rank: u64) -> String {
    let syllable = |shift: u64| {
        let index = usize::try_from((rank >> shift) & 15).unwrap_or(0);
        SYLLABLES.get(index).copied().unwrap_or_default()
    };
    [syllable(0), syllable(4), syllable(8)].concat()
}

//! What assessing, masking and extracting cost on tickets of 600 bytes, of 8 KB
//! and on a megabyte of hostile text; compiling a runbook; and training a text
//! classifier of 77 labels and 10,000 texts. The promises are 50 µs, 500 µs, a
//! bounded time, and 10 s. Two more texts are hard on spelling repair: one of
//! names and product codes, and one of which no word is known.
//!
//! `cargo bench -p benches --bench triage`

use chrono::NaiveDate;
use divan::{Bencher, black_box};
use triage::{Ticket, TicketKind, Triage, extract, mask, text_classification};

const RUNBOOK: &str = include_str!("../../runbook/customer-support.md");
const LABELLED: &str = include_str!("../../crates/triage/tests/data/banking.own.tsv");
const WORDS: &str = "Good evening. I have been shopping with you for years and was always happy. \
    This week my niece is getting married in Pokhara, so I sat down to choose something. When I \
    wanted to sign in, the box with email and password came up, I wrote both, pressed the blue \
    button, and the box did not go away. I asked my son, he also could not make it work. The order \
    was ORD-20251018-54237 and I payed Rs 2,300 by eSewa. Could you please look at it before \
    Friday? My phone is 9841234567, bihana dekhi login bhayena. With regards, Sharmila, Lalitpur. ";

/// A ticket full of what no vocabulary knows: names, places, codes, products.
const NAMES: &str = "Customer Dipesh Rajbhandari (ph 9841998877) from Gwarko, Lalitpur bought a \
    Himalayan Yakwool Muffler (SKU YKW-MFLR-0073) and a Dhakatopi 'Palpali Kesariya' from vendor \
    Saptakoshi Handlooms on 12 Kartik, invoice KBS/2081/004417, txn ref 9FQX72ZL, courier Upaya \
    awb UPY88213477. Rider Suraj Bhujel says Tinkune hub gave it to Mrs Ranjitkar of Manbhawan. \
    Agent Prativa checked with Nabaraj at Sundhara, who phoned Anjila Kapali. Device Redmi Note \
    12 Pro, MIUI Global 14.0.5, build TKQ1.221114. Wants Bishwokarma, the shop's owner. ";
/// Syllables that make words of their own.
const SYLLABLES: [&str; 16] = [
    "ka", "ro", "mi", "ten", "sul", "pa", "dri", "vo", "ne", "lam", "gu", "shi", "bor", "ti",
    "wen", "ja",
];

fn main() {
    divan::main();
}

fn compiled() -> Triage {
    let today = NaiveDate::from_ymd_opt(2025, 11, 1).unwrap_or_default();
    Triage::new(&runbook::parse(RUNBOOK, today).runbook)
}

/// Text of about this many bytes.
fn text(bytes: usize) -> String {
    WORDS.chars().cycle().take(bytes).collect()
}

/// Text of about this many bytes without a known word.
fn nonsense(bytes: usize) -> String {
    let syllable = |at: usize| SYLLABLES.get(at % SYLLABLES.len()).copied().unwrap_or("");
    (0..)
        .map(|at| {
            [
                syllable(at),
                syllable(at / 5 + 3),
                syllable(at / 2 + 7),
                " ",
            ]
            .concat()
        })
        .scan(0, |length, word| {
            *length += word.len();
            Some(word).filter(|_| *length <= bytes)
        })
        .collect()
}

fn ticket(body: &str) -> Ticket<'_> {
    Ticket {
        kind: TicketKind::Bug,
        title: "cannot sign in",
        body,
        critical: false,
        affected_users: None,
    }
}

#[divan::bench(args = [600, 8_192])]
fn assess(bencher: Bencher<'_, '_>, bytes: usize) {
    let triage = compiled();
    let body = text(bytes);
    bencher.bench(|| triage.assess(black_box(&ticket(&body))));
}

#[divan::bench(args = [600, 8_192])]
fn assess_names_and_codes(bencher: Bencher<'_, '_>, bytes: usize) {
    let triage = compiled();
    let body: String = NAMES.chars().cycle().take(bytes).collect();
    bencher.bench(|| triage.assess(black_box(&ticket(&body))));
}

#[divan::bench(args = [600, 8_192, 1_000_000])]
fn assess_nonsense(bencher: Bencher<'_, '_>, bytes: usize) {
    let triage = compiled();
    let body = nonsense(bytes);
    bencher.bench(|| triage.assess(black_box(&ticket(&body))));
}

#[divan::bench(args = ["a", "not a problem, ", "zorgleblat ", "4111 ", "ord-2025", "\u{964}"])]
fn assess_a_hostile_megabyte(bencher: Bencher<'_, '_>, piece: &str) {
    let triage = compiled();
    let body = piece.repeat(1_000_000 / piece.len());
    bencher.bench(|| triage.assess(black_box(&ticket(&body))));
}

#[divan::bench(args = [600, 8_192, 1_000_000])]
fn mask_text(bencher: Bencher<'_, '_>, bytes: usize) {
    let body = text(bytes);
    bencher.bench(|| mask(black_box(&body)).kinds.len());
}

#[divan::bench(args = [600, 8_192, 1_000_000])]
fn extract_from_text(bencher: Bencher<'_, '_>, bytes: usize) {
    let body = text(bytes);
    bencher.bench(|| extract(black_box(&body)));
}

#[divan::bench]
fn compile_a_runbook(bencher: Bencher<'_, '_>) {
    let today = NaiveDate::from_ymd_opt(2025, 11, 1).unwrap_or_default();
    let runbook = runbook::parse(RUNBOOK, today).runbook;
    bencher.bench(|| Triage::new(black_box(&runbook)));
}

/// Ten thousand texts, each the words of two questions of one label.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn train_on_ten_thousand_texts(bencher: Bencher<'_, '_>) {
    let lines: Vec<(&str, &str)> = LABELLED
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let labels = lines.len() / 6;
    let texts: Vec<(String, &str)> = (0..10_003)
        .filter_map(|at| {
            let of = |place: usize| lines.get(6 * (at % labels) + place % 6);
            let ((label, one), (_, other)) = (of(at / labels)?, of(at / labels / 6 + at)?);
            Some((format!("{one} {other} {}", at % 97), *label))
        })
        .collect();
    let examples: Vec<(&str, &str)> = texts
        .iter()
        .map(|(text, label)| (text.as_str(), *label))
        .collect();
    bencher.bench(|| text_classification::train(black_box(&examples), &[]));
}

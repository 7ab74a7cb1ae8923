//! What a ticket's text names: order numbers, addresses, phones, amounts, links,
//! HTTP statuses and ids (`domain.md` section 4).

use serde::Serialize;

mod amounts;
mod contacts;
mod fill;
mod orders;
mod statuses;

pub use fill::fill_query;

/// At most this many of each kind are kept: a ticket has few, a hostile text many.
const MOST: usize = 32;

/// What was found, in the order of the text, each value once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extraction {
    /// Order numbers, also mistyped ones.
    pub order_numbers: Vec<OrderNumber>,
    /// Email addresses.
    pub emails: Vec<String>,
    /// Phone numbers as digits, with a leading `+` when the text has one.
    pub phones: Vec<String>,
    /// Amounts of money.
    pub amounts: Vec<Amount>,
    /// Links.
    pub urls: Vec<String>,
    /// HTTP error statuses (400–599) that the text speaks of.
    pub http_statuses: Vec<u16>,
    /// UUIDs in lower case.
    pub uuids: Vec<String>,
}

/// An order number: `ORD-YYYYMMDD-XXXXX`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderNumber {
    /// As the text has it.
    pub text: String,
    /// The correct form when the text is mistyped and the form can be told.
    pub correct: Option<String>,
    /// Whether the text is in the correct form.
    pub well_formed: bool,
}

impl OrderNumber {
    /// The number to look up: the correct form when there is one.
    #[must_use]
    pub fn value(&self) -> &str {
        self.correct.as_deref().unwrap_or(&self.text)
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// As the text has it, such as "Rs 1,899".
    pub text: String,
    /// In hundredths of the currency's unit (paisa, cents).
    pub hundredths: u64,
}

/// Finds what a text names. Linear in the text.
#[must_use]
pub fn extract(text: &str) -> Extraction {
    let mut found = Extraction::default();
    let order_spans = orders::find(text, &mut found.order_numbers);
    contacts::emails_and_urls(text, &mut found);
    contacts::phones(text, &order_spans, &mut found.phones);
    amounts::find(text, &order_spans, &mut found.amounts);
    statuses::find(text, &mut found.http_statuses);
    contacts::uuids(text, &mut found.uuids);
    found
}

/// Adds a value that is not there yet, up to the bound.
fn keep<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if values.len() < MOST && !values.contains(&value) {
        values.push(value);
    }
}

/// The text from a byte position on.
fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Whether a position stands at the begin of a word.
fn begins_word(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests;

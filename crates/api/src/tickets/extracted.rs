//! What a text names, as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

/// What a text names, each value once. Card numbers and passwords were masked
/// before.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ExtractedView {
    /// Order numbers, also mistyped ones.
    order_numbers: Vec<OrderNumberView>,
    /// Mail addresses.
    emails: Vec<String>,
    /// Phone numbers as digits, with a leading `+` where the text has one.
    phones: Vec<String>,
    /// Amounts of money as written.
    #[schema(example = json!(["Rs 1,899"]))]
    amounts: Vec<String>,
    /// Links.
    urls: Vec<String>,
    /// HTTP error statuses (400 to 599) that the text speaks of.
    #[schema(example = json!([502]))]
    http_statuses: Vec<u16>,
}

/// An order number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrderNumberView {
    /// As the text has it.
    #[schema(example = "ord 20251103 20981")]
    text: String,
    /// The number to look up; null when a mistyped one could mean several.
    #[schema(example = "ORD-20251103-20981")]
    correct: Option<String>,
}

impl ExtractedView {
    pub(crate) fn of(found: triage::Extraction) -> Self {
        let orders = found
            .order_numbers
            .into_iter()
            .map(|order| OrderNumberView {
                correct: order
                    .correct
                    .or_else(|| order.well_formed.then(|| order.text.clone())),
                text: order.text,
            });
        Self {
            order_numbers: orders.collect(),
            emails: found.emails,
            phones: found.phones,
            amounts: found
                .amounts
                .into_iter()
                .map(|amount| amount.text)
                .collect(),
            urls: found.urls,
            http_statuses: found.http_statuses,
        }
    }
}

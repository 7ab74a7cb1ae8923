//! The people a filing names: who has the problem, who asks for a feature.

use serde::Deserialize;
use ticketing::{Reporter, RequestedBy, RequesterType};
use utoipa::ToSchema;
use validator::Validate;

use super::checks;

/// Who asks for a feature.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestedByWords {
    /// A customer or someone of the house.
    #[serde(rename = "type")]
    requester: RequesterWord,
    /// Their name.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
}

/// From outside or inside.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequesterWord {
    /// A customer.
    Customer,
    /// The house.
    Internal,
}

/// Who has the problem; every field is optional.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReporterWords {
    /// Name.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Mail address.
    #[serde(default)]
    #[validate(custom(function = checks::email))]
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Phone number.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    phone: Option<String>,
    /// Language tag such as `ne-NP`.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    locale: Option<String>,
}

impl From<RequestedByWords> for RequestedBy {
    fn from(words: RequestedByWords) -> Self {
        Self {
            requester: match words.requester {
                RequesterWord::Customer => RequesterType::Customer,
                RequesterWord::Internal => RequesterType::Internal,
            },
            name: words.name,
        }
    }
}

impl From<ReporterWords> for Reporter {
    fn from(words: ReporterWords) -> Self {
        Self {
            name: words.name,
            email: words.email,
            phone: words.phone,
            locale: words.locale,
        }
    }
}

//! Satisfaction: the reporter says how it went, once per resolution.

use serde::{Deserialize, Serialize};

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
};

/// A score from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(u8);

impl Score {
    /// As good as it gets.
    pub const BEST: Self = Self(5);

    /// A score, if it is one.
    #[must_use]
    pub const fn new(score: u8) -> Option<Self> {
        match score {
            1..=5 => Some(Self(score)),
            _ => None,
        }
    }

    /// From 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether it counts as satisfied (`domain.md` section 8).
    #[must_use]
    pub const fn is_satisfied(self) -> bool {
        self.0 >= 4
    }
}

/// What the reporter said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// How it went.
    pub score: Score,
    /// In words; masked.
    pub words: Option<String>,
    /// Kinds of sensitive data that were masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// The number of the resolution's event that was asked about.
    pub resolution: i64,
}

/// Records what the reporter said of a resolution.
///
/// # Errors
/// [`Refusal::AlreadyRated`] when they did before, [`Refusal::Merged`].
pub fn rate(ticket: &Ticket, said: Satisfaction, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    let before = ticket.satisfaction.as_ref();
    if before.is_some_and(|before| before.resolution >= said.resolution) {
        return Err(Refusal::AlreadyRated);
    }
    changing.record(EventKind::Satisfaction(said));
    Ok(changing.settle())
}

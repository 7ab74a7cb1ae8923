//! Topics: what customers of shops write about, learned from the shipped
//! phrases. A topic belongs to the entry of a runbook whose own words meet the
//! topic's anchors; a topic without an entry is background and argues for none.

mod compact;
mod corpus;
mod damping;
mod features;
mod model;
mod sayings;
mod source;

pub(crate) use compact::Compact;
pub(crate) use corpus::{Corpus, Part};
pub(crate) use damping::{Weighed, damped};
pub(crate) use features::for_each_feature;
pub(crate) use model::{Shown, TopicModel, named};
pub use sayings::{Saying, sayings};
pub(crate) use source::{Anchor, Topic, topics};

//! The issue catalogue: issues, troubleshooting guides and questions.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    level::Escalation,
    parts::{Answer, Clause},
};

/// A stable name of an entry: the kebab-case of its heading's title, with
/// `guide-` before troubleshooting guides and `faq-` before questions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The slug's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlugError;

impl fmt::Display for SlugError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a slug is 1 to 200 lower-case letters, digits and single dashes between them")
    }
}

impl std::error::Error for SlugError {}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let fits = (1..=200).contains(&text.chars().count())
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--")
            && text
                .chars()
                .all(|c| c == '-' || c.is_numeric() || (c.is_alphabetic() && !c.is_uppercase()));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(SlugError)
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, SlugError> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// Which part of the runbook an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// `### Issue #N: "Title"`.
    Issue,
    /// A troubleshooting guide.
    Guide,
    /// A question with its answer.
    Faq,
}

/// One entry of the catalogue, of any kind; parts that a kind does not have
/// are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its stable name.
    pub slug: Slug,
    /// Issue, guide or question.
    pub kind: EntryKind,
    /// An issue's number.
    pub number: Option<u32>,
    /// The heading's title without quotes; a question's text.
    pub title: String,
    /// What the heading says after the quoted title ("(Track Order)").
    pub title_note: Option<String>,
    /// The heading's line.
    pub line: u32,
    /// Earlier slugs of this entry (`**Aliases**:`), so that learning survives a rename.
    pub aliases: Vec<Slug>,
    /// What customers see (issues).
    pub symptoms: Vec<Clause>,
    /// What is wrong (guides).
    pub problem: Option<Clause>,
    /// Likely causes.
    pub causes: Vec<Clause>,
    /// Resolution steps, debug steps or checks.
    pub steps: Vec<Step>,
    /// Diagnostic queries: shown, never run.
    pub queries: Vec<Query>,
    /// What to do meanwhile.
    pub workaround: Option<Clause>,
    /// The fix: an issue's fix, a guide's common fix or quick win.
    pub fix: Option<Fix>,
    /// When to escalate, and whom to.
    pub escalation: Option<Escalation>,
    /// A question's answer.
    pub answer: Option<Answer>,
    /// Other ways customers say it (`**Customers Also Say**:`, one per bullet or comma).
    pub also_say: Vec<Clause>,
}

/// One step, with the steps under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The step's text without its number or bullet.
    pub text: String,
    /// Its line.
    pub line: u32,
    /// The steps or remarks indented under it.
    pub steps: Vec<Step>,
}

/// A SQL text of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The SQL as written.
    pub sql: String,
    /// The line of its first line.
    pub line: u32,
    /// Whether it changes data: shown only to leads and admins.
    pub writes: bool,
}

/// How an entry is fixed, in words and SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The words after the label; empty when the fix is only a list.
    pub text: String,
    /// The line of the label.
    pub line: u32,
    /// The fix's own steps (guides).
    pub steps: Vec<Step>,
}

//! How customers say things: the shipped phrases, for whoever needs plausible
//! texts.

use super::topics;

/// One way to say what a topic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The topic's name, such as "refund".
    pub topic: &'static str,
    /// What a subject line would say.
    pub title: &'static str,
    /// What follows it, where something does.
    pub body: Option<&'static str>,
}

/// All shipped phrases, topic by topic; some are Romanised Nepali.
pub fn sayings() -> impl Iterator<Item = Saying> {
    topics().iter().flat_map(|topic| {
        topic.phrases.iter().map(|phrase| {
            let (title, body) = match phrase.split_once('|') {
                Some((title, body)) => (title.trim(), Some(body.trim())),
                None => (*phrase, None),
            };
            Saying {
                topic: topic.name,
                title,
                body: body.filter(|body| !body.is_empty()),
            }
        })
    })
}

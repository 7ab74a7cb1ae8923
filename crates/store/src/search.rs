//! Full-text search: both databases are given plain words, so that they cut
//! the same text into the same tokens. PostgreSQL's parser would take mail
//! addresses, links and hyphened words as one token, FTS5 would not.

/// What of a ticket's text is indexed.
pub(crate) fn indexed(text: &str) -> String {
    words(text).join(" ")
}

/// One term of a full-text question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    words: Vec<String>,
    prefix: bool,
}

/// Splits `q` into terms; everything that is no letter or digit separates, so
/// no operator of either database gets through.
pub(crate) fn terms(q: &str) -> Vec<Term> {
    let mut found = Vec::new();
    for (index, part) in q.split('"').enumerate() {
        let quoted = index % 2 == 1;
        if quoted {
            let words = words(part);
            if !words.is_empty() {
                found.push(Term {
                    words,
                    prefix: false,
                });
            }
        } else {
            for chunk in part.split_whitespace() {
                let words = words(chunk);
                if !words.is_empty() {
                    found.push(Term {
                        words,
                        prefix: chunk.ends_with('*'),
                    });
                }
            }
        }
    }
    if found.is_empty() {
        // Nothing to look for finds nothing.
        found.push(Term {
            words: vec!["\u{1}".to_owned()],
            prefix: false,
        });
    }
    found.truncate(32);
    found
}

fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

impl Term {
    pub(crate) fn fts5(&self) -> String {
        let star = if self.prefix { "*" } else { "" };
        format!("\"{}\"{star}", self.words.join(" "))
    }

    pub(crate) fn tsquery(&self) -> String {
        let star = if self.prefix { ":*" } else { "" };
        let words: Vec<String> = self.words.iter().map(|word| format!("'{word}'")).collect();
        format!("({}{star})", words.join(" <-> "))
    }
}

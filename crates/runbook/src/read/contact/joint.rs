//! How contacts are joined: "+" and "and" mean all, "or" and "/" the first
//! reachable one.

use super::is_address;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    All,
    Any,
    Comma,
}

/// Parts a line into groups of alternatives of words.
pub(crate) fn alternatives(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut contacts: Vec<Vec<String>> = Vec::new();
    let mut joints = Vec::new();
    let mut joint = None;
    for piece in pieces(text) {
        match (piece, contacts.last_mut(), joint) {
            // Two addresses in a row are two contacts.
            (Ok(word), Some(words), None)
                if is_address(&word) && words.iter().any(|word| is_address(word)) =>
            {
                joints.push(Joint::Comma);
                contacts.push(vec![word]);
            }
            (Ok(word), Some(words), None) => words.push(word),
            (Ok(word), last, _) => {
                joints.extend(joint.take().filter(|_| last.is_some()));
                contacts.push(vec![word]);
            }
            // ", and" is one joint: the word says more than the comma.
            (Err(Joint::Comma), _, Some(_)) => {}
            (Err(other), ..) => joint = Some(other),
        }
    }

    let mut groups: Vec<Vec<Vec<String>>> = Vec::new();
    let mut before = Joint::All;
    let mut following = joints_by_meaning(joints).into_iter();
    for words in contacts {
        match groups.last_mut() {
            Some(group) if before == Joint::Any => group.push(words),
            _ => groups.push(vec![words]),
        }
        before = following.next().unwrap_or(Joint::All);
    }
    groups
}

/// "a, b or c" are alternatives, "a, b and c" and "a, b" are all told.
fn joints_by_meaning(mut joints: Vec<Joint>) -> Vec<Joint> {
    let mut meaning = Joint::All;
    for joint in joints.iter_mut().rev() {
        match joint {
            Joint::Comma => *joint = meaning,
            word => meaning = *word,
        }
    }
    joints
}

/// Words, and what joins them.
fn pieces(text: &str) -> Vec<Result<String, Joint>> {
    let mut pieces = Vec::new();
    for token in text.split_whitespace() {
        let lower = token.to_lowercase();
        match lower.as_str() {
            "or" | "and/or" => pieces.push(Err(Joint::Any)),
            "and" | "plus" => pieces.push(Err(Joint::All)),
            // Signs inside an address, a channel, a placeholder or a phone number join nothing.
            _ if token.contains(['@', '#', '[']) || is_phone(token) => {
                let word = token.trim_end_matches([',', ';']);
                pieces.push(Ok(word.to_owned()));
                if word.len() < token.len() {
                    pieces.push(Err(Joint::Comma));
                }
            }
            _ => signs(token, &mut pieces),
        }
    }
    pieces
}

fn signs(token: &str, pieces: &mut Vec<Result<String, Joint>>) {
    let mut word = String::new();
    for c in token.chars() {
        let joint = match c {
            '+' | '&' => Joint::All,
            '/' | '|' => Joint::Any,
            ',' | ';' => Joint::Comma,
            _ => {
                word.push(c);
                continue;
            }
        };
        if !word.is_empty() {
            pieces.push(Ok(std::mem::take(&mut word)));
        }
        pieces.push(Err(joint));
    }
    if !word.is_empty() {
        pieces.push(Ok(word));
    }
}

fn is_phone(token: &str) -> bool {
    token.len() > 3
        && token.starts_with(['+', '('])
        && token.chars().filter(char::is_ascii_digit).count() > 2
}

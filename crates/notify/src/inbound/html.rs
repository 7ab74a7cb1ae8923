//! HTML mails as text: what a reader sees, with quotes marked as in plain mails.

use mail_parser::decoders::html::html_to_text as decode;

/// Elements whose content nobody reads.
const HIDDEN: [&str; 6] = ["head", "style", "script", "template", "title", "noscript"];
/// Elements that begin and end on a line of their own.
const BLOCKS: [&str; 20] = [
    "address",
    "article",
    "blockquote",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "ol",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];
/// How deep quotes are marked.
const QUOTE_MAX: usize = 20;

/// What a reader sees of an HTML text.
pub(super) fn html_to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        page.text(before);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = after.split_once('>') else {
            rest = "";
            break;
        };
        page.tag(tag);
        rest = after;
    }
    page.text(rest);
    page.end()
}

#[derive(Default)]
struct Page {
    lines: Vec<String>,
    line: String,
    /// Whether a space stands between what is there and what comes.
    space: bool,
    quotes: usize,
    hidden: Option<String>,
}

impl Page {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() || text.is_empty() {
            return;
        }
        let words = decode(text);
        let words = words.trim();
        let spaced = text.starts_with(char::is_whitespace);
        self.space |= spaced;
        if words.is_empty() {
            return;
        }
        if self.space && !self.line.is_empty() {
            self.line.push(' ');
        }
        self.line.push_str(words);
        self.space = text.ends_with(char::is_whitespace);
    }

    fn tag(&mut self, tag: &str) {
        let closes = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if let Some(hidden) = &self.hidden {
            if closes && *hidden == name {
                self.hidden = None;
            }
            return;
        }
        let name = name.as_str();
        if HIDDEN.contains(&name) && !closes && !tag.ends_with('/') {
            self.hidden = Some(name.to_owned());
        } else if name == "br" {
            self.push();
        } else if name == "p" {
            self.break_line();
            if closes {
                self.push();
            }
        } else if name == "li" {
            self.break_line();
            if !closes {
                "- ".clone_into(&mut self.line);
            }
        } else if matches!(name, "td" | "th") {
            self.space = true;
        } else if BLOCKS.contains(&name) {
            self.break_line();
        }
        if name == "blockquote" {
            self.quotes = if closes {
                self.quotes.saturating_sub(1)
            } else {
                (self.quotes + 1).min(QUOTE_MAX)
            };
        }
    }

    fn break_line(&mut self) {
        if !self.line.is_empty() {
            self.push();
        }
    }

    fn push(&mut self) {
        let line = std::mem::take(&mut self.line);
        let empty = |line: &String| line.trim_matches(['>', ' ']).is_empty();
        self.space = false;
        let marked = match self.quotes {
            0 => line,
            depth => format!("{} {line}", ">".repeat(depth)),
        };
        // One empty line parts paragraphs; more say nothing.
        if empty(&marked) && self.lines.last().is_none_or(empty) {
            return;
        }
        self.lines.push(marked.trim_end().to_owned());
    }

    fn end(mut self) -> String {
        self.break_line();
        self.lines.join("\n")
    }
}

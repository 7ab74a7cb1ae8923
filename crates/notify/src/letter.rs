//! A letter as texts: its blocks cleaned and laid out.

use askama::Template;
use runbook::Level;
use ticketing::{Block, Letter};

use crate::{
    clean::{lines, one_line},
    look::Look,
    message::{self, Envelope, Message},
};

/// The longest paragraph, in characters.
const PARAGRAPH: usize = 4000;
/// The longest heading, item or cell.
const LINE: usize = 400;

#[derive(Template)]
#[template(path = "letter.txt")]
struct TextPage<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlPage<'a> {
    page: &'a Page,
}

/// What the templates show; every text is clean.
struct Page {
    subject: String,
    blocks: Vec<Shown>,
}

enum Shown {
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
    Table(Table),
    Link { text: String, to: String },
}

struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A letter's plain text, as it would be mailed.
#[must_use]
pub fn letter_text(letter: &Letter, look: &Look) -> String {
    let page = Page::of(letter, look);
    // The template only reads fields; writing into a string cannot fail.
    TextPage { page: &page }.render().unwrap_or_default()
}

/// Writes a letter in the desk's look.
pub(crate) fn write(envelope: &Envelope, letter: &Letter, look: &Look) -> Message {
    let page = Page::of(letter, look);
    let links = page.blocks.iter().find_map(|block| match block {
        Shown::Link { to, .. } => Some(to.clone()),
        _ => None,
    });
    // The templates only read fields; writing into a string cannot fail.
    let text = TextPage { page: &page }.render().unwrap_or_default();
    let html = HtmlPage { page: &page }.render().unwrap_or_default();
    Message {
        id: envelope.id,
        about: letter.kind.to_string(),
        subject: page.subject,
        text,
        html,
        message_id: envelope.message_id(look),
        thread_id: None,
        reply_to: None,
        link: links,
        page: message::Page {
            key: letter.cause.clone(),
            urgent: envelope.level >= Level::ENGINEERING,
            ..message::Page::default()
        },
        at: envelope.at,
    }
}

impl Page {
    fn of(letter: &Letter, look: &Look) -> Self {
        let blocks = letter.blocks.iter();
        Self {
            subject: one_line(&letter.subject, 160),
            blocks: blocks.filter_map(|block| shown(block, look)).collect(),
        }
    }
}

fn shown(block: &Block, look: &Look) -> Option<Shown> {
    let line = |text: &String| one_line(text, LINE);
    Some(match block {
        Block::Heading(text) => Shown::Heading(line(text)),
        Block::Paragraph(text) => Shown::Paragraph(lines(text, PARAGRAPH)),
        Block::List(items) => Shown::List(items.iter().map(line).collect()),
        Block::Table { head, rows } => Shown::Table(Table {
            head: head.iter().map(line).collect(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(line).collect())
                .collect(),
        }),
        Block::Link { text, to } => Shown::Link {
            text: line(text),
            to: look.url(to)?,
        },
    })
}

impl Table {
    /// The rows as lines of aligned columns, the head underlined.
    fn lines(&self) -> Vec<String> {
        let all = || [&self.head].into_iter().chain(&self.rows);
        let columns = all().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = all().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths);
            let padded: Vec<String> = cells
                .map(|(cell, &width)| format!("{cell:<width$}"))
                .collect();
            padded.join("  ").trim_end().to_owned()
        };
        let rule = || widths.iter().map(|&width| "-".repeat(width));
        let head = (!self.head.is_empty())
            .then(|| [line(&self.head), rule().collect::<Vec<_>>().join("  ")]);
        let rows = self.rows.iter().map(line);
        head.into_iter().flatten().chain(rows).collect()
    }
}

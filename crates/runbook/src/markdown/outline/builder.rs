//! From Markdown's events to an outline.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::{Oddity, Outline, Section};
use crate::markdown::{
    block::{Block, Code, Item, Line, joined},
    field::split_label,
    inline::Inline,
};

/// Lists and quotes nested deeper than this are read as if they were not: a
/// reader of nested blocks may recurse without fear.
const DEEPEST: usize = 32;

/// Builds the outline of a text.
pub(crate) fn build(source: &str) -> Outline {
    let mut events = Parser::new_ext(source, Options::ENABLE_TASKLISTS).into_offset_iter();
    let mut builder = Builder {
        source,
        ..Builder::default()
    };
    for (event, range) in events.by_ref() {
        builder.take(event, range);
    }
    for (name, definition) in events.reference_definitions().iter() {
        if !builder.used.contains(&name.to_lowercase()) {
            let oddity = (definition.span.start, Oddity::UnusedDefinition);
            builder.outline.oddities.push(oddity);
        }
    }
    builder.outline.oddities.sort_by_key(|(offset, _)| *offset);
    builder.outline
}

#[derive(Default)]
struct Builder<'a> {
    source: &'a str,
    outline: Outline,
    open: Vec<Frame>,
    /// Containers that are open beyond [`DEEPEST`].
    too_deep: usize,
    inline: Inline,
    code: Option<Code>,
    html: Option<(usize, String)>,
    /// Link definitions that are used, in lower case.
    used: HashSet<String>,
}

enum Frame {
    Quote(Vec<Block>),
    List(Vec<Item>),
    Item(Item),
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.code.is_some() => self.code_text(&text, &range),
            Event::Html(html) if self.html.is_some() => {
                if let Some((_, text)) = &mut self.html {
                    text.push_str(&html);
                }
            }
            Event::Rule => {
                self.flush();
                self.push(Block::Rule);
            }
            other => self.inline.take(other, &range),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } => self.flush(),
            Tag::BlockQuote(_) => self.enter(Frame::Quote(Vec::new()), &range),
            Tag::List(_) => self.enter(Frame::List(Vec::new()), &range),
            Tag::Item => {
                let offset = range.start;
                let blocks = Vec::new();
                self.enter(Frame::Item(Item { offset, blocks }), &range);
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.start_code(&kind, &range);
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some((range.start, String::new()));
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => {
                if matches!(
                    link_type,
                    LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
                ) {
                    self.used.insert(id.to_lowercase());
                }
                let tag = Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                };
                self.inline.take(Event::Start(tag), &range);
            }
            inline => self.inline.take(Event::Start(inline), &range),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(level) => self.heading(level, &range),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    self.push(Block::Code(code));
                }
            }
            TagEnd::HtmlBlock => self.end_html(),
            inline => self.inline.take(Event::End(inline), &range),
        }
    }

    fn enter(&mut self, frame: Frame, range: &Range<usize>) {
        self.flush();
        if self.too_deep > 0 || self.open.len() >= DEEPEST {
            if self.too_deep == 0 {
                let oddity = (range.start, Oddity::TooDeep);
                self.outline.oddities.push(oddity);
            }
            self.too_deep += 1;
        } else {
            self.open.push(frame);
        }
    }

    fn leave(&mut self) {
        self.flush();
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        match self.open.pop() {
            Some(Frame::Quote(blocks)) => {
                // A quote is only a manner of writing: its blocks count like any other.
                for block in blocks {
                    self.push(block);
                }
            }
            Some(Frame::List(items)) => self.push(Block::List(items)),
            Some(Frame::Item(item)) => match self.open.last_mut() {
                Some(Frame::List(items)) => items.push(item),
                _ => self.push(Block::List(vec![item])),
            },
            None => {}
        }
    }

    fn push(&mut self, block: Block) {
        let blocks = match self.open.last_mut() {
            Some(Frame::Quote(blocks)) => blocks,
            Some(Frame::Item(item)) => &mut item.blocks,
            Some(Frame::List(items)) => {
                let blocks = vec![block];
                items.push(Item { offset: 0, blocks });
                return;
            }
            None => match self.outline.sections.last_mut() {
                Some(section) => &mut section.blocks,
                None => &mut self.outline.preamble,
            },
        };
        blocks.push(block);
    }

    fn flush(&mut self) {
        let mut lines = self.inline.finish();
        if lines.is_empty() {
            return;
        }
        let nested = !self.open.is_empty();
        for line in lines.iter_mut().skip(1) {
            let before = self.source.get(..line.offset).unwrap_or_default();
            line.lazy = nested && before.ends_with('\n');
        }
        self.push(Block::Text(lines));
    }

    fn heading(&mut self, level: HeadingLevel, range: &Range<usize>) {
        let lines = self.inline.finish();
        let marked = self
            .source
            .get(range.start..)
            .is_some_and(|text| text.trim_start().starts_with('#'));
        // `---` right under a paragraph makes it a heading by Markdown's rules,
        // while authors who part their entries so mean a paragraph and a break.
        let labelled = lines
            .last()
            .is_some_and(|line| split_label(line, &|_| false).is_some());
        if !self.open.is_empty() || (!marked && (labelled || lines.len() > 1)) {
            if !lines.is_empty() {
                self.push(Block::Text(lines));
            }
            if !marked {
                self.push(Block::Rule);
            }
            return;
        }
        let offset = lines.first().map_or(range.start, |line| line.offset);
        self.outline.sections.push(Section {
            level: level as u8,
            heading: Line::plain(&joined(&lines), offset),
            blocks: Vec::new(),
        });
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let mut language = String::new();
        if let CodeBlockKind::Fenced(info) = kind {
            let word = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
            language = word.to_lowercase();
            if !is_closed(self.source.get(range.clone()).unwrap_or_default()) {
                let oddity = (range.start, Oddity::UnclosedFence);
                self.outline.oddities.push(oddity);
            }
        }
        self.code = Some(Code {
            language,
            lines: Vec::new(),
            offset: range.start,
        });
    }

    fn code_text(&mut self, text: &str, range: &Range<usize>) {
        let Some(code) = &mut self.code else { return };
        let mut offset = range.start;
        for line in text.split_inclusive('\n') {
            let text = line.trim_end_matches('\n');
            code.lines.push(Line::plain(text, offset));
            offset += line.len();
        }
    }

    fn end_html(&mut self) {
        let Some((offset, html)) = self.html.take() else {
            return;
        };
        let mut rest = html.as_str();
        let mut shown = String::new();
        while let Some((before, comment)) = rest.split_once("<!--") {
            shown.push_str(before);
            let Some((_, after)) = comment.split_once("-->") else {
                let oddity = (offset, Oddity::UnclosedComment);
                self.outline.oddities.push(oddity);
                return;
            };
            rest = after;
        }
        shown.push_str(rest);
        if !shown.trim().is_empty() {
            self.outline.oddities.push((offset, Oddity::Html));
        }
    }
}

/// Whether a fenced block's last line is its closing fence.
fn is_closed(block: &str) -> bool {
    let Some(fence) = block.chars().find(|c| matches!(c, '`' | '~')) else {
        return false;
    };
    let mut lines = block.trim_end().lines();
    let last = lines.next_back().unwrap_or_default();
    let marks = last.trim_matches(|c: char| c.is_whitespace() || c == '>');
    lines.next().is_some() && marks.len() >= 3 && marks.chars().all(|c| c == fence)
}

//! Inline markup to lines of text.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::block::Line;

/// Collects the lines of one paragraph, item or heading.
#[derive(Debug, Default)]
pub(crate) struct Inline {
    lines: Vec<Line>,
    line: Option<Line>,
    emphasis: usize,
    /// Destinations of the links that are open, with the text's length at their start.
    links: Vec<(String, usize)>,
}

impl Inline {
    /// Takes an inline event.
    pub(crate) fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Text(text) => self.push(&text, range),
            Event::Code(code) => self.push(&format!("`{code}`"), range),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html, range),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::TaskListMarker(done) => {
                self.push(if done { "[x] " } else { "[ ] " }, range);
            }
            Event::Start(Tag::Strong | Tag::Emphasis) => {
                self.line(range);
                self.emphasis += 1;
            }
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => self.end_emphasis(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let start = self.line(range).text.len();
                self.links.push((dest_url.to_string(), start));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(range),
            _ => {}
        }
    }

    /// The lines collected.
    pub(crate) fn finish(&mut self) -> Vec<Line> {
        self.end_line();
        self.emphasis = 0;
        self.links.clear();
        std::mem::take(&mut self.lines)
    }

    fn push(&mut self, text: &str, range: &Range<usize>) {
        let line = self.line(range);
        line.pieces.push((line.text.len(), range.start));
        line.text.push_str(text);
    }

    fn line(&mut self, range: &Range<usize>) -> &mut Line {
        self.line.get_or_insert_with(|| Line {
            offset: range.start,
            ..Line::default()
        })
    }

    fn html(&mut self, html: &str, range: &Range<usize>) {
        // `<br>` breaks a line and a comment is the authors' own; anything else
        // in angle brackets, such as `<phone>`, is text to them.
        let tag = html.trim_matches(|c: char| !c.is_ascii_alphabetic());
        if tag.eq_ignore_ascii_case("br") {
            self.end_line();
        } else if !html.starts_with("<!--") {
            self.push(html, range);
        }
    }

    fn end_emphasis(&mut self) {
        self.emphasis = self.emphasis.saturating_sub(1);
        let Some(line) = &mut self.line else { return };
        if self.emphasis == 0 && line.bold == 0 {
            line.bold = line.text.len();
        }
    }

    fn end_link(&mut self, range: &Range<usize>) {
        let Some((destination, start)) = self.links.pop() else {
            return;
        };
        let destination = destination.strip_prefix("mailto:").unwrap_or(&destination);
        let text = &mut self.line(range).text;
        let said = text.get(start..).unwrap_or_default();
        if !destination.is_empty() && !said.contains(destination) {
            text.push_str(" (");
            text.push_str(destination);
            text.push(')');
        }
    }

    fn end_line(&mut self) {
        let Some(mut line) = self.line.take() else {
            return;
        };
        let kept = line.text.trim_end().len();
        line.text.truncate(kept);
        line.bold = line.bold.min(kept);
        if !line.text.is_empty() {
            self.lines.push(line);
        }
    }
}

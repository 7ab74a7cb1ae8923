//! The document as it is read: line ends made alike, mojibake repaired, and
//! the way back from any place to the original's line and column.

use super::mojibake;

/// The readable text of a document, with its original places.
#[derive(Debug)]
pub(crate) struct Source {
    text: String,
    /// Offset of each line's first byte, ascending; never empty.
    lines: Vec<usize>,
    shifts: Vec<Shift>,
    /// What was repaired.
    pub(crate) repairs: Repairs,
}

/// How many characters the original has had more than the text, up to a place.
#[derive(Debug)]
struct Shift {
    /// From this offset on …
    from: usize,
    /// … the original has so many characters more.
    more: usize,
}

/// What of the document was repaired.
#[derive(Debug, Default)]
pub(crate) struct Repairs {
    /// How many characters.
    pub(crate) count: usize,
    /// How many of them had lost bytes.
    pub(crate) lost: usize,
    /// Where the first one is.
    pub(crate) first: usize,
}

impl Source {
    /// Reads the original. Every line keeps its number.
    pub(crate) fn new(original: &str) -> Self {
        let mut source = Self {
            text: String::with_capacity(original.len()),
            lines: vec![0],
            shifts: Vec::new(),
            repairs: Repairs::default(),
        };
        source.read(original.strip_prefix('\u{FEFF}').unwrap_or(original));
        source
    }

    fn read(&mut self, original: &str) {
        let mut rest = original.chars();
        let mut more = 0;
        loop {
            let ahead = rest.as_str();
            let Some(c) = rest.next() else { break };
            match c {
                '\r' | '\n' => {
                    if ahead.starts_with("\r\n") {
                        rest.next();
                    }
                    self.text.push('\n');
                    self.lines.push(self.text.len());
                }
                // Markdown readers replace NUL, too.
                '\0' => self.text.push('\u{FFFD}'),
                _ if c.is_ascii() => self.text.push(c),
                _ => {
                    let Some(repair) = mojibake::repair(ahead, self.text.chars().next_back())
                    else {
                        self.text.push(c);
                        continue;
                    };
                    if self.repairs.count == 0 {
                        self.repairs.first = self.text.len();
                    }
                    self.repairs.count += 1;
                    self.repairs.lost += usize::from(repair.lost);
                    self.text.extend(repair.meant);
                    rest = ahead.chars();
                    for _ in 0..repair.consumed {
                        rest.next();
                    }
                    more += repair.consumed - usize::from(repair.meant.is_some());
                    // What was left out has no place of its own: the place where
                    // it was is its beginning.
                    let left_out = usize::from(repair.meant.is_none());
                    self.shifts.push(Shift {
                        from: self.text.len() + left_out,
                        more,
                    });
                }
            }
        }
    }

    /// The readable text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The 1-based line of an offset into the text.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let number = self.lines.partition_point(|start| *start <= offset);
        u32::try_from(number.max(1)).unwrap_or(u32::MAX)
    }

    /// The 1-based column in the original of an offset into the text.
    pub(crate) fn column(&self, offset: usize) -> u32 {
        let start = self.line_start(self.line(offset));
        let before = self
            .text
            .get(start..offset.min(self.text.len()))
            .map_or(0, |text| text.chars().count());
        let shifted = self.more(offset).saturating_sub(self.more(start));
        u32::try_from(before + shifted + 1).unwrap_or(u32::MAX)
    }

    /// The offset of a line's first character that is neither blank nor the
    /// mark of a heading, quote or bullet.
    pub(crate) fn first_of_line(&self, line: u32) -> usize {
        let start = self.line_start(line);
        let end = self.line_start(line.saturating_add(1));
        let text = self.text.get(start..end).unwrap_or_default();
        let text = text.trim_end_matches('\n');
        let marks = |c: char| c.is_whitespace() || "#>-+".contains(c);
        start + (text.len() - text.trim_start_matches(marks).len())
    }

    /// The offset of a 1-based line; past the last one, the text's end.
    fn line_start(&self, line: u32) -> usize {
        usize::try_from(line.saturating_sub(1))
            .ok()
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or(self.text.len())
    }

    fn more(&self, offset: usize) -> usize {
        let passed = self.shifts.partition_point(|shift| shift.from <= offset);
        passed
            .checked_sub(1)
            .and_then(|last| self.shifts.get(last))
            .map_or(0, |shift| shift.more)
    }
}

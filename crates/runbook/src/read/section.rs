//! Which part of the runbook a heading opens, and what stands under it.

use crate::{
    entry::EntryKind,
    markdown::{Block, Field, Label, Line, Section, fields},
    words::words,
};

/// A part of the runbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Emergency contacts and system status.
    QuickReference,
    /// Emergency contacts alone.
    EmergencyContacts,
    /// System status alone.
    SystemStatus,
    /// Entries of a kind.
    Entries(EntryKind),
    /// The escalation levels.
    Escalation,
    /// Checklists.
    Checklists,
    /// Access rules.
    Access,
    /// Ticket templates.
    Templates,
    /// Targets.
    Metrics,
    /// What else to track.
    Tracked,
    /// Version and dates.
    Document,
}

/// What a [`Chunk`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// What stands right under a part's heading, or a heading inside the part.
    Part(Part),
    /// One entry.
    Entry(EntryKind),
    /// One level, with the number in its heading.
    Level(u32),
    /// The document's title and what stands before its first part.
    Title,
    /// A heading that only groups the headings under it.
    Group,
    /// A heading that is not understood.
    Unknown,
}

/// A heading with all that belongs to it.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// What it is.
    pub(crate) role: Role,
    /// Its heading.
    pub(crate) heading: Line,
    /// Its blocks; deeper headings inside an entry or a level became labels.
    pub(crate) blocks: Vec<Block>,
    /// Labels that were headings, with the number of blocks before each.
    pub(crate) labels: Vec<(usize, Label)>,
}

impl Chunk {
    /// The chunk's text by its labels, deeper headings among them.
    pub(crate) fn fields(self, known: &dyn Fn(&str) -> bool) -> Vec<Field> {
        let mut all = Vec::new();
        let mut blocks = self.blocks;
        let mut above = Vec::new();
        for (start, label) in self.labels.into_iter().rev() {
            let below = fields(blocks.split_off(start.min(blocks.len())), known);
            above.push((label, below));
        }
        all.extend(fields(blocks, known));
        for (label, mut below) in above.into_iter().rev() {
            match below.first_mut() {
                Some(first) if first.label.is_none() => first.label = Some(label),
                _ => all.push(Field {
                    label: Some(label),
                    ..Field::default()
                }),
            }
            all.append(&mut below);
        }
        all
    }
}

/// Sorts a document's sections into chunks.
pub(crate) fn chunks(sections: Vec<Section>) -> Vec<Chunk> {
    let mut sorter = Sorter {
        lone_h1: sections.iter().filter(|section| section.level == 1).count() == 1,
        ..Sorter::default()
    };
    for section in sections {
        sorter.take(section);
    }
    sorter.chunks
}

#[derive(Default)]
struct Sorter {
    chunks: Vec<Chunk>,
    lone_h1: bool,
    titled: bool,
    /// The part that is open, and its heading's depth.
    part: Option<(Part, u8)>,
    /// The depth of the entry or level that is open.
    holder: Option<u8>,
    /// The depth of the last heading.
    depth: u8,
}

impl Sorter {
    fn take(&mut self, section: Section) {
        let depth = section.level;
        let pattern = pattern(&section.heading.text, self.part.map(|(part, _)| part));
        if pattern.is_none() && self.holder.is_some_and(|holder| depth > holder) {
            self.fold(section);
            return;
        }
        self.close(depth, pattern.is_some());

        let role = pattern.unwrap_or_else(|| self.role(&section.heading.text, depth));
        if matches!(role, Role::Entry(_) | Role::Level(_)) {
            self.holder = Some(depth);
        }
        self.depth = depth;
        self.chunks.push(Chunk {
            role,
            heading: section.heading,
            blocks: section.blocks,
            labels: Vec::new(),
        });
    }

    /// Ends what a heading of this depth ends. A heading with nothing of its
    /// own above deeper ones was only there to group them.
    fn close(&mut self, depth: u8, deeper_entry: bool) {
        let holds_deeper = self.holder.is_some_and(|holder| depth > holder);
        if let Some(last) = self.chunks.last_mut() {
            let empty = last.blocks.is_empty() && last.labels.is_empty();
            let entry = matches!(last.role, Role::Entry(_));
            let unknown = last.role == Role::Unknown;
            if empty && depth > self.depth && (unknown || (entry && deeper_entry && holds_deeper)) {
                last.role = Role::Group;
            }
        }
        self.holder = None;
        if self.part.is_some_and(|(_, part_depth)| depth <= part_depth) {
            self.part = None;
        }
    }

    fn role(&mut self, heading: &str, depth: u8) -> Role {
        let words = stems(heading);
        if let Some((part, _)) = self.part {
            return inner(part, heading, &words);
        }
        let first = self.chunks.is_empty();
        let part = part_of(&words);
        if depth == 1 && !self.titled && ((first && self.lone_h1) || part.is_none()) {
            self.titled = true;
            return Role::Title;
        }
        let Some(part) = part else {
            return Role::Unknown;
        };
        self.part = Some((part, depth));
        Role::Part(part)
    }

    fn fold(&mut self, section: Section) {
        let Some(chunk) = self.chunks.last_mut() else {
            return;
        };
        let label = Label::new(&section.heading.text, section.heading.offset);
        chunk.labels.push((chunk.blocks.len(), label));
        chunk.blocks.extend(section.blocks);
    }
}

/// What a heading says it is by its form, wherever it stands.
fn pattern(heading: &str, part: Option<Part>) -> Option<Role> {
    let words = words(heading);
    // "2. Level 3: Name" and "4.1. Issue #3" are counted twice.
    let counts = words.iter().take_while(|word| is_number(word)).count();
    let counted = words
        .get(counts)
        .is_some_and(|word| ["issue", "level", "q", "tier"].contains(&word.as_str()));
    let skipped = if counted { counts } else { 0 };
    let mut words = words.iter().map(String::as_str).skip(skipped);
    let (first, second) = (words.next()?, words.next());
    match (first, second) {
        ("issue", Some(number)) if is_number(number) || heading.contains(':') => {
            Some(Role::Entry(EntryKind::Issue))
        }
        ("q", Some("a")) if words.next().is_none() && !heading.contains(':') => None,
        ("q", Some(_)) => Some(Role::Entry(EntryKind::Faq)),
        ("level" | "tier", Some(number))
            if is_number(number) && matches!(part, None | Some(Part::Escalation)) =>
        {
            Some(Role::Level(number.parse().unwrap_or(u32::MAX)))
        }
        _ if part == Some(Part::Escalation) => {
            // "Stufe 2: Technik", "L2 – Technik": a number among the first two words.
            number_in(first)
                .or(second.and_then(number_in))
                .map(Role::Level)
        }
        _ => None,
    }
}

/// The number that a word ends with: 2 for "2" and "L2".
fn number_in(word: &str) -> Option<u32> {
    let digits = word.trim_start_matches(char::is_alphabetic);
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// What a heading inside a part is.
fn inner(part: Part, heading: &str, words: &[String]) -> Role {
    let has = |word: &str| words.iter().any(|one| one == word);
    match part {
        Part::Entries(kind) => Role::Entry(kind),
        Part::QuickReference if has("contact") => Role::Part(Part::EmergencyContacts),
        Part::QuickReference if has("status") || has("link") || has("dashboard") => {
            Role::Part(Part::SystemStatus)
        }
        Part::Metrics if has("track") || has("tracked") => Role::Part(Part::Tracked),
        Part::Metrics if has("kpi") || has("metric") || has("target") => Role::Part(Part::Metrics),
        Part::Checklists | Part::Access | Part::Templates if !heading.is_empty() => {
            Role::Part(part)
        }
        _ => Role::Unknown,
    }
}

/// The part that a heading names.
fn part_of(words: &[String]) -> Option<Part> {
    let has = |word: &str| words.iter().any(|one| one == word);
    let any = |list: &[&str]| list.iter().any(|word| has(word));
    let part = if has("quick") && has("reference") {
        Part::QuickReference
    } else if any(&["faq", "question"])
        || (has("frequently") && has("asked"))
        || words == ["q", "a"]
    {
        Part::Entries(EntryKind::Faq)
    } else if any(&["troubleshooting", "guide"]) {
        Part::Entries(EntryKind::Guide)
    } else if any(&["escalation", "escalate"]) && !has("rate") {
        Part::Escalation
    } else if has("template") {
        Part::Templates
    } else if any(&["checklist", "monitoring"]) {
        Part::Checklists
    } else if any(&["metric", "kpi", "target", "sla"]) {
        Part::Metrics
    } else if any(&["access", "permission"]) {
        Part::Access
    } else if has("contact") {
        Part::EmergencyContacts
    } else if has("status") && any(&["system", "page", "link"]) {
        Part::SystemStatus
    } else if any(&["issue", "problem"]) {
        Part::Entries(EntryKind::Issue)
    } else if has("version") || (has("document") && any(&["history", "information", "control"])) {
        Part::Document
    } else if has("track") {
        Part::Tracked
    } else {
        return None;
    };
    Some(part)
}

/// A heading's words without plural.
fn stems(heading: &str) -> Vec<String> {
    words(heading)
        .into_iter()
        .map(|word| match word.strip_suffix('s') {
            Some(rest) if !rest.ends_with('s') && rest != "statu" => rest.to_owned(),
            _ => word,
        })
        .collect()
}

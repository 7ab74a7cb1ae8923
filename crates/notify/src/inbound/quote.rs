//! What a reply says itself: without the mail that it answers and without its
//! signature. Where that leaves nothing, everything is kept.

/// A signature longer than this is no signature.
const SIGNATURE_LINES: usize = 12;

/// The writer's own words.
pub(super) fn trim(text: &str) -> String {
    let all: Vec<&str> = text.lines().map(str::trim_end).collect();
    let cut = (0..all.len()).find(|&at| begins_old_mail(&all, at));
    let (own, _old) = all.split_at(cut.unwrap_or(all.len()));
    let own = without_signature(without_quotes(own));
    let own = own.join("\n").trim().to_owned();
    if own.is_empty() {
        text.trim().to_owned()
    } else {
        own
    }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether everything from this line on is the old mail, unmarked, as Outlook
/// has it: a separator, or the old mail's headers.
fn begins_old_mail(lines: &[&str], at: usize) -> bool {
    let line = |n: usize| {
        let line = lines.get(at + n).copied().unwrap_or_default();
        line.trim().trim_start_matches('*').to_lowercase()
    };
    let first = line(0);
    if first.starts_with("-----") {
        return first.contains("original message") || first.contains("forwarded message");
    }
    let names = |text: &str, names: &[&str]| names.iter().any(|name| text.starts_with(name));
    names(&first, &["from:", "von:", "de:"])
        && (1..4).any(|n| names(&line(n), &["sent:", "date:", "gesendet:", "envoyé", "to:"]))
        && (2..6).any(|n| names(&line(n), &["subject:", "betreff:", "objet", "asunto"]))
}

/// Quoted lines go from the first attribution on, and at the end. Others stay:
/// `> ` also begins what people paste.
fn without_quotes<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut attributed = false;
    for (at, line) in lines.iter().enumerate() {
        if !is_quoted(line) {
            kept.push(line);
            continue;
        }
        let begins = at == 0 || !lines.get(at - 1).copied().is_some_and(is_quoted);
        if begins && drop_attribution(&mut kept) {
            attributed = true;
        }
        if !attributed {
            kept.push(line);
        }
    }
    while let Some(last) = kept.last() {
        if !last.is_empty() && !is_quoted(last) {
            break;
        }
        kept.pop();
    }
    if kept.last().is_some_and(|line| says_who_wrote(line)) {
        kept.pop();
    }
    kept
}

/// Takes `On Mon, 23 Nov 2026, Runbook Desk <desk@example.com> wrote:` off the
/// end, in any language: a line that ends with a colon and names an address or
/// a year, perhaps wrapped over two.
fn drop_attribution(kept: &mut Vec<&str>) -> bool {
    let filled = kept.iter().rposition(|line| !line.is_empty());
    let Some(at) = filled else {
        // Nothing before the quote: it stands on top.
        return true;
    };
    if kept.len() - at > 2 {
        return false;
    }
    let last = kept.get(at).copied().unwrap_or_default();
    if !last.ends_with(':') {
        return false;
    }
    let names =
        |line: &str| line.contains('@') || line.chars().filter(char::is_ascii_digit).count() >= 4;
    let before = at.checked_sub(1).and_then(|at| kept.get(at)).copied();
    if names(last) || says_who_wrote(last) {
        kept.truncate(at);
        // `On Mon, 23 Nov 2026 at 12:00,` stands on a line of its own.
        if before.is_some_and(|line| line.starts_with("On ") && !line.ends_with(['.', ':'])) {
            kept.truncate(at - 1);
        }
        return true;
    }
    if before.is_some_and(|line| !line.is_empty() && names(line)) {
        kept.truncate(at - 1);
        return true;
    }
    false
}

fn says_who_wrote(line: &str) -> bool {
    line.starts_with("On ") && line.ends_with("wrote:")
}

/// The lines before `-- `, if what follows can be a signature.
fn without_signature(mut lines: Vec<&str>) -> Vec<&str> {
    let mark = lines.iter().rposition(|line| *line == "--");
    if let Some(at) = mark.filter(|at| lines.len() - at <= SIGNATURE_LINES) {
        lines.truncate(at);
    }
    lines
}

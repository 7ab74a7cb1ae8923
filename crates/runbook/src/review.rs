//! What is wrong with a runbook that was read: gaps and contradictions.

mod access;
mod contradiction;
mod missing;
mod reach;
mod slug;
mod unfilled;

use crate::{
    markdown::{Oddity, Source},
    parts::Runbook,
    problems::Problems,
};

/// Reports what of the document itself is odd.
pub(crate) fn document(
    source: &Source,
    oddities: Vec<(usize, Oddity)>,
    problems: &mut Problems<'_>,
) {
    let repairs = &source.repairs;
    if repairs.count > 0 {
        let lost = match repairs.lost {
            0 => String::new(),
            lost => {
                format!("; {lost} of them had lost bytes, where what cannot be told was left out")
            }
        };
        let message = format!(
            "{} characters were UTF-8 read in another code page and are repaired here{lost}",
            repairs.count
        );
        problems.note("mojibake_repaired", repairs.first, message);
    }
    for (offset, oddity) in oddities {
        match oddity {
            Oddity::UnclosedFence => problems.error(
                "unclosed_code",
                offset,
                "this code block has no closing fence, so what follows is taken for code".to_owned(),
            ),
            Oddity::UnclosedComment => problems.error(
                "unclosed_comment",
                offset,
                "this comment has no “-->”, so what follows has no effect".to_owned(),
            ),
            Oddity::Html => problems.warning(
                "html_not_read",
                offset,
                "HTML is not read; write it as Markdown".to_owned(),
            ),
            Oddity::TooDeep => problems.warning(
                "nested_too_deep",
                offset,
                "from here on lists are nested too deeply and read as flat".to_owned(),
            ),
            Oddity::UnusedDefinition => problems.warning(
                "unused_link_definition",
                offset,
                "Markdown takes this for the definition of a link that no text uses, so it has no effect"
                    .to_owned(),
            ),
        }
    }
}

/// Reviews the parts and how they fit each other.
pub(crate) fn runbook(runbook: &Runbook, problems: &mut Problems<'_>) {
    missing::review(runbook, problems);
    slug::review(runbook, problems);
    contradiction::review(runbook, problems);
    reach::review(runbook, problems);
    unfilled::review(runbook, problems);
    access::review(runbook, problems);
}

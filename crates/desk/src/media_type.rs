//! What a file is, by its content alone.

/// The media types that are taken: pictures, short films, documents, archives
/// of logs, and text. Nothing that a browser or a desktop would run.
pub(crate) const TAKEN: [&str; 11] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heif",
    "video/mp4",
    "video/webm",
    "application/pdf",
    "application/zip",
    "application/gzip",
];

/// Text of any kind, HTML and scripts too, is shown as what it is: text.
const TEXT: &str = "text/plain";

/// The media type of a content, if it is among those that are taken.
pub(crate) fn media_type(content: &[u8]) -> Option<&'static str> {
    let found = infer::get(content).map(|found| found.mime_type());
    if let Some(taken) = TAKEN.iter().find(|taken| Some(**taken) == found) {
        return Some(taken);
    }
    is_text(content).then_some(TEXT)
}

fn is_text(content: &[u8]) -> bool {
    // Logs have tabs, line ends, form feeds and colours.
    let shown = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}');
    std::str::from_utf8(content).is_ok_and(|text| text.chars().all(shown))
}

#[cfg(test)]
mod tests;

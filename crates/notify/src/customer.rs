//! A notice to the reporter as texts, for customers: nothing of levels, rules
//! and what the team says among itself.

use askama::Template;
use ticketing::NoticeKind;

use crate::{
    clean::{lines, one_line},
    look::Look,
    message::{self, Message},
    notice::Subject,
};

/// How much of an answer is mailed, in characters.
const ANSWER: usize = 8000;
/// How much of what they sent is quoted.
const EXCERPT: usize = 2000;

#[derive(Template)]
#[template(path = "customer.txt")]
struct TextPage<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "customer.html")]
struct HtmlPage<'a> {
    page: &'a Page,
}

/// What the templates show; every text is clean.
struct Page {
    key: String,
    title: String,
    greeting: String,
    what: &'static str,
    answer: Option<String>,
    sent: Option<String>,
    feedback: Option<String>,
    after: &'static str,
    replies: bool,
}

/// Writes a notice to the reporter in the desk's look.
pub(crate) fn write(about: &Subject<'_>, look: &Look) -> Message {
    let page = Page::of(about, look);
    let envelope = &about.envelope;
    // The receipt opens the thread, what follows belongs to it.
    let re = match about.notice.kind {
        NoticeKind::Received => "",
        _ => "Re: ",
    };
    let subject = format!("{re}[{}] {}", page.key, page.title);
    // The templates only read fields; writing into a string cannot fail.
    let text = TextPage { page: &page }.render().unwrap_or_default();
    let html = HtmlPage { page: &page }.render().unwrap_or_default();
    Message {
        id: envelope.id,
        about: page.key,
        subject: one_line(&subject, 160),
        text,
        html,
        message_id: envelope.message_id(look),
        // A thread of its own: what the team writes to each other must not
        // meet it in anybody's mailbox.
        thread_id: Some(format!("<customer.{}@{}>", about.ticket.id, look.domain())),
        reply_to: look.reply_to.clone(),
        link: page.feedback,
        page: message::Page::default(),
        at: envelope.at,
    }
}

impl Page {
    fn of(about: &Subject<'_>, look: &Look) -> Self {
        let (ticket, kind) = (about.ticket, about.notice.kind);
        let answer = (kind == NoticeKind::Answered).then(|| lines(&about.notice.reason, ANSWER));
        let sent = (kind == NoticeKind::Received).then(|| lines(&ticket.details.body(), EXCERPT));
        let name = ticket.reporter.name.as_deref();
        let name = name.map(|name| one_line(name, 80));
        let name = name.filter(|name| !name.is_empty());
        Self {
            key: ticket.number.to_string(),
            title: one_line(&ticket.title, 120),
            greeting: name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},")),
            what: what(kind),
            answer,
            sent,
            feedback: about.feedback.and_then(|path| look.url(path)),
            after: after(kind),
            replies: look.reply_to.is_some(),
        }
    }
}

const fn what(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Answered => "We have an answer for you:",
        NoticeKind::Solved => "We believe that this is solved now.",
        _ => "Thank you for writing to us. We have received your message and are looking into it.",
    }
}

const fn after(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Solved => "If it is not solved",
        _ => "If you want to add something",
    }
}

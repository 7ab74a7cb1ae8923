//! A mail server of which every mail must be expected: one that nobody spoke of
//! fails the test, also one that comes at its very end.

use std::thread;

use super::{
    desk::TestDesk,
    smtp::{Received, SmtpSink},
};

/// The sink and how far its mails were looked at.
pub(crate) struct Mailbox {
    pub(crate) sink: SmtpSink,
    seen: usize,
}

impl Mailbox {
    pub(crate) async fn open() -> Self {
        Self {
            sink: SmtpSink::open().await,
            seen: 0,
        }
    }

    /// Delivers what is due, and holds that exactly these mails came, in any
    /// order: to whom, and a part of the subject. Answers them in that order.
    #[track_caller]
    pub(crate) fn expects<'a>(
        &'a mut self,
        desk: &'a TestDesk,
        wanted: &'a [(&str, &str)],
    ) -> impl Future<Output = Vec<Received>> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            desk.deliver().await;
            let mut came = self.sink.received().split_off(self.seen);
            self.seen += came.len();
            let told: Vec<_> = came.iter().map(line).collect();
            let mut found = Vec::new();
            for (to, subject) in wanted {
                let place = came.iter().position(|mail| {
                    mail.to == *to && mail.header("Subject").unwrap().contains(subject)
                });
                let place = place.unwrap_or_else(|| {
                    panic!("{caller}: no mail to {to} about {subject:?}; there came {told:#?}")
                });
                found.push(came.remove(place));
            }
            assert!(
                came.is_empty(),
                "{caller}: more came than {wanted:?}: {told:#?}"
            );
            found
        }
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let rest = self.sink.received().split_off(self.seen);
        if !thread::panicking() && !rest.is_empty() {
            let told: Vec<_> = rest.iter().map(line).collect();
            panic!("nobody expected {told:#?}");
        }
    }
}

fn line(mail: &Received) -> String {
    format!(
        "{}: {}",
        mail.to,
        mail.header("Subject").unwrap_or_default()
    )
}

impl Received {
    /// The text as it reads: soft line breaks joined.
    pub(crate) fn text(&self) -> String {
        self.raw.replace("=\r\n", "").replace("=3D", "=")
    }
}

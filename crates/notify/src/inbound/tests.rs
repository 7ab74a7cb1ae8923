use proptest::prelude::*;

use super::{MailFault, ReceivedMail};

fn read(raw: &str) -> ReceivedMail {
    ReceivedMail::read(raw.replace('\n', "\r\n").as_bytes()).unwrap()
}

const MULTIPART: &str = "From: =?utf-8?q?S=C3=ADta?= <Sita@Example.com>
To: desk@example.com
Subject: =?utf-8?b?Q2Fubm90IHBheSDwn5iA?=
Message-ID: <one@example.com>
In-Reply-To: <b@desk.example>
References: <a@desk.example>
 <b@desk.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"outer\"

preamble
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Caf=E9 is closed
--inner
Content-Type: text/html

<p>Not this</p>
--inner--
--outer
Content-Type: text/plain; name=\"log.txt\"
Content-Disposition: attachment; filename=\"log.txt\"
Content-Transfer-Encoding: base64

aGVsbG8=
--outer--
";

#[test]
fn headers_bodies_and_files_are_read() {
    let mail = read(MULTIPART);
    let from = mail.from.unwrap();
    assert_eq!(from.name.as_deref(), Some("Síta"));
    assert_eq!(from.address, "Sita@Example.com");
    assert_eq!(mail.subject, "Cannot pay 😀");
    assert_eq!(mail.message_id.as_deref(), Some("one@example.com"));
    assert_eq!(mail.references, ["b@desk.example", "a@desk.example"]);
    assert_eq!(mail.text, "Café is closed");
    assert_eq!(mail.automatic, None);
    assert_eq!(mail.files.len(), 1);
    assert_eq!(mail.files[0].name, "log.txt");
    assert_eq!(mail.files[0].content, b"hello");
}

#[test]
fn html_alone_is_turned_to_text_with_its_quotes_marked() {
    let mail = read(
        "From: a@example.com\nContent-Type: text/html; charset=utf-8\n\n\
         <html><head><title>x</title><style>p{}</style></head><body><p>It is <b>broken</b> &amp; \
         slow.</p><ul><li>one</li><li>two</li></ul><div>On 23 Nov 2026, Desk &lt;d@example.com&gt; wrote:</div>\
         <blockquote><p>Hello</p><blockquote>deep</blockquote></blockquote><script>alert(1)</script>",
    );
    assert_eq!(
        mail.text,
        "It is broken & slow.\n\n- one\n- two\nOn 23 Nov 2026, Desk <d@example.com> wrote:\n> Hello\n>\n>> deep"
    );
    assert_eq!(mail.reply, "It is broken & slow.\n\n- one\n- two");
}

#[test]
fn replies_lose_quotes_and_signature_and_nothing_else() {
    let cases = [
        (
            "Yes.\n\nOn Mon, 23 Nov 2026, Desk <d@x.np> wrote:\n> Did it help?\n",
            "Yes.",
        ),
        (
            "Yes.\n\nOn Mon, 23 Nov 2026 at 12:00,\nDesk <d@x.np> wrote:\n\n> Did it?\n> Or?",
            "Yes.",
        ),
        (
            "Am 23.11.2026 schrieb Desk:\n> A?\nNo.\n> B?\nYes.\n-- \nSita",
            "No.\nYes.",
        ),
        ("> A?\n\nBelow.", "Below."),
        (
            "Ja\n\n-----Original Message-----\nFrom: x\n\nold words",
            "Ja",
        ),
        (
            "Ok\n\nFrom: Desk <d@x.np>\nSent: Monday\nTo: me\nSubject: Re: T-1\n\nold",
            "Ok",
        ),
        (
            "I ran\n> npm start\nand it failed",
            "I ran\n> npm start\nand it failed",
        ),
        ("Thanks\n-- \nSita\nPhone 1", "Thanks"),
        ("> only a quote", "> only a quote"),
        ("Two things:\nfirst\nsecond", "Two things:\nfirst\nsecond"),
        ("Why:\n\n\n> x\nbecause", "Why:\n\n\n> x\nbecause"),
    ];
    for (text, expected) in cases {
        let mail = read(&format!("From: a@x.np\nSubject: s\n\n{text}\n"));
        assert_eq!(mail.reply, expected, "{text:?}");
    }
}

#[test]
fn what_no_person_wrote_says_why() {
    let automatic = [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: bulk",
        "Precedence: List",
        "List-Id: News <news.example.com>",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
    ];
    for header in automatic {
        let mail = read(&format!("{header}\nFrom: a@x.np\n\nhello\n"));
        assert!(mail.automatic.is_some(), "{header}");
    }
    for header in [
        "Auto-Submitted: no",
        "Auto-Submitted: No; x",
        "Precedence: normal",
        "Return-Path: <a@x.np>",
    ] {
        let mail = read(&format!("{header}\nFrom: a@x.np\n\nhello\n"));
        assert_eq!(mail.automatic, None, "{header}");
    }
}

pub(super) const BOUNCE: &str = "Return-Path: <>
From: MAILER-DAEMON@mx.example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example.com>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; gone@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>:
    no such user
--b
Content-Type: message/rfc822

From: desk@example.com
Message-ID: <0193e1a0-0000-7000-8000-000000000001@example.com>
Subject: hello

hello
--b--
";

#[test]
fn a_bounce_names_the_mail_and_the_reason() {
    let report = read(BOUNCE).report.unwrap();
    assert!(report.failed);
    assert_eq!(
        report.about,
        ["0193e1a0-0000-7000-8000-000000000001@example.com"]
    );
    assert_eq!(
        report.reason,
        "gone@example.com, failed, 5.1.1, 550 5.1.1 <gone@example.com>: no such user"
    );
    let delayed = read(&BOUNCE.replace("Action: failed", "Action: delayed"));
    assert!(!delayed.report.unwrap().failed);
}

#[test]
fn bombs_are_refused_and_oddities_are_read() {
    let refused = |raw: Vec<u8>| -> MailFault { ReceivedMail::read(&raw).unwrap_err() };
    assert_eq!(
        refused(Vec::new()).to_string(),
        "the message has no headers"
    );
    refused(format!("From: a@x.np\nX: {}\n\nhi", "y".repeat(300 << 10)).into_bytes());
    refused(format!("From: a@x.np\n{}\nhi", "X-Y: z\n".repeat(60_000)).into_bytes());

    let mut deep = String::from("From: a@x.np\n");
    for level in 0..100 {
        deep += &format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    }
    refused(deep.into_bytes());
    let many = format!(
        "From: a@x.np\nContent-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n\nx\n".repeat(500)
    );
    refused(many.into_bytes());

    // A million messages in messages are one file.
    let nested = format!(
        "From: a@x.np\n{}",
        "Content-Type: message/rfc822\n\n".repeat(1_000_000)
    );
    assert_eq!(
        ReceivedMail::read(nested.as_bytes()).unwrap().files.len(),
        1
    );

    let mail = read("From: a@x.np\nContent-Type: text/plain; charset=klingon\n\nhi\n");
    assert_eq!(mail.text, "hi");
    let raw = b"From: a@x.np\n\nnot utf-8: \xff\xfe and NUL \0 here";
    let mail = ReceivedMail::read(raw).unwrap();
    assert!(!mail.text.contains('\0'));
    let mail = read("From: a@x.np\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ncut off");
    assert_eq!(mail.text, "cut off");
    let mail = read("From: a@x.np\nSubject: =?utf-8?q?a=0D=0ABcc:_x?=\n\nhi\n");
    assert!(!mail.subject.contains(['\r', '\n']));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_mutation_makes_the_reader_panic(
        bounce in any::<bool>(),
        cuts in prop::collection::vec((0.0..1.0f64, any::<u8>(), 0usize..40), 0..12),
    ) {
        let text = if bounce { BOUNCE } else { MULTIPART };
        let mut raw = text.replace('\n', "\r\n").into_bytes();
        for (place, byte, kind) in cuts {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
            let at = (place * raw.len() as f64) as usize;
            match kind {
                0..10 => raw.insert(at, byte),
                10..20 if at < raw.len() => { raw.remove(at); }
                20..30 if at < raw.len() => raw[at] = byte,
                30..35 => raw.truncate(at),
                _ => { let part = raw[at / 2..at].to_vec(); raw.splice(at..at, part); }
            }
        }
        let _ = ReceivedMail::read(&raw);
    }
}

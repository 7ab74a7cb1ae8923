use super::{pasted_form, subject_ticket, title};
use crate::TicketNumber;

#[test]
fn a_subject_names_its_ticket() {
    for (subject, number) in [
        ("Re: [T-1042] escalated to level 3", Some(1042)),
        ("t-7", Some(7)),
        ("AW: T-12: still broken", Some(12)),
        ("T-0", None),
        ("T-", None),
        ("T-12x", None),
        ("XT-12", None),
        ("PART-12", None),
        ("T-99999999999999999999", None),
        ("", None),
    ] {
        assert_eq!(
            subject_ticket(subject),
            number.map(TicketNumber),
            "{subject:?}"
        );
    }
}

#[test]
fn a_title_is_the_subject_or_the_first_line() {
    assert_eq!(title("Re: Fwd: AW: Cannot pay", "x"), "Cannot pay");
    assert_eq!(title("Error: 502", "x"), "Error: 502");
    assert_eq!(title(" Re: ", "\n\nIt broke\ntoday"), "It broke");
    assert_eq!(title("", ""), "(no subject)");
    assert_eq!(title(&"é".repeat(500), "").chars().count(), 200);
}

#[test]
fn a_form_begins_at_its_title() {
    let text = "Hello,\nplease see:\n\n**Title**: Cannot pay\nSeverity: High";
    assert_eq!(
        pasted_form(text).unwrap(),
        "**Title**: Cannot pay\nSeverity: High"
    );
    assert_eq!(pasted_form("Title of my book: x"), None);
    assert_eq!(pasted_form(""), None);
}

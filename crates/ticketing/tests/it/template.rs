//! Pasted templates: what is read, and what is named when it is wrong.

use ticketing::{Kind, read_form};

fn templates() -> runbook::Templates {
    let source = include_str!("../../../../runbook/customer-support.md");
    let today = "2026-11-22".parse().unwrap();
    runbook::parse(source, today).runbook.templates
}

const FILLED: &str = "Title: Cannot pay
Severity: High
Affected Users: Single user
Steps to Reproduce:
1. Fill the cart
2) Press Pay
- Wait
Expected: An order
Actual: An error
with two lines
Browser/Device: Chrome
Screenshots:
";

#[test]
fn a_filled_bug_template_becomes_a_request() {
    let form = read_form(FILLED, &templates()).unwrap();
    assert_eq!(form.kind, Kind::Bug);
    let request = form.to_request();
    assert_eq!(request["severity"], "high");
    assert_eq!(request["affected_users"], "single user");
    assert_eq!(
        request["steps_to_reproduce"],
        serde_json::json!(["Fill the cart", "Press Pay", "Wait"])
    );
    assert_eq!(request["actual"], "An error\nwith two lines");
    assert!(request.get("screenshots").is_none());
    assert_eq!(form.line_of("actual"), 9);
    assert_eq!(form.line_of("missing"), 1);
}

#[test]
fn labels_are_read_in_bold_in_any_case_and_inside_a_code_fence() {
    let text = "```\n**TITLE**: x\n- severity: Low\n**Actual:** y\n```\n";
    let request = read_form(text, &templates()).unwrap().to_request();
    assert_eq!(
        (&request["title"], &request["severity"], &request["actual"]),
        (&"x".into(), &"low".into(), &"y".into())
    );
}

#[test]
fn the_unfilled_form_has_no_values() {
    for template in [templates().bug.unwrap(), templates().feature.unwrap()] {
        let form = read_form(&template.form, &templates()).unwrap();
        let request = form.to_request();
        assert_eq!(request.as_object().unwrap().len(), 1, "{request}");
    }
}

#[test]
fn a_feature_request_is_told_by_its_labels() {
    let text = "Title: Dark mode\nRequested By: Customer (Sita)\nUse Case: Night\nPriority: Low\n";
    let form = read_form(text, &templates()).unwrap();
    assert_eq!(form.kind, Kind::Feature);
    let by = form.to_request()["requested_by"].clone();
    assert_eq!(by, serde_json::json!({"type": "customer", "name": "Sita"}));
}

#[test]
fn text_before_the_labels_a_repeated_label_and_no_template_are_named_with_their_line() {
    let faults = |text: &str| -> Vec<(u32, String)> {
        let faults = read_form(text, &templates()).unwrap_err();
        faults
            .into_iter()
            .map(|fault| (fault.line, fault.field))
            .collect()
    };
    assert_eq!(
        faults("hello\nTitle: x\nSeverity: Low\n"),
        [(1, "title".to_owned())]
    );
    assert_eq!(
        faults("Title: x\nSeverity: Low\nTitle: y\n"),
        [(3, "title".to_owned())]
    );
    assert_eq!(faults("just words"), [(1, "title".to_owned())]);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,400}") {
        let _ = read_form(&text, &templates()).map(|form| form.to_request());
    }
}

use super::{Prediction, classification_measures, read_samples, report};
use crate::Triage;

const RUNBOOK: &str = "# D\n\n## COMMON CUSTOMER ISSUES\n\n### Issue #1: \"I Can't Login\"\n\n**Symptoms**: Login fails\n";

fn measure(lines: &str) -> super::Measures {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    let triage = Triage::new(&runbook::parse(RUNBOOK, today).runbook);
    report(&triage, &read_samples(lines).unwrap()).sum
}

fn line(body: &str, expected: &str) -> String {
    format!(
        "{{\"id\":\"x\",\"kind\":\"bug\",\"title\":\"\",\"body\":\"{body}\",\"expected\":{expected},\"style\":\"plain\"}}\n"
    )
}

#[test]
fn measures_count_what_they_say() {
    let lines = [
        line(
            "I cannot log in",
            r#"{"entry":"i-cant-login","acceptable":[],"level":1}"#,
        ),
        line(
            "do you have a vacancy for a job",
            r#"{"entry":null,"acceptable":[],"level":2,"levels_ok":[1,2]}"#,
        ),
        line(
            "I cannot log in",
            r#"{"entry":null,"acceptable":["i-cant-login"],"level":3}"#,
        ),
        line(
            "I cannot log in",
            r#"{"entry":null,"acceptable":[],"level":4}"#,
        ),
    ]
    .concat();
    let measures = measure(&lines);
    assert_eq!(measures.n, 4);
    assert_eq!(measures.top1, Some(1.0));
    assert_eq!(measures.all, Some(0.75));
    assert_eq!(measures.none_precision, Some(1.0));
    assert_eq!(measures.none_recall, Some(2.0 / 3.0));
    assert_eq!(measures.level_accuracy, Some(0.5));
    assert_eq!(measures.l3_recall, Some(0.0));
    assert_eq!(measures.l3_precision, None);
    assert_eq!(measures.l4_recall, Some(0.0));
}

#[test]
fn a_bad_line_is_named() {
    let (line, _) = read_samples("\n{\"id\":1}\n").unwrap_err();
    assert_eq!(line, 2);
}

#[test]
fn classification_counts_the_first_and_the_first_three() {
    let measures = classification_measures(&[
        Prediction {
            expected: "a",
            ranked: vec!["a", "b"],
        },
        Prediction {
            expected: "a",
            ranked: vec!["b", "c", "a"],
        },
        Prediction {
            expected: "a",
            ranked: vec!["b", "c", "d", "a"],
        },
    ]);
    assert_eq!(measures.accuracy, Some(1.0 / 3.0));
    assert_eq!(measures.top3, Some(2.0 / 3.0));
}

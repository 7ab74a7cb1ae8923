//! The shipped runbook has the facts of the first user's.

use runbook::{Entry, Runbook, Step};

use super::{original, rules, shipped};

#[test]
fn both_documents_say_the_same() {
    let Some(original) = original() else { return };
    let shipped = shipped();
    let (a, b) = (&original.runbook, &shipped.runbook);
    assert_eq!(a.entries.len(), b.entries.len());
    for (a, b) in a.entries.iter().zip(&b.entries) {
        assert_eq!(outline(a), outline(b));
    }
    assert_eq!(a.levels.len(), b.levels.len());
    for (a, b) in a.levels.iter().zip(&b.levels) {
        assert_eq!((a.level, &a.name), (b.level, &b.name));
        assert_eq!(a.handles.len(), b.handles.len());
        assert_eq!(durations(a), durations(b));
        let told = |spec: &runbook::LevelSpec| {
            spec.contacts
                .iter()
                .map(|reach| reach.any_of.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(told(a), told(b));
    }
    assert_eq!(rules(a), rules(b));
    assert_eq!(without_lines(&a.targets), without_lines(&b.targets));
    assert_eq!(
        without_lines(&a.status_links),
        without_lines(&b.status_links)
    );
    assert_eq!(without_lines(&a.tracked), without_lines(&b.tracked));
    assert_eq!(without_lines(&a.access), without_lines(&b.access));
    let shape = |runbook: &Runbook| {
        let lists = runbook.checklists.iter();
        lists
            .map(|list| (list.period, list.items.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(shape(a), shape(b));
    let forms = |runbook: &Runbook| {
        let forms = [&runbook.templates.bug, &runbook.templates.feature];
        let fields = forms
            .into_iter()
            .flatten()
            .flat_map(|form| form.fields.clone());
        fields
            .map(|field| (field.label, field.name, field.allowed, field.list))
            .collect::<Vec<_>>()
    };
    assert_eq!(forms(a), forms(b));
}

/// An entry's facts and the shape of its prose.
fn outline(entry: &Entry) -> impl PartialEq + std::fmt::Debug {
    let queries: Vec<(Vec<String>, bool)> = entry
        .queries
        .iter()
        .map(|query| (sql_words(&query.sql), query.writes))
        .collect();
    (
        (
            entry.slug.clone(),
            entry.kind,
            entry.number,
            entry.title.clone(),
        ),
        entry.title_note.clone(),
        (entry.symptoms.len(), entry.causes.len(), queries),
        shape(&entry.steps),
        entry.fix.as_ref().map(|fix| shape(&fix.steps)),
        (entry.problem.is_some(), entry.workaround.is_some()),
        entry.answer.as_ref().map(|answer| answer.placeholder),
    )
}

fn shape(steps: &[Step]) -> Vec<usize> {
    steps.iter().map(|step| step.steps.len()).collect()
}

fn sql_words(sql: &str) -> Vec<String> {
    sql.split_whitespace().map(str::to_lowercase).collect()
}

fn durations(spec: &runbook::LevelSpec) -> Vec<Option<u64>> {
    let triggers = spec.triggers.iter();
    triggers
        .map(|trigger| trigger.lasting_longer_than_seconds)
        .collect()
}

/// A part as JSON without its lines.
pub(crate) fn without_lines(part: &impl serde::Serialize) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                map.remove("line");
                map.values_mut().for_each(strip);
            }
            serde_json::Value::Array(list) => list.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(part).unwrap();
    strip(&mut value);
    value
}

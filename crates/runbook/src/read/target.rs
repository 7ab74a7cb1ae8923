//! Success metrics: targets and what else to track.

use crate::{
    markdown::{Field, Label, Line},
    parts::{Runbook, Target, TargetMetric},
    problems::Problems,
    words::{excerpt, key, words},
};

use super::{
    amount::{Amount, Bound, bound},
    content, is_placeholder, leftover,
    section::Chunk,
};

/// Reads `- **First Response Time**: < 2 hours`.
pub(crate) fn read(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for field in chunk.fields(&|key| metric(key).is_some()) {
        let Some(label) = field.label.clone() else {
            unlabelled(&field, runbook, problems);
            continue;
        };
        let Some(metric) = metric(&label.key) else {
            leftover(&field, runbook, problems);
            continue;
        };
        let text = content::prose(&field, problems.source).map(|clause| clause.text);
        let place = field.rest.as_ref().map_or(label.offset, |rest| rest.offset);
        let stated = Line::plain(&text.unwrap_or_default(), place);
        if let Some(target) = target(metric, &label, &stated, problems) {
            keep(target, &stated, runbook, problems);
        }
    }
}

/// Reads the bullets of `### Track These:`.
pub(crate) fn tracked(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for field in chunk.fields(&|_| false) {
        if field.label.is_some() {
            leftover(&field, runbook, problems);
            continue;
        }
        let (bullets, prose) = content::bullets(&field, problems.source);
        runbook.tracked.extend(bullets);
        if let Some(prose) = prose {
            leftover(&prose, runbook, problems);
        }
    }
}

/// A bullet without a known label is a metric that nothing measures.
fn unlabelled(field: &Field, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let (bullets, prose) = content::bullets(field, problems.source);
    for bullet in bullets {
        problems.warning(
            "metric_not_understood",
            bullet.line,
            format!(
                "“{}” is none of first response, resolution, satisfaction and escalation rate",
                excerpt(&bullet.text)
            ),
        );
    }
    if let Some(prose) = prose {
        leftover(&prose, runbook, problems);
    }
}

fn metric(key: &str) -> Option<TargetMetric> {
    let has = |word: &str| key.split(' ').any(|one| one == word);
    if has("response") {
        Some(TargetMetric::FirstResponse)
    } else if has("escalation") && has("rate") {
        Some(TargetMetric::EscalationRate)
    } else if has("satisfaction") || has("csat") {
        Some(TargetMetric::Satisfaction)
    } else if has("resolution") && !has("rate") {
        Some(TargetMetric::Resolution)
    } else {
        None
    }
}

fn target(
    metric: TargetMetric,
    label: &Label,
    stated: &Line,
    problems: &mut Problems<'_>,
) -> Option<Target> {
    let (text, mut only) = without_brackets(&stated.text);
    only.extend(without_brackets(&label.text).1);
    if is_placeholder(&stated.text) {
        problems.warning(
            "placeholder",
            stated.offset,
            format!("the target of “{}” is not filled in", excerpt(&label.text)),
        );
        return None;
    }
    let time = matches!(
        metric,
        TargetMetric::FirstResponse | TargetMetric::Resolution
    );
    let upper = metric != TargetMetric::Satisfaction;
    let value = |bound: &Bound| match bound.amount {
        Amount::Seconds(seconds) if time && seconds > 0 => Some(seconds),
        Amount::Percent(percent) if !time && percent <= 100 => Some(percent),
        _ => None,
    };
    let understood = bound(&text)
        .filter(|bound| bound.above != Some(upper))
        .and_then(|bound| Some((value(&bound)?, bound)));
    let Some((value, bound)) = understood else {
        let example = match (time, upper) {
            (true, _) => "< 2 hours",
            (false, true) => "< 10%",
            (false, false) => "> 90%",
        };
        problems.warning(
            "target_not_understood",
            stated.offset,
            format!(
                "“{}” is no target such as “{example}”",
                excerpt(&stated.text)
            ),
        );
        return None;
    };
    if bound.above.is_none() || bound.or_equal {
        problems.note(
            "target_taken_strictly",
            stated.offset,
            format!(
                "“{}” is taken as strictly {} it",
                excerpt(&stated.text),
                if upper { "below" } else { "above" }
            ),
        );
    }
    let link = |word: &String| !matches!(word.as_str(), "for" | "on" | "in" | "tickets" | "issues");
    let remainder: Vec<String> = bound.remainder.into_iter().filter(link).collect();
    if !remainder.is_empty() {
        only.push(remainder.join(" "));
    }
    Some(Target {
        metric,
        above: !upper,
        value,
        only: (!only.is_empty()).then(|| only.join(", ")),
        line: problems.source.line(stated.offset),
    })
}

/// A text without its brackets, and what they say.
fn without_brackets(text: &str) -> (String, Vec<String>) {
    let (mut kept, mut inside) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        let (said, after) = after.split_once(')').unwrap_or((after, ""));
        inside.push(said.trim().to_owned());
        rest = after;
    }
    kept.push_str(rest);
    inside.retain(|said| !said.is_empty());
    (kept, inside)
}

/// Puts a target into its place: the first statement counts.
fn keep(mut target: Target, stated: &Line, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let of = |only: &Option<String>| only.as_deref().map(Urgency::of).unwrap_or(Urgency::All);
    let urgency = of(&target.only);
    let targets = &mut runbook.targets;
    let slot = match target.metric {
        TargetMetric::FirstResponse => &mut targets.first_response,
        TargetMetric::Resolution if urgency == Urgency::Critical => {
            &mut targets.critical_resolution
        }
        TargetMetric::Resolution => &mut targets.resolution,
        TargetMetric::Satisfaction => &mut targets.satisfaction,
        TargetMetric::EscalationRate => &mut targets.escalation_rate,
    };
    if let Some(first) = slot {
        problems.warning(
            "duplicate_target",
            stated.offset,
            format!(
                "“{}” is a second target; the one on line {} counts",
                excerpt(&stated.text),
                first.line
            ),
        );
        return;
    }
    let told = target.metric == TargetMetric::Resolution && urgency != Urgency::Other;
    if let Some(only) = target.only.take_if(|_| !told) {
        problems.warning(
            "condition_not_understood",
            stated.offset,
            format!(
                "no ticket can be told by “{}”, so the target holds for all",
                excerpt(&only)
            ),
        );
    }
    *slot = Some(target);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    All,
    Critical,
    NonCritical,
    Other,
}

impl Urgency {
    /// Which tickets a condition such as "non-critical" names.
    fn of(condition: &str) -> Self {
        let words = words(condition);
        let has = |word: &str| words.iter().any(|one| one == word);
        // A condition with a number of its own is a second target in disguise.
        if condition.contains(|c: char| c.is_ascii_digit()) {
            return Self::Other;
        }
        let excluded = has("non") || has("not") || has("except") || has("noncritical");
        match (has("critical") || has("noncritical"), excluded) {
            (true, false) => Self::Critical,
            (true, true) => Self::NonCritical,
            (false, _) if matches!(key(condition).as_str(), "all" | "any") => Self::All,
            (false, _) => Self::Other,
        }
    }
}

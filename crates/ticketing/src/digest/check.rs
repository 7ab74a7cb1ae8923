//! What a check of the runbook's checklist asks for, where it is something that
//! the desk knows by itself.
//!
//! A check is read by its words, of whatever runbook. In doubt it is none of the
//! desk's: a tick that nobody earned is worse than an open box.

/// Something that checks ask for and the desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// That tickets were looked at.
    Tickets,
    /// How often levels are raised.
    Escalations,
    /// How satisfied reporters are.
    Satisfaction,
    /// How long answers take.
    ResponseTimes,
    /// How long resolutions take.
    ResolutionTimes,
    /// Whether the targets are met.
    Targets,
    /// What is resolved and what is not.
    Progress,
    /// Which issues are the commonest.
    CommonIssues,
    /// That the runbook is brought up to date.
    Runbook,
    /// That its questions and answers are, where needed: only a person can say.
    Questions,
}

/// What a check is about, by the beginnings of its words; of each group of a row
/// one must occur. The first row that fits counts.
const MEANINGS: &[(Option<Check>, &[&[&str]])] = &[
    (Some(Check::Questions), &[&["faq"]]),
    (
        Some(Check::Runbook),
        &[
            &["runbook", "playbook"],
            &[
                "updat", "add", "revis", "extend", "complet", "maintain", "enter",
            ],
        ],
    ),
    (
        Some(Check::Escalations),
        &[
            &["escalat"],
            &[
                "metric",
                "rate",
                "figure",
                "number",
                "statistic",
                "trend",
                "count",
                "kpi",
            ],
        ],
    ),
    // Whether somebody went through each of them, nobody can see.
    (None, &[&["escalat"]]),
    (Some(Check::Satisfaction), &[&["satisf", "csat"]]),
    (
        Some(Check::ResponseTimes),
        &[
            &["respons", "respond", "answer", "repl"],
            &["time", "speed", "fast", "quick", "delay"],
        ],
    ),
    (
        Some(Check::ResolutionTimes),
        &[
            &["resol", "fix"],
            &["time", "speed", "fast", "quick", "delay"],
        ],
    ),
    (
        Some(Check::Targets),
        &[&[
            "sla", "target", "breach", "overdue", "complian", "deadline", "kpi", "metric",
        ]],
    ),
    (
        Some(Check::Progress),
        &[
            &["resolv", "clos"],
            &["unresolv", "open", "outstand", "unsolv", "pending"],
        ],
    ),
    (Some(Check::Progress), &[&["backlog"]]),
    (
        Some(Check::CommonIssues),
        &[
            &["common", "frequent", "recur", "top", "repeat", "popular"],
            &[
                "issue",
                "problem",
                "ticket",
                "question",
                "complaint",
                "topic",
                "request",
                "cause",
            ],
        ],
    ),
    (
        Some(Check::Tickets),
        &[
            &["ticket", "queue", "inbox"],
            &[
                "review", "check", "look", "go", "read", "triag", "process", "scan", "inspect",
                "handl", "work", "see", "sort",
            ],
        ],
    ),
];

/// Words that make it a matter of something else: another system, another team,
/// or a text about tickets.
const ELSEWHERE: &[&str] = &[
    "sentry",
    "datadog",
    "grafana",
    "kibana",
    "error",
    "log",
    "uptime",
    "site",
    "website",
    "page",
    "server",
    "database",
    "db",
    "backup",
    "disk",
    "cpu",
    "memory",
    "api",
    "deploy",
    "release",
    "certificate",
    "domain",
    "gateway",
    "payment",
    "checkout",
    "stock",
    "inventory",
    "shipping",
    "delivery",
    "email",
    "mail",
    "train",
    "teach",
    "staff",
    "employee",
    "hire",
    "sales",
    "revenue",
    "refund",
    "marketing",
    "security",
    "password",
    "access",
    "permission",
    "contact",
    "procedure",
    "policy",
    "policies",
    "matrix",
    "template",
    "form",
    "tool",
    "software",
    "licence",
    "license",
    "jira",
    "zendesk",
    "sprint",
    "query",
    "queries",
    "dashboard",
];

/// Words that ask for more than to look.
const BETTER: &[&str] = &[
    "improv", "reduc", "lower", "rais", "increas", "shorten", "better", "cut", "bring", "clear",
    "clean", "resolve", "close", "answer", "solve", "finish",
];

/// What a check asks for, and whether for more than to look at it. None: the
/// desk cannot know.
#[must_use]
pub fn check_of(text: &str) -> Option<(Check, Asked)> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let elsewhere = |word: &String| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        ELSEWHERE.contains(&word.as_str()) || ELSEWHERE.contains(&singular)
    };
    // "Train the team" and "training" are one.
    if words.iter().any(elsewhere) || begins(&words, &["train"]) {
        return None;
    }
    let fits = |groups: &&[&[&str]]| groups.iter().all(|group| begins(&words, group));
    let (check, _) = MEANINGS.iter().find(|(_, groups)| fits(groups))?;
    let better = words.iter().any(|word| {
        let begins = |begin: &&str| word.starts_with(*begin);
        // "Resolved" and "closed" tell of tickets, "resolve" and "close" ask.
        BETTER.iter().any(begins) && !word.ends_with("ed")
    });
    let asked = if better { Asked::Better } else { Asked::Look };
    Some(((*check)?, asked))
}

/// How much a check asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// That it is looked at.
    Look,
    /// That it becomes better.
    Better,
}

fn begins(words: &[String], any: &[&str]) -> bool {
    words
        .iter()
        .any(|word| any.iter().any(|begin| word.starts_with(begin)))
}

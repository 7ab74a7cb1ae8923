//! What the tickets of the demonstration say: the phrases that triage ships,
//! with orders, devices and what people add.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ticketing::{
    AffectedUsers, Bug, Details, Draft, Feature, Priority, RequestedBy, RequesterType, Severity,
};
use triage::{Saying, sayings};

use super::{chance::Chance, people};

/// What breaks when something does, by triage's topics.
const INCIDENTS: [&str; 4] = ["gateway_error", "site_down", "slow_site", "login_fails"];
/// What a wish is about.
const WISHES: &str = "feature_request";
/// Topics that seldom come.
const SELDOM: [&str; 12] = [
    "security_takeover",
    "security_others_data",
    "security_phishing",
    "security_vulnerability",
    "security_leak",
    "data_loss",
    "legal",
    "press",
    "site_down",
    "gateway_error",
    "bad_review_threat",
    "spam",
];
const DEVICES: [&str; 8] = [
    "Chrome on Android",
    "Chrome on Windows",
    "Safari on iPhone",
    "the Android app",
    "Firefox on Ubuntu",
    "Samsung Internet",
    "Edge on Windows",
    "Safari on a Mac",
];
const ADDED: [&str; 14] = [
    "",
    "It worked last week.",
    "I tried again after clearing the cache.",
    "Please help soon, it is for a wedding.",
    "Happens on the phone and on the computer.",
    "Please call me back.",
    "I have been a customer for years.",
    "Kripaya chito herdinus na.",
    "A friend has the same.",
    "I attach nothing, you can see it yourself.",
    "Who can I talk to about this?",
    "Sano kura ho tara dherai din bhayo.",
    "I need an answer today.",
    "Thanks for looking into it.",
];
const STEPS: [&str; 8] = [
    "Open the shop",
    "Log in",
    "Search for a kurta",
    "Put it into the cart",
    "Go to the checkout",
    "Choose a way to pay",
    "Press the button",
    "Wait",
];
const TAGS: [&str; 6] = ["mobile", "checkout", "orders", "vip", "vendor", "festival"];

/// The phrases, parted by how they come.
#[derive(Debug)]
pub(super) struct Texts {
    often: Vec<Saying>,
    seldom: Vec<Saying>,
    wishes: Vec<Saying>,
    incidents: Vec<Vec<Saying>>,
}

impl Texts {
    pub(super) fn new() -> Self {
        let mut texts = Self {
            often: Vec::new(),
            seldom: Vec::new(),
            wishes: Vec::new(),
            incidents: vec![Vec::new(); INCIDENTS.len()],
        };
        for saying in sayings() {
            if let Some(which) = INCIDENTS.iter().position(|topic| *topic == saying.topic)
                && let Some(incident) = texts.incidents.get_mut(which)
            {
                incident.push(saying);
            }
            if saying.topic == WISHES {
                texts.wishes.push(saying);
            } else if SELDOM.contains(&saying.topic) {
                texts.seldom.push(saying);
            } else {
                texts.often.push(saying);
            }
        }
        texts
    }

    /// A ticket; `incident` says which day's trouble it is about, if any.
    pub(super) fn draft(
        &self,
        chance: &mut Chance,
        at: DateTime<Utc>,
        incident: Option<u64>,
    ) -> Draft {
        let wish = incident.is_none() && chance.once_in(0.11);
        let saying = match incident {
            Some(day) => self.incident(chance, day),
            None if wish => chance.one_of(&self.wishes).copied(),
            None if chance.once_in(0.012) => chance.one_of(&self.seldom).copied(),
            None => chance.one_of(&self.often).copied(),
        };
        let saying = saying.unwrap_or(Saying {
            topic: "",
            title: "I have a question",
            body: None,
        });
        let body = body(&saying, chance, at);
        let nepali = body.contains("Kripaya") || body.contains("Sano");
        let details = if wish {
            Details::Feature(feature(body, chance))
        } else {
            Details::Bug(bug(body, chance, incident.is_some()))
        };
        let tags = chance.once_in(0.35).then(|| chance.word(&TAGS).to_owned());
        Draft {
            title: capitalised(saying.title),
            details,
            extra: BTreeMap::new(),
            reporter: people::reporter(chance, nepali),
            external_ref: None,
            tags: tags.into_iter().collect(),
            metadata: serde_json::Map::new(),
            masked: Vec::new(),
        }
    }

    fn incident(&self, chance: &mut Chance, day: u64) -> Option<Saying> {
        let kinds = self.incidents.len();
        let which = Chance::new(day, 1).below(kinds);
        chance.one_of(self.incidents.get(which)?).copied()
    }
}

/// A second copy of a text, as people write when nobody answers.
pub(super) fn again(draft: &Draft, chance: &mut Chance) -> Draft {
    let mut again = draft.clone();
    let more = chance.word(&ADDED);
    match &mut again.details {
        Details::Bug(bug) => bug.actual = format!("Again: {} {more}", bug.actual),
        Details::Feature(feature) => feature.use_case = format!("Again: {}", feature.use_case),
    }
    again.external_ref = None;
    again
}

fn body(saying: &Saying, chance: &mut Chance, at: DateTime<Utc>) -> String {
    let mut body = capitalised(saying.body.unwrap_or(saying.title));
    body.push('.');
    if chance.once_in(0.4) {
        let day = at - chance.around(2880.0);
        let number = chance.below(100_000);
        let order = format!(" My order is ORD-{}-{number:05}.", day.format("%Y%m%d"));
        body.push_str(&order);
    }
    if chance.once_in(0.15) {
        let amount = format!(" The amount was Rs {}.", 100 + chance.below(20_000));
        body.push_str(&amount);
    }
    for _ in 0..chance.below(3) {
        let added = chance.one_of(&ADDED).copied().unwrap_or_default();
        if !added.is_empty() {
            body.push(' ');
            body.push_str(added);
        }
    }
    body
}

fn bug(actual: String, chance: &mut Chance, of_incident: bool) -> Bug {
    let severity = match chance.below(100) {
        _ if of_incident && chance.once_in(0.3) => Severity::High,
        0 => Severity::Critical,
        1..=14 => Severity::High,
        15..=69 => Severity::Medium,
        _ => Severity::Low,
    };
    let steps = if chance.once_in(0.4) {
        STEPS.iter().take(2 + chance.below(6))
    } else {
        STEPS.iter().take(0)
    };
    Bug {
        severity,
        affected_users: chance.once_in(0.3).then(|| {
            let many = chance.once_in(0.1);
            AffectedUsers(if many { 2 + chance.below(40) as u32 } else { 1 })
        }),
        steps_to_reproduce: steps.map(|step| (*step).to_owned()).collect(),
        expected: chance.once_in(0.3).then(|| "It works as before".to_owned()),
        actual,
        browser_device: chance
            .once_in(0.6)
            .then(|| chance.word(&DEVICES).to_owned()),
        screenshots: Vec::new(),
    }
}

fn feature(use_case: String, chance: &mut Chance) -> Feature {
    let customer = chance.once_in(0.8);
    Feature {
        requested_by: Some(RequestedBy {
            requester: if customer {
                RequesterType::Customer
            } else {
                RequesterType::Internal
            },
            name: None,
        }),
        use_case,
        priority: match chance.below(10) {
            0 => Priority::High,
            1..=4 => Priority::Medium,
            _ => Priority::Low,
        },
        details: None,
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

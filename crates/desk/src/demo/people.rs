//! Who takes part in the demonstration: sources, agents, reporters.

use ticketing::{Actor, Reporter, Role};

use super::chance::Chance;

/// Which tools and people file tickets, commonest first.
const SOURCES: [&str; 5] = [
    "demo:web-form",
    "demo:mail",
    "demo:chat-bot",
    "demo:phone",
    "demo:storefront",
];
/// Who answers, busiest first.
const AGENTS: [&str; 9] = [
    "asmita", "bibek", "chandra", "deepa", "gita", "hari", "kabita", "manoj", "nisha",
];
const LEADS: [&str; 2] = ["pratima", "suresh"];
const GIVEN_NAMES: [&str; 32] = [
    "Aarav", "Aayush", "Anita", "Anjali", "Bikram", "Binod", "Bishnu", "Dipesh", "Gopal", "Ishwor",
    "Janaki", "Kamala", "Kiran", "Laxmi", "Maya", "Meena", "Nabin", "Niraj", "Pooja", "Prakash",
    "Puja", "Rajan", "Ramesh", "Rita", "Sabina", "Sagar", "Sanjay", "Sarita", "Shanti", "Sita",
    "Sunil", "Umesh",
];
const FAMILY_NAMES: [&str; 20] = [
    "Adhikari",
    "Basnet",
    "Bhattarai",
    "Dahal",
    "Gautam",
    "Ghimire",
    "Gurung",
    "Karki",
    "Khadka",
    "Koirala",
    "Lama",
    "Magar",
    "Maharjan",
    "Pandey",
    "Poudel",
    "Rai",
    "Shah",
    "Sharma",
    "Shrestha",
    "Tamang",
];
/// How many customers the shop has; some write again and again.
const CUSTOMERS: f64 = 60_000.0;

pub(super) fn source(chance: &mut Chance) -> Actor {
    Actor {
        name: chance.word(&SOURCES).to_owned(),
        role: Role::Tool,
    }
}

pub(super) fn agent(chance: &mut Chance) -> Actor {
    Actor {
        name: chance.word(&AGENTS).to_owned(),
        role: Role::Agent,
    }
}

pub(super) fn lead(chance: &mut Chance) -> Actor {
    Actor {
        name: chance.word(&LEADS).to_owned(),
        role: Role::Lead,
    }
}

/// A customer, with an address of a domain that is nobody's.
pub(super) fn reporter(chance: &mut Chance, nepali: bool) -> Reporter {
    let which = (chance.unit() * chance.unit() * CUSTOMERS) as u64;
    let mut of = Chance::new(0, which);
    let given = of.one_of(&GIVEN_NAMES).copied().unwrap_or_default();
    let family = of.one_of(&FAMILY_NAMES).copied().unwrap_or_default();
    let (first, last) = (given.to_lowercase(), family.to_lowercase());
    let phone = of.once_in(0.4);
    let number = of.below(10_000_000);
    Reporter {
        name: Some(format!("{given} {family}")),
        email: chance
            .once_in(0.9)
            .then(|| format!("{first}.{last}{which}@example.com")),
        phone: phone.then(|| format!("+977 980{number:07}")),
        locale: Some(if nepali { "ne" } else { "en" }.to_owned()),
    }
}

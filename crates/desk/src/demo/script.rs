//! What will be done about a ticket, and when: decided at its filing, by
//! chance. Whether each step is allowed when its time comes, the rules say.

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use ticketing::{Actor, Kind, Ticket, Urgency};

use super::{chance::Chance, people, season::after_work};

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An agent takes the ticket.
    Take,
    /// Somebody takes responsibility for the last escalation.
    Acknowledge,
    /// An agent answers the reporter.
    Answer,
    /// An agent writes to the team.
    Note,
    /// An agent says which entry it is.
    Classify,
    /// An agent finds it less bad than it was filed.
    Soften,
    /// It waits for the customer.
    Wait,
    /// The customer writes.
    Reply,
    /// An agent asks the next level.
    Escalate,
    /// A lead lowers the level.
    Deescalate,
    /// It is answered for good.
    Resolve,
    /// It was nothing.
    Cancel,
    /// The customer says how it went.
    Rate,
}

/// A step, its instant and who does it.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) at: DateTime<Utc>,
    pub(super) by: Actor,
    pub(super) step: Step,
}

/// The steps of a ticket's life in their order.
pub(super) fn script(ticket: &Ticket, chance: &mut Chance) -> Vec<Planned> {
    let urgent = matches!(ticket.urgency(), Urgency::Critical | Urgency::High)
        || ticket.level >= Level::ENGINEERING;
    let mut plan = Plan {
        by: people::agent(chance),
        customer: Actor {
            name: ticket.source.clone(),
            role: ticketing::Role::Tool,
        },
        urgent,
        critical: ticket.urgency() == Urgency::Critical,
        steps: Vec::new(),
    };
    let filed = ticket.created_at;
    let answered = plan.open(filed, ticket, chance);
    let patience = match (ticket.kind(), ticket.urgency()) {
        (Kind::Feature, _) => 12_000.0,
        (_, Urgency::Critical) => 110.0,
        (_, Urgency::High) => 400.0,
        (_, Urgency::Medium) => 280.0,
        (_, Urgency::Low) => 420.0,
    };
    let work = chance.around(patience);
    let mut done = plan.later(answered, work);
    if chance.once_in(0.22) {
        done = plan.wait_for_customer(answered, done, chance);
    }
    plan.aside(answered, done, chance);
    if chance.once_in(0.03) {
        plan.add(done, Step::Cancel);
    } else if !chance.once_in(0.004) {
        plan.add(done, Step::Resolve);
        if chance.once_in(0.25) {
            plan.add(done + chance.around(200.0), Step::Rate);
        }
        if chance.once_in(0.06) {
            plan.come_back(done, chance);
        }
    }
    let mut steps = plan.steps;
    steps.sort_by_key(|planned| planned.at);
    steps
}

struct Plan {
    by: Actor,
    customer: Actor,
    urgent: bool,
    critical: bool,
    steps: Vec<Planned>,
}

impl Plan {
    fn add(&mut self, at: DateTime<Utc>, step: Step) {
        let by = match step {
            Step::Reply => self.customer.clone(),
            Step::Rate => Actor::reporter(),
            _ => self.by.clone(),
        };
        self.steps.push(Planned { at, by, step });
    }

    /// Urgent tickets are worked on at night too.
    fn later(&self, from: DateTime<Utc>, work: TimeDelta) -> DateTime<Utc> {
        if self.urgent {
            from + work
        } else {
            after_work(from, work)
        }
    }

    /// From filing to the first answer.
    fn open(
        &mut self,
        filed: DateTime<Utc>,
        ticket: &Ticket,
        chance: &mut Chance,
    ) -> DateTime<Utc> {
        if ticket.level > Level::SUPPORT && chance.once_in(0.93) {
            self.add(filed + chance.around(6.0), Step::Acknowledge);
        }
        let taken = self.later(filed, chance.around(if self.urgent { 4.0 } else { 9.0 }));
        self.add(taken, Step::Take);
        let answered = self.later(taken, chance.around(if self.urgent { 9.0 } else { 16.0 }));
        if chance.once_in(0.96) {
            self.add(answered, Step::Answer);
        }
        if chance.once_in(0.12) {
            self.add(taken + TimeDelta::minutes(1), Step::Classify);
        }
        answered
    }

    /// A question to the customer, and mostly an answer.
    fn wait_for_customer(
        &mut self,
        answered: DateTime<Utc>,
        done: DateTime<Utc>,
        chance: &mut Chance,
    ) -> DateTime<Utc> {
        let asked = answered + TimeDelta::minutes(2);
        self.add(asked, Step::Wait);
        if !chance.once_in(0.85) {
            // Nobody answers: after three days it is done.
            return asked + TimeDelta::days(3);
        }
        let replied = asked + chance.around(240.0);
        self.add(replied, Step::Reply);
        self.later(replied, (done - answered) / 2)
    }

    /// What happens between the first answer and the end.
    fn aside(&mut self, answered: DateTime<Utc>, done: DateTime<Utc>, chance: &mut Chance) {
        let between = |chance: &mut Chance| {
            let share = chance.unit() * 0.9;
            answered + TimeDelta::seconds(((done - answered).num_seconds() as f64 * share) as i64)
        };
        if chance.once_in(0.2) {
            let at = between(chance);
            self.add(at, Step::Note);
        }
        if chance.once_in(0.12) {
            let at = between(chance);
            self.add(at, Step::Reply);
            self.add(at + chance.around(15.0), Step::Answer);
        }
        if chance.once_in(if self.critical { 0.3 } else { 0.02 }) {
            let at = between(chance);
            self.add(at, Step::Soften);
        }
        if chance.once_in(0.045) {
            let at = between(chance);
            self.add(at, Step::Escalate);
            if chance.once_in(0.95) {
                self.add(at + chance.around(8.0), Step::Acknowledge);
            }
            if chance.once_in(0.3) {
                let at = at + chance.around(60.0);
                let by = people::lead(chance);
                let step = Step::Deescalate;
                self.steps.push(Planned { at, by, step });
            }
        }
    }

    /// It was not answered for good after all.
    fn come_back(&mut self, done: DateTime<Utc>, chance: &mut Chance) {
        let back = done + chance.around(500.0);
        self.add(back, Step::Reply);
        let answered = self.later(back, chance.around(30.0));
        self.add(answered, Step::Answer);
        let work = chance.around(200.0);
        self.add(self.later(answered, work), Step::Resolve);
    }
}

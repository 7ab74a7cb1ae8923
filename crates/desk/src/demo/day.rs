//! One day's tickets with all that became of them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use store::TicketWrite;
use ticketing::{TicketNumber, Window};

use super::{
    chance::Chance,
    life::{Life, World},
    people,
    season::Day,
    texts::{Texts, again},
};
use crate::{
    masking::mask_draft,
    rules::Rules,
    verdict::{OFFERED, verdict},
};

/// What all days share.
#[derive(Debug)]
pub(super) struct History {
    pub(super) rules: Arc<Rules>,
    pub(super) texts: Texts,
    pub(super) until: DateTime<Utc>,
    pub(super) auto_close: Window,
    pub(super) seed: u64,
}

/// The histories of a day's tickets, numbered from `first`.
pub(super) fn live(history: &History, day: &Day, first: TicketNumber) -> Vec<TicketWrite> {
    let world = World {
        book: &history.rules.book,
        until: history.until,
        auto_close: history.auto_close,
    };
    let mut chance = Chance::new(history.seed, day.index);
    let mut lived = Vec::with_capacity(day.tickets);
    // Who wrote last may write again: that ticket is merged into this one.
    let mut last = None;
    for (number, arrival) in (first.0..).zip(day.arrivals(&mut chance)) {
        let mut chance = Chance::new(chance.next(), day.index);
        let twice = chance.once_in(0.02);
        let incident = arrival.of_incident.then_some(day.index);
        let mut draft = match &last {
            Some((_, before)) if twice => again(before, &mut chance),
            _ => history.texts.draft(&mut chance, arrival.at, incident),
        };
        let source = people::source(&mut chance);
        if chance.once_in(0.3) {
            draft.external_ref = Some(format!("shop-{number}"));
        }
        mask_draft(&mut draft);
        let verdict = verdict(&history.rules, &draft, OFFERED);
        let number = TicketNumber(number);
        let by = (&source, arrival.at);
        let written = draft.clone();
        let mut life = Life::file(world, chance.clone(), draft, verdict, number, by);
        match &mut last {
            Some((target, _)) if twice => {
                let noticed = arrival.at + TimeDelta::minutes(3) + chance.around(12.0);
                life.merge_into(target, &people::agent(&mut chance), noticed);
                lived.push(life.end());
            }
            _ => {
                let before = last.replace((life, written));
                lived.extend(before.map(|(life, _)| life.end()));
            }
        }
    }
    lived.extend(last.map(|(life, _)| life.end()));
    lived
}

//! A batch of writes as SQL: guards first, then everything that follows from
//! the writes that passed theirs.

use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    IdenStatic, Iterable, QueryFilter,
};
use ticketing::{Escalation, EventKind};
use uuid::Uuid;

use crate::{
    attachment::insert_attachments,
    budget::spend,
    entity::{escalation, event, idempotency_key, ticket_tag},
    error::StoreError,
    facts,
    idempotency::Idempotency,
    inbound::{guard_mails, mark_bounced, release_mails},
    incident::{guard_incident, insert_members},
    insert::insert,
    label,
    row::to_json,
    settlement::settle,
    update::{Changed, update_tickets},
    write::{Outcome, TicketWrite, Write},
    write_rows::WriteRows,
};

/// Applies the writes, each with its own outcome. What a write of several
/// tickets leaves behind when it is not `Written` is the caller's to roll back.
pub(crate) async fn apply(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    mut rows: Vec<WriteRows>,
) -> Result<Vec<Outcome>, DbErr> {
    let mut outcomes = guard_keys(txn, writes).await?;
    guard_mails(txn, writes, &mut outcomes).await?;
    guard_new(txn, writes, &mut rows, &mut outcomes).await?;
    guard_incidents(txn, writes, &mut outcomes).await?;
    guard_changed(txn, &mut rows, &mut outcomes).await?;
    release_keys(txn, writes, &outcomes).await?;
    release_mails(txn, writes, &outcomes).await?;

    let mut passed: Vec<&Write> = Vec::with_capacity(writes.len());
    let mut follows = WriteRows::default();
    for ((write, rows), outcome) in writes.iter().zip(rows).zip(&outcomes) {
        if *outcome == Outcome::Written {
            passed.push(write);
            follows.follow(rows);
        }
    }
    insert(txn, follows.events, "").await?;
    facts::write(txn, follows.facts).await?;
    write_tags(txn, &passed).await?;
    write_escalations(txn, &passed).await?;
    insert_attachments(txn, &passed).await?;
    insert_members(txn, &passed).await?;
    let instead = settle(txn, &passed).await?;
    let mut told = follows.notifications;
    for new in instead {
        told.push(new.row().map_err(custom)?);
    }
    insert(txn, told, "ON CONFLICT DO NOTHING").await?;
    spend(txn, &passed).await?;
    mark_bounced(txn, &passed).await?;
    insert(txn, follows.webhooks, "ON CONFLICT DO NOTHING").await?;
    for write in &passed {
        label::append(txn, &write.labels).await?;
    }
    Ok(outcomes)
}

/// Whether a write went through though its COMMIT was never seen.
pub(crate) async fn is_written(db: &DatabaseConnection, write: &Write) -> Result<bool, DbErr> {
    let first = write
        .tickets
        .iter()
        .flat_map(|ticket| &ticket.events)
        .next();
    match first {
        Some(found) => Ok(event::Entity::find_by_id(found.id.0)
            .one(db)
            .await?
            .is_some()),
        None => Ok(false),
    }
}

async fn guard_keys(txn: &DatabaseTransaction, writes: &[&Write]) -> Result<Vec<Outcome>, DbErr> {
    let rows: Vec<idempotency_key::ActiveModel> = writes
        .iter()
        .filter_map(|write| write.idempotency.as_ref())
        .map(key_row)
        .collect();
    let mut fresh: HashSet<(String, String)> = HashSet::new();
    if !rows.is_empty() {
        let rest = "ON CONFLICT DO NOTHING RETURNING \"principal\", \"key\"";
        for row in insert(txn, rows, rest).await? {
            fresh.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    let outcome = |write: &&Write| match &write.idempotency {
        Some(key) if !fresh.contains(&(key.principal.clone(), key.key.clone())) => {
            Outcome::Replayed
        }
        _ => Outcome::Written,
    };
    Ok(writes.iter().map(outcome).collect())
}

fn key_row(key: &Idempotency) -> idempotency_key::ActiveModel {
    idempotency_key::ActiveModel {
        principal: Set(key.principal.clone()),
        key: Set(key.key.clone()),
        fingerprint: Set(key.fingerprint.clone()),
        status: Set(i16::try_from(key.answer.status).unwrap_or(200)),
        location: Set(key.answer.location.clone()),
        etag: Set(key.answer.etag.clone()),
        body: Set(key.answer.body.clone()),
        created_at: Set(key.created_at),
    }
}

/// Inserts new tickets; one whose external reference is taken is left out.
async fn guard_new(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    rows: &mut [WriteRows],
    outcomes: &mut [Outcome],
) -> Result<(), DbErr> {
    let mut new = Vec::new();
    for (rows, outcome) in rows.iter_mut().zip(&*outcomes) {
        if *outcome == Outcome::Written {
            new.append(&mut rows.new);
        }
    }
    let mut inserted: HashSet<Uuid> = HashSet::with_capacity(new.len());
    for row in insert(txn, new, "ON CONFLICT DO NOTHING RETURNING \"id\"").await? {
        inserted.insert(row.try_get_by_index(0)?);
    }
    for (write, outcome) in writes.iter().zip(outcomes) {
        let taken =
            |ticket: &TicketWrite| ticket.seen == 0 && !inserted.contains(&ticket.ticket.id.0);
        if *outcome == Outcome::Written
            && let Some(index) = write.tickets.iter().position(taken)
        {
            *outcome = Outcome::Taken { index };
        }
    }
    Ok(())
}

async fn guard_incidents(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    outcomes: &mut [Outcome],
) -> Result<(), DbErr> {
    for (write, outcome) in writes.iter().zip(outcomes) {
        if *outcome == Outcome::Written
            && let Some(incident) = &write.incident
            && !guard_incident(txn, incident).await?
        {
            *outcome = Outcome::Stale { index: 0 };
        }
    }
    Ok(())
}

/// Updates changed tickets where nobody was first, in the order of their ids,
/// so that two batches on two replicas cannot deadlock.
async fn guard_changed(
    txn: &DatabaseTransaction,
    rows: &mut [WriteRows],
    outcomes: &mut [Outcome],
) -> Result<(), DbErr> {
    let mut changed: Vec<(usize, Changed)> = Vec::new();
    for (of, (rows, outcome)) in rows.iter_mut().zip(&*outcomes).enumerate() {
        if *outcome == Outcome::Written {
            changed.extend(rows.changed.drain(..).map(|change| (of, change)));
        }
    }
    changed.sort_by_key(|(_, change)| change.number);
    let place = |(of, change): &(usize, Changed)| (*of, change.index, change.number);
    let places: Vec<_> = changed.iter().map(place).collect();
    let changed = changed.into_iter().map(|(_, change)| change).collect();
    let written = update_tickets(txn, changed).await?;
    for (of, index, number) in places {
        if !written.contains(&number.0)
            && let Some(outcome) = outcomes.get_mut(of)
        {
            *outcome = Outcome::Stale { index };
        }
    }
    Ok(())
}

/// A key whose write did not go through must not answer for it.
async fn release_keys(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    outcomes: &[Outcome],
) -> Result<(), DbErr> {
    for (write, outcome) in writes.iter().zip(outcomes) {
        if let (Some(key), Outcome::Taken { .. } | Outcome::Stale { .. }) =
            (&write.idempotency, outcome)
        {
            let id = (key.principal.clone(), key.key.clone());
            idempotency_key::Entity::delete_by_id(id).exec(txn).await?;
        }
    }
    Ok(())
}

async fn write_tags(txn: &DatabaseTransaction, writes: &[&Write]) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for ticket in writes.iter().flat_map(|write| &write.tickets) {
        let seq = ticket.ticket.number.0;
        let tags_changed = |happened: &ticketing::Event| match &happened.kind {
            EventKind::Changed { changes, .. } => changes
                .iter()
                .any(|change| matches!(change, ticketing::Change::Tags { .. })),
            _ => false,
        };
        if ticket.seen > 0 {
            if !ticket.events.iter().any(tags_changed) {
                continue;
            }
            let old = ticket_tag::Entity::delete_many().filter(ticket_tag::Column::Seq.eq(seq));
            old.exec(txn).await?;
        }
        let tag = |tag: &String| ticket_tag::ActiveModel {
            tag: Set(tag.clone()),
            seq: Set(seq),
        };
        rows.extend(ticket.ticket.tags.iter().map(tag));
    }
    insert(txn, rows, "").await?;
    Ok(())
}

/// The escalation records that the events speak of: new ones, acknowledged ones.
async fn write_escalations(txn: &DatabaseTransaction, writes: &[&Write]) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for ticket in writes.iter().flat_map(|write| &write.tickets) {
        let touched = |of: &Escalation| {
            ticket.seen == 0
                || ticket.events.iter().any(|happened| match &happened.kind {
                    EventKind::Escalated(escalation) => escalation.n == of.n,
                    EventKind::Acknowledged { escalation, .. }
                    | EventKind::EscalationRepeated { escalation, .. } => *escalation == of.n,
                    _ => false,
                })
        };
        for found in ticket.ticket.escalations.iter().filter(|of| touched(of)) {
            rows.push(escalation_row(ticket.ticket.number.0, found).map_err(custom)?);
        }
    }
    let replaced: Vec<String> = escalation::Column::iter()
        .filter(|column| !matches!(column, escalation::Column::Seq | escalation::Column::N))
        .map(|column| format!("\"{0}\" = excluded.\"{0}\"", column.as_str()))
        .collect();
    let rest = format!(
        "ON CONFLICT (\"seq\", \"n\") DO UPDATE SET {}",
        replaced.join(", ")
    );
    insert(txn, rows, &rest).await?;
    Ok(())
}

pub(crate) fn escalation_row(
    seq: i64,
    of: &Escalation,
) -> Result<escalation::ActiveModel, StoreError> {
    Ok(escalation::ActiveModel {
        seq: Set(seq),
        n: Set(i32::try_from(of.n).unwrap_or(i32::MAX)),
        from_level: Set(i16::from(of.from.number())),
        to_level: Set(i16::from(of.to.number())),
        trigger: Set(of.trigger.as_str().to_owned()),
        at: Set(of.at),
        acknowledged_at: Set(of.acknowledged.as_ref().map(|acknowledged| acknowledged.at)),
        acknowledged_by: Set(of.acknowledged.as_ref().map(|who| who.by.clone())),
        next_repeat_at: Set(None),
        repeats: Set(i32::try_from(of.repeats).unwrap_or(i32::MAX)),
        doc: Set(to_json("escalations", of)?),
    })
}

fn custom(error: StoreError) -> DbErr {
    DbErr::Custom(error.to_string())
}

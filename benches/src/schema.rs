//! The floors' tables: a ticket with two indices, its event, its outbox row,
//! and none of what the desk adds (full text, eight more indices).

/// As SQLite has them.
pub(crate) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS floor_ticket (id INTEGER PRIMARY KEY, status TEXT NOT NULL,
  urgency INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS floor_ticket_status ON floor_ticket (status, id);
CREATE INDEX IF NOT EXISTS floor_ticket_urgency ON floor_ticket (urgency, id);
CREATE TABLE IF NOT EXISTS floor_event (id INTEGER PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES floor_ticket (id), kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS floor_outbox (id INTEGER PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES floor_ticket (id), dedupe TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL);";

pub(crate) const TICKET: &str =
    "INSERT INTO floor_ticket (id, status, urgency, body) VALUES (?1, ?2, ?3, ?4)";
pub(crate) const EVENT: &str = "INSERT INTO floor_event (ticket, kind, body) VALUES (?1, ?2, ?3)";
pub(crate) const OUTBOX: &str =
    "INSERT INTO floor_outbox (ticket, dedupe, state) VALUES (?1, ?2, ?3)";

/// A ticket's text of 600 bytes, made of letters alone.
pub(crate) const BODY: &str = {
    const BYTES: [u8; 600] = [b'x'; 600];
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => "",
    }
};

//! The database: entities, queries, and the one writer that groups commits.
//!
//! SQLite (one file, WAL) and PostgreSQL behind the same functions. No SeaORM
//! type stands in a public signature. Nothing here reads a clock: `now` is an
//! argument, SQL never calls `now()`.

mod access_key;
mod apply;
mod attachment;
mod audit;
mod budget;
mod bulk;
mod connect;
mod cursor;
mod delivery;
mod entity;
mod error;
mod facts;
mod feed;
mod figure_filter;
mod gauges;
mod idempotency;
mod inbound;
mod incident;
mod insert;
mod label;
mod list;
mod measure;
mod notification;
mod number;
mod on_call;
mod revision;
mod row;
mod rows;
mod secret;
mod settlement;
mod text;
mod ticket;
mod timeline;
mod timer;
mod update;
mod upkeep;
mod webhook;
mod write;
mod write_rows;
mod writer;

pub use access_key::AccessKey;
pub use attachment::Attachment;
pub use audit::AuditedTicket;
pub use budget::{BudgetedPage, HourOfTool};
pub use bulk::{Contents, HistoryBatch};
pub use connect::{Options, Store};
pub use cursor::{Cursor, CursorError};
pub use delivery::{Claimed, Claims, Lane, Mailed, OutboxHealth};
pub use error::StoreError;
pub use facts::FactsWanted;
pub use feed::{Place, StreamedEvent};
pub use figure_filter::FigureFilter;
pub use gauges::{OpenTickets, Waiting};
pub use idempotency::{Idempotency, StoredAnswer};
pub use inbound::{Bounced, InboundMail};
pub use incident::{CountedIncident, Sighted, Sought};
pub use label::{Label, LabelOrigin};
pub use list::{Page, Sort, TicketFilter};
pub use notification::{Attempt, NewNotification, Notification, NotificationFilter};
pub use on_call::OnCallVersion;
pub use revision::{PolicyVersion, RunbookRevision};
pub use settlement::{Next, Settlement};
pub use webhook::Webhook;
pub use write::{Outcome, TicketWrite, Write};

//! Tickets, their lifecycle and the desk's rules: decisions as values.
//!
//! Every change of a ticket is decided here by a pure function that answers
//! with [`Event`]s; [`Ticket::apply`] folds them, so that a ticket's state can
//! always be rebuilt from its timeline. No database, clock or network here:
//! `now` is an argument and effects are values ([`Notice`]).

mod actor;
mod apply;
mod change;
mod citation;
mod clocks;
mod contacts;
pub mod digest;
mod draft;
mod escalation;
mod event;
mod file;
mod id;
mod incident;
mod letter;
mod lifecycle;
mod mail;
mod mark;
mod notice;
mod on_call;
mod pace;
mod page;
mod policy;
mod refusal;
mod replay;
pub mod report;
mod settle;
mod step;
mod stop;
mod template;
mod ticket;
mod ticket_event;
mod verdict;
mod words;

pub use actor::{Actor, Role};
pub use change::{Patch, ReporterPatch, patch};
pub use citation::{Citations, Clause};
pub use clocks::{
    Clock, ClockName, ClockState, Clocks, Derived, DueTimer, clock_events, derive, engine_kind,
    terms,
};
pub use contacts::{
    Directory, Medium, Reached, Recipient, Unpaged, fold_name, reach, recipients, reporter,
    unpaged_levels, unreachable_levels,
};
pub use draft::Draft;
pub use escalation::{
    Acknowledgement, Escalation, EscalationTrigger, acknowledge, deescalate, escalate,
};
pub use event::{Change, Comment, CommentAuthor, Event, EventKind, Relation, Visibility};
pub use file::file;
pub use id::{
    EventId, IncidentId, NotificationId, TicketId, TicketNumber, TicketRef, TicketRefError,
};
pub use incident::{
    Closing, Incident, IncidentRules, IncidentStatus, Sighting, burst, join_incident,
    lead_incident, may_join, reporter_identity,
};
pub use letter::{Block, Content, Letter, LetterKind};
pub use lifecycle::{
    ATTACHED_BYTES_MAX, ATTACHED_MAX, NewAttachment, NewComment, Resolution, Satisfaction, Score,
    Window, assign, attach, classify, close, close_if_due, comment, legal_moves, link, merge, rate,
    reopen, resolve,
};
pub use mail::{
    MailReply, TakenReply, Writer, is_reporter, mail_draft, not_kept, pasted_form, subject_ticket,
    take_files, take_reply, takes_replies,
};
pub use mark::{Mark, MarkKind, mark_of};
pub use notice::{Audience, Notice, NoticeKind, superseded};
pub use on_call::{OnCall, OnCallFault, Override, Person, Schedule, Shift, Turn, shifts_as_ics};
pub use pace::Pace;
pub use page::page_updates;
pub use policy::{
    ALWAYS, Matcher, Policy, PolicyBook, PolicyError, PolicySet, Selected, TargetSettings,
};
pub use refusal::Refusal;
pub use replay::replay_marks;
pub use settle::{Decided, Scene, tick};
pub use step::{OutageWatch, next_step_at};
pub use stop::Stop;
pub use template::{Form, FormFault, FormField, read_form};
pub use ticket::{
    AffectedUsers, Attached, Bug, DEMO_SOURCE, Details, Feature, Lowered, Reporter, RequestedBy,
    RequesterType, Ticket,
};
pub use ticket_event::{TicketEvent, TicketEventType};
pub use verdict::{
    Classification, ClassificationMethod, LevelReason, LevelRule, OutageRule, RankedEntry,
    TermReason, Verdict,
};
pub use words::{ClosedAs, Kind, Priority, Severity, Status, UnknownWord, Urgency};

//! Stories about tickets, one file per thing that is done with them.

mod attach;
mod batch;
mod close;
mod comment;
mod concurrency;
mod duplicates;
mod escalate;
mod file;
mod idempotency;
mod list;
mod markdown;
mod masking;
mod merge;
mod patch;
mod reopen;
mod resolve;
mod timeline;

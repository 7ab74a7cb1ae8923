//! What every story stands on: a real desk on a port of its own, a database of
//! its own, a clock that is wound by hand, and clients with a key.

mod binary;
mod client;
mod contract;
mod database;
mod desk;
mod http;
mod ledger;
mod mailbox;
mod seed;
mod smtp;

pub(crate) use binary::{Process, binary};
pub(crate) use client::{Answer, Client};
pub(crate) use contract::document;
pub(crate) use database::TestDatabase;
pub(crate) use desk::{Setup, TestDesk};
pub(crate) use http::{HttpSink, Posted};
pub(crate) use mailbox::Mailbox;
pub(crate) use seed::{bug, bug_with, feature};
pub(crate) use smtp::{At, Fault, Received, SmtpSink};

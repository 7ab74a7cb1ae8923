//! What every handler shares: who asks, the body, the answer, the problem.

pub(crate) mod answer;
pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod fault;
pub(crate) mod file;
pub(crate) mod head;
pub(crate) mod headers;
pub(crate) mod limit;
pub(crate) mod problem;
pub(crate) mod trace;

//! The acts of a ticket's life, one file each (`domain.md` section 3).

mod assign;
mod attach;
mod classify;
mod close;
mod comment;
mod link;
mod merge;
mod moves;
mod rate;
mod reopen;
mod resolve;

pub use assign::assign;
pub(crate) use assign::reassign;
pub use attach::{ATTACHED_BYTES_MAX, ATTACHED_MAX, NewAttachment, attach};
pub use classify::classify;
pub use close::{close, close_if_due};
pub use comment::{NewComment, comment};
pub use link::link;
pub use merge::merge;
pub use moves::legal_moves;
pub(crate) use moves::set_status;
pub use rate::{Satisfaction, Score, rate};
pub use reopen::{Window, reopen};
pub use resolve::{Resolution, resolve};

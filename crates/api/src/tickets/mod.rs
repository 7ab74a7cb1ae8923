//! Tickets: one file per operation.

mod attachments;
mod batch;
mod change;
pub(crate) mod checks;
mod classification;
mod comments;
mod escalations;
mod extracted;
mod file;
pub(crate) mod filter;
mod find;
mod list;
mod markdown;
mod patch;
mod people;
mod request;
mod sla;
mod timeline;
mod view;
mod view_parts;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use view::{TicketView, Viewer};

pub(crate) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(batch::file_tickets)
        .service(file::file_ticket)
        .service(list::list_tickets)
        .service(find::find_ticket)
        .service(patch::patch_ticket)
        .service(comments::add_comment)
        .service(comments::list_comments)
        .service(attachments::attach_file)
        .service(attachments::list_attachments)
        .service(attachments::download_attachment)
        .service(change::assign_ticket)
        .service(change::resolve_ticket)
        .service(change::reopen_ticket)
        .service(change::close_ticket)
        .service(change::merge_ticket)
        .service(change::link_ticket)
        .service(timeline::list_events)
        .service(sla::ticket_sla)
        .service(classification::ticket_classification)
        .service(classification::classify_ticket)
        .service(escalations::list_escalations)
        .service(escalations::escalate_ticket)
        .service(escalations::acknowledge_escalation)
        .service(escalations::deescalate_ticket);
}

pub(crate) use markdown::pasted_draft;
pub(crate) use request::FileTicketSchema;
pub(crate) use view_parts::{ClassificationView, LevelReasonView};

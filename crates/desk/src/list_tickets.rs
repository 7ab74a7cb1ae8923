//! Lists of tickets.

use store::{Cursor, CursorError, Page, Sort, TicketFilter};
use ticketing::{Actor, Ticket};

use crate::{Desk, error::DeskError};

/// Which page of which list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// Which tickets.
    pub filter: TicketFilter,
    /// In which order.
    pub sort: Sort,
    /// After which ticket.
    pub after: Option<Cursor>,
    /// How many, 1 to 200.
    pub limit: u64,
    /// Whether to count all.
    pub count: bool,
}

impl Desk {
    /// A page of tickets; a tool sees those that it filed.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]; a cursor of another list is `Ok(Err(_))`.
    pub async fn list_tickets(
        &self,
        actor: &Actor,
        request: ListRequest,
    ) -> Result<Result<Page<Ticket>, CursorError>, DeskError> {
        let ListRequest {
            mut filter,
            sort,
            after,
            limit,
            count,
        } = request;
        filter.figures.as_of = Some(self.clock.now());
        if !actor.works_on_tickets() {
            let foreign = filter
                .source
                .as_ref()
                .is_some_and(|source| *source != actor.name);
            if foreign {
                return Ok(Ok(Page {
                    items: Vec::new(),
                    next: None,
                    total: count.then_some(0),
                }));
            }
            filter.source = Some(actor.name.clone());
        }
        Ok(self
            .store
            .list_tickets(&filter, sort, after.as_ref(), limit, count)
            .await?)
    }
}

//! Ticket numbers: taken from the database in blocks, so that a filing knows
//! its number before it is written. Gaps are allowed (`architecture.md`).

use sea_orm::{DatabaseConnection, FromQueryResult, Statement};
use ticketing::TicketNumber;
use tokio::sync::Mutex;

use crate::{connect::Store, error::StoreError};

/// The first block; each is twice as long as the one before, so that a busy
/// desk seldom asks and a restart of a quiet one leaves a small gap.
const FIRST_BLOCK: i64 = 8;
const LONGEST_BLOCK: i64 = 512;

/// The block of numbers that this process holds.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Mutex<Block>);

#[derive(Debug, Default)]
struct Block {
    next: i64,
    end: i64,
    length: i64,
}

#[derive(FromQueryResult)]
struct Next {
    next: i64,
}

impl Store {
    /// The next `count` ticket numbers, ascending.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_numbers(&self, count: usize) -> Result<Vec<TicketNumber>, StoreError> {
        let mut taken = Vec::with_capacity(count);
        let mut block = self.numbers.0.lock().await;
        while taken.len() < count {
            if block.next == block.end {
                let length = (block.length * 2).clamp(FIRST_BLOCK, LONGEST_BLOCK);
                let missing = i64::try_from(count - taken.len()).unwrap_or(length);
                let wanted = missing.max(length);
                let end = advance(&self.write, wanted).await?;
                *block = Block {
                    next: end - wanted,
                    end,
                    length,
                };
            }
            taken.push(TicketNumber(block.next));
            block.next += 1;
        }
        Ok(taken)
    }
}

pub(crate) async fn advance(db: &DatabaseConnection, by: i64) -> Result<i64, StoreError> {
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        "UPDATE counters SET next = next + $1 WHERE name = 'ticket' RETURNING next",
        [by.into()],
    );
    let row = Next::find_by_statement(statement).one(db).await?;
    row.map(|row| row.next)
        .ok_or_else(|| StoreError::Unusable("the ticket counter is missing".to_owned()))
}

//! Rows of `tickets`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: Uuid,
    pub version: i64,
    pub kind: String,
    pub status: String,
    pub level: i16,
    pub urgency: i16,
    pub assignee: Option<String>,
    pub entry: Option<String>,
    pub source: String,
    pub external_ref: Option<String>,
    pub reporter_email: Option<String>,
    pub at_risk: bool,
    pub breached: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub next_due_at: Option<DateTimeUtc>,
    pub next_timer_at: Option<DateTimeUtc>,
    pub resolved_at: Option<DateTimeUtc>,
    pub search: String,
    pub doc: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

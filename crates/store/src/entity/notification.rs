//! Rows of `notifications`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dedupe_key: String,
    pub seq: Option<i64>,
    pub medium: String,
    pub recipient: String,
    pub kind: String,
    pub level: i16,
    pub doc: String,
    pub state: String,
    pub attempts: i32,
    pub due_at: Option<DateTimeUtc>,
    pub lease: Option<Uuid>,
    pub maybe_delivered: bool,
    pub last_reply: Option<String>,
    pub created_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

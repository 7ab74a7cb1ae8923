//! Rows of `ticket_facts`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_facts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub created_at: DateTimeUtc,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub bits: i32,
    pub first_response_breaks: i64,
    pub resolution_breaks: i64,
    pub deadline: i64,
    pub line: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

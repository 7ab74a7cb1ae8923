//! Rows of `runbooks`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "runbooks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub sha256: String,
    pub origin: String,
    pub source: String,
    pub activated_by: String,
    pub activated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

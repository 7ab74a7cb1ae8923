//! Rows of `labels`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "labels")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub by: String,
    pub origin: String,
    pub seq: Option<i64>,
    pub title: String,
    pub body: String,
    pub entry: Option<String>,
    pub level: Option<i16>,
    pub predicted: Option<String>,
    pub confidence: Option<f64>,
    pub undone_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

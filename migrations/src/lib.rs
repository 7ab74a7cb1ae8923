//! The database schema: one file per migration, the same for SQLite and
//! PostgreSQL; where the two must differ both forms stand side by side.

mod m0001_tickets;
mod m0002_desk;
mod m0003_attachments;
mod m0004_delivery;
mod m0005_labels;
mod m0006_escalation;
mod m0007_outbox;
mod m0008_inbound;
mod m0009_incidents;
mod m0010_reports;
mod m0012_webhooks;
mod m0013_feedback;
mod m0014_on_call;
mod m0015_search;
mod m0016_lanes;
mod m0017_upkeep;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    MigrationTrait, SchemaManager, async_trait,
    sea_orm::{ConnectionTrait, DatabaseBackend, DbErr},
};

/// All migrations in order.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tickets::Migration),
            Box::new(m0002_desk::Migration),
            Box::new(m0004_delivery::Migration),
            Box::new(m0003_attachments::Migration),
            Box::new(m0005_labels::Migration),
            Box::new(m0006_escalation::Migration),
            Box::new(m0007_outbox::Migration),
            Box::new(m0008_inbound::Migration),
            Box::new(m0009_incidents::Migration),
            Box::new(m0010_reports::Migration),
            Box::new(m0012_webhooks::Migration),
            Box::new(m0013_feedback::Migration),
            Box::new(m0014_on_call::Migration),
            Box::new(m0015_search::Migration),
            Box::new(m0016_lanes::Migration),
            Box::new(m0017_upkeep::Migration),
        ]
    }
}

/// Executes plain SQL, one statement after the other.
async fn execute(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}

/// Executes plain SQL that only PostgreSQL needs.
async fn on_postgres(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => Ok(()),
        _ => execute(manager, statements).await,
    }
}

//! Incidents and the tickets that belong to each.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("incidents")
                    .col(uuid("id").primary_key())
                    .col(big_integer("version"))
                    .col(text("subject"))
                    .col(text_null("entry"))
                    .col(text("status").check(Expr::col("status").is_in([
                        "open",
                        "acknowledged",
                        "closed",
                    ])))
                    .col(timestamp_with_time_zone("opened_at"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(timestamp_with_time_zone_null("quiet_until"))
                    .col(text("doc"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("incident_tickets")
                    // A ticket is in one incident at most.
                    .col(big_integer("seq").primary_key())
                    .col(uuid("incident"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("incident_tickets", "seq")
                            .to("tickets", "seq"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("incident_tickets", "incident")
                            .to("incidents", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        for index in [
            // Two replicas that see one burst open one incident.
            "CREATE UNIQUE INDEX incidents_open ON incidents (subject) WHERE closed_at IS NULL",
            "CREATE INDEX incidents_quiet ON incidents (subject, quiet_until)",
            "CREATE INDEX incident_tickets_of ON incident_tickets (incident, seq)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["incident_tickets", "incidents"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

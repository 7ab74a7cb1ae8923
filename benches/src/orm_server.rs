//! What a service usually does, over HTTP on SQLite with `synchronous=FULL`:
//! one ORM transaction per request, three inserts in it.

use std::{error::Error, path::Path};

use actix_web::{App, HttpResponse, HttpServer, web};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, NotSet,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::schema::TABLES;

mod ticket {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_ticket")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub status: String,
        pub urgency: i32,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_event")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub ticket: i64,
        pub kind: String,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod outbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_outbox")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub ticket: i64,
        pub dedupe: String,
        pub state: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Serves `POST /` on a loopback port until it is ended.
pub(crate) fn serve(file: &Path, port: u16) -> Result<(), Box<dyn Error>> {
    let url = format!("sqlite://{}?mode=rwc", file.display());
    actix_web::rt::System::new().block_on(async move {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(10)
            .sqlx_logging(false)
            .test_before_acquire(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(std::time::Duration::from_secs(30))
            });
        let db = Database::connect(options).await?;
        db.execute_unprepared(TABLES).await?;
        let data = web::Data::new(db);
        HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .default_service(web::to(file_ticket))
        })
        .bind(("127.0.0.1", port))?
        .run()
        .await?;
        Ok(())
    })
}

async fn file_ticket(db: web::Data<DatabaseConnection>, body: String) -> HttpResponse {
    match insert(&db, body).await {
        Ok(id) => HttpResponse::Created().body(id.to_string()),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

async fn insert(db: &DatabaseConnection, body: String) -> Result<i64, DbErr> {
    let transaction = db
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    let filed = ticket::ActiveModel {
        id: NotSet,
        status: Set("new".to_owned()),
        urgency: Set(2),
        body: Set(body.clone()),
    };
    let filed = filed.insert(&transaction).await?;
    let happened = event::ActiveModel {
        id: NotSet,
        ticket: Set(filed.id),
        kind: Set("filed".to_owned()),
        body: Set(body),
    };
    happened.insert(&transaction).await?;
    let told = outbox::ActiveModel {
        id: NotSet,
        ticket: Set(filed.id),
        dedupe: Set(format!("filed/{}", filed.id)),
        state: Set("pending".to_owned()),
    };
    told.insert(&transaction).await?;
    transaction.commit().await?;
    Ok(filed.id)
}

//! `runbook-desk migrate`.

use store::Store;

use crate::{
    open::{create_data_dir, store_options},
    settings::Settings,
};

pub(super) async fn run(settings: &Settings) -> Result<(), String> {
    create_data_dir(settings).map_err(|error| error.to_string())?;
    Store::migrate(&store_options(settings))
        .await
        .map_err(|error| error.to_string())
}

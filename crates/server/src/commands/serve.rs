//! `runbook-desk serve`.

use crate::settings::Settings;

pub(super) async fn run(settings: &Settings) -> Result<(), String> {
    crate::serve(settings)
        .await
        .map_err(|error| error.to_string())
}

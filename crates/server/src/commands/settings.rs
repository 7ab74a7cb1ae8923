//! `runbook-desk settings`.

use crate::settings::Settings;

pub(super) fn run(settings: &Settings) {
    print!("{}", settings.render());
}

//! `runbook-desk settings`.

use super::print;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) {
    print(&settings.render());
}

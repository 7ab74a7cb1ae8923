//! `desk-with-crash-points`: the desk as test builds have it. `DESK_CRASH_AT`
//! names the point at which it ends itself; see the crate `crash-points`.

use std::process::ExitCode;

use clap::Parser;
use server::commands::{Cli, run};

#[tokio::main]
#[expect(
    clippy::disallowed_methods,
    reason = "a place that reads the environment, as main.rs is"
)]
async fn main() -> ExitCode {
    if let Ok(point) = std::env::var("DESK_CRASH_AT")
        && let Err(error) = crash_points::arm(&point)
    {
        eprintln!("DESK_CRASH_AT: {error}");
        return ExitCode::from(2);
    }
    let env = std::env::vars().filter(|(name, _)| name != "DESK_CRASH_AT");
    let cwd = std::env::current_dir().unwrap_or_default();
    run(Cli::parse(), env, &cwd).await
}

//! Notices of the other layers on standard error.

use tracing_subscriber::EnvFilter;

/// The variable that chooses what is shown: `debug`, `fruix::store=trace`, as `tracing` filters are written.
const VARIABLE: &str = "FRUIX_LOG";

/// Shows what the other layers report from here on: notices and warnings, or what [`VARIABLE`] asks for.
pub fn start(coloured: bool) {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn,fruix=info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(coloured)
        .without_time()
        .with_target(false)
        .finish();
    // Fails only where a subscriber is set already, and then that one is shown.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

//! `signals`: ends the process tidily when it is told to end.

use std::thread;

use anyhow::Result;
use octopy_virtual_board::cleanup;
use signal_hook::iterator::Signals;

pub use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Restores the terminal and removes links when one of `signals` comes, then ends the process with
/// the status that shells give: 128 and the number.
pub fn end_on(signals: &[i32]) -> Result<()> {
    cleanup::install_panic_hook();
    let mut signals = Signals::new(signals)?;
    thread::Builder::new().name("end".into()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            cleanup::exit(128 + signal);
        }
    })?;
    Ok(())
}

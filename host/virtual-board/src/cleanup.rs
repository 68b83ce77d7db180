//! `cleanup`: what must be undone when the process ends, however it ends.
//!
//! A terminal left in raw mode or a dangling link annoys long after the program. Destructors do
//! not run in `std::process::exit`, after a panic in another thread, or on a signal; so whoever
//! changes the outside world registers the way back here, and every exit runs the list.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

type Action = Box<dyn FnOnce() + Send>;

static ACTIONS: Mutex<Vec<(u64, Action)>> = Mutex::new(Vec::new());

/// Numbers are never used twice: a guard may outlive its action.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A registered action; dropping it runs the action, unless [`run`] was first.
#[derive(Debug)]
#[must_use = "dropping it runs the action at once"]
pub struct Cleanup(u64);

impl Cleanup {
    /// Registers `action`.
    pub fn new(action: impl FnOnce() + Send + 'static) -> Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        lock().push((id, Box::new(action)));
        Self(id)
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let action = {
            let mut actions = lock();
            actions.iter().position(|(id, _)| *id == self.0).map(|at| actions.remove(at))
        };
        if let Some((_, action)) = action {
            action();
        }
    }
}

/// Runs every registered action, the newest first.
pub fn run() {
    loop {
        let last = lock().pop();
        match last {
            Some((_, action)) => action(),
            None => return,
        }
    }
}

/// Runs the actions and ends the process.
pub fn exit(status: i32) -> ! {
    run();
    std::process::exit(status)
}

/// Makes panics run the actions before they print, so that the message is readable.
pub fn install_panic_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        run();
        print(info);
    }));
}

/// A poisoned list is still a list: a panic elsewhere is when it is needed most.
fn lock() -> MutexGuard<'static, Vec<(u64, Action)>> {
    ACTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

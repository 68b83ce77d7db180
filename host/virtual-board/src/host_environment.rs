//! `HostEnvironment`: the variables of this process, as its program changes them.

use std::collections::HashMap;

use octopy_hal::Environment;

/// What the process was started with, and what its program has changed since.
#[derive(Debug, Default)]
pub struct HostEnvironment {
    changes: HashMap<String, Option<String>>,
}

impl HostEnvironment {
    /// The value of a variable.
    pub fn value(&self, name: &str) -> Option<String> {
        match self.changes.get(name) {
            Some(change) => change.clone(),
            None if name.is_empty() || name.contains(['=', '\0']) => None,
            None => std::env::var(name).ok(),
        }
    }
}

impl Environment for HostEnvironment {
    fn get(&mut self, name: &str, value: &mut [u8]) -> Option<usize> {
        let found = self.value(name)?;
        for (to, from) in value.iter_mut().zip(found.as_bytes()) {
            *to = *from;
        }
        Some(found.len())
    }

    fn set(&mut self, name: &str, value: Option<&str>) {
        self.changes.insert(name.to_owned(), value.map(str::to_owned));
    }
}

//! `Environment`: named texts that a program finds where it runs.

/// The variables of a process.
pub trait Environment {
    /// Copies the value of a variable into `value`, as much as fits; its whole length, or nothing
    /// if there is no such variable.
    fn get(&mut self, name: &str, value: &mut [u8]) -> Option<usize>;

    /// Sets a variable, or removes it.
    fn set(&mut self, name: &str, value: Option<&str>);
}

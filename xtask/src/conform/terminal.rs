//! Typing a script into an interpreter on a terminal, line by line.

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

/// After this much silence the interpreter waits for input.
const SILENCE: Duration = Duration::from_millis(60);

/// An answer begins within this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the terminal shows while the lines of a script are typed, each after the answer to the one
/// before. With `signals`, the terminal is the program's own, so that Ctrl-C is a signal.
pub fn converse(command: Command, script: &[u8], signals: bool) -> Result<Vec<u8>> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let slave = File::options().read(true).write(true).open(name.to_str()?)?;
    let mut command = if signals { as_owner(&command) } else { command };
    command.stdin(Stdio::from(slave.try_clone()?));
    command.stdout(Stdio::from(slave.try_clone()?)).stderr(Stdio::from(slave));
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().context(program)?;
    drop(command);
    let mut terminal = File::from(master);
    let mut shown = Vec::new();
    let typed = type_lines(&mut terminal, script, signals, &mut shown);
    // Whatever it does now, its part is over.
    let _ = child.kill();
    let _ = child.wait();
    typed.map(|()| shown)
}

/// The same command as the leader of a session that owns the terminal.
fn as_owner(command: &Command) -> Command {
    let mut owner = Command::new("setsid");
    owner.args(["--ctty", "--wait"]).arg(command.get_program()).args(command.get_args());
    if let Some(directory) = command.get_current_dir() {
        owner.current_dir(directory);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => owner.env(name, value),
            None => owner.env_remove(name),
        };
    }
    owner
}

fn type_lines(
    terminal: &mut File,
    script: &[u8],
    signals: bool,
    shown: &mut Vec<u8>,
) -> Result<()> {
    answer(terminal, shown)?;
    for line in script.split_inclusive(|byte| *byte == b'\n') {
        let keys = keys_of(line);
        // As a signal, Ctrl-C is typed alone: the terminal drops the rest of its line.
        let keys = if signals && keys.contains(&3) { vec![3] } else { keys };
        if terminal.write_all(&keys).is_err() {
            return Ok(());
        }
        answer(terminal, shown)?;
    }
    Ok(())
}

/// The line with `{\x03}` and the like replaced by the control characters that they stand for.
fn keys_of(line: &[u8]) -> Vec<u8> {
    let mut keys = Vec::new();
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        match rest {
            [b'{', b'\\', b'x', high @ b'0'..=b'9', low @ b'0'..=b'9', b'}', after @ ..] => {
                keys.push((high - b'0') * 16 + (low - b'0'));
                rest = after;
            }
            _ => {
                keys.push(*first);
                rest = after;
            }
        }
    }
    keys
}

/// Reads until nothing more comes.
fn answer(terminal: &mut File, shown: &mut Vec<u8>) -> Result<()> {
    let mut patience = PATIENCE;
    let mut buf = [0; 4096];
    loop {
        let timeout = Timespec {
            tv_sec: patience.as_secs().cast_signed(),
            tv_nsec: i64::from(patience.subsec_nanos()),
        };
        let mut waiting = [PollFd::new(&*terminal, PollFlags::IN)];
        if poll(&mut waiting, Some(&timeout))? == 0 {
            return Ok(());
        }
        match terminal.read(&mut buf) {
            Ok(count @ 1..) => shown.extend(buf.iter().take(count)),
            // The program has ended and closed its end.
            Ok(0) | Err(_) => return Ok(()),
        }
        patience = SILENCE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_keys_are_written_as_escapes() {
        assert_eq!(keys_of(b"a{\\x05}b{x}\n"), b"a\x05b{x}\n");
    }

    #[test]
    fn a_program_answers_line_by_line() {
        let mut command = Command::new("sh");
        command.args(["-c", "stty -echo; echo ready; while read x; do echo got $x; done"]);
        let shown = converse(command, b"one\ntwo\n", false).expect("a terminal");
        let text = String::from_utf8_lossy(&shown).replace("\r\n", "\n");
        assert_eq!(text, "ready\ngot one\ngot two\n");
    }
}

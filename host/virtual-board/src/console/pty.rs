//! `PtyConsole`: the serial console as a pseudo-terminal that host tools open as a port.
//!
//! The slave is made raw before anybody can open it, and one descriptor of it stays open here:
//! without it the master fails with EIO between two clients, and settings would not survive.

use std::io::{self, PipeWriter};
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, bail};
use octopy_hal::Console;
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::outlet::{Outlet, PATIENCE};
use super::{Feed, Link, ReceiveRing};
use crate::cleanup::Cleanup;

/// The board's side of a pseudo-terminal.
#[derive(Debug)]
pub struct PtyConsole {
    master: Arc<OwnedFd>,
    _slave: OwnedFd,
    path: PathBuf,
    link: Link,
    ring: Arc<ReceiveRing>,
    feed: Arc<Feed>,
    outlet: Outlet,
    _stable_name: Option<Cleanup>,
    _stop: PipeWriter,
}

impl PtyConsole {
    /// Opens a pseudo-terminal; `name` is an optional stable path that links to it.
    pub fn open(link: Link, name: Option<&Path>) -> Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .context("cannot open a pseudo-terminal")?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = PathBuf::from(ptsname(&master, Vec::new())?.into_string()?);
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(&path, flags, Mode::empty())
            .with_context(|| format!("cannot open {}", path.display()))?;
        let mut termios = tcgetattr(&slave)?;
        termios.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &termios)?;
        fcntl_setfl(&master, fcntl_getfl(&master)? | OFlags::NONBLOCK)?;

        let master = Arc::new(master);
        let ring = Arc::new(ReceiveRing::new(link.receive_capacity));
        let feed = Arc::new(Feed::new(Arc::clone(&master), Arc::clone(&ring), link.clone()));
        let (stopped, stop) = io::pipe()?;
        thread::Builder::new().name("pty".into()).spawn({
            let feed = Arc::clone(&feed);
            move || feed.serve(&stopped)
        })?;
        let stable_name = name.map(|name| link_to(&path, name)).transpose()?;
        Ok(Self {
            master,
            _slave: slave,
            path,
            link,
            ring,
            feed,
            outlet: Outlet::impatient(PATIENCE),
            _stable_name: stable_name,
            _stop: stop,
        })
    }

    /// What the board reads while it waits.
    pub(crate) fn feed(&self) -> Arc<Feed> {
        Arc::clone(&self.feed)
    }

    /// The path that clients open, `/dev/pts/N`.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for PtyConsole {
    fn drop(&mut self) {
        self.feed.close();
    }
}

impl Console for PtyConsole {
    fn read(&mut self, buf: &mut [u8]) -> usize {
        match self.ring.take(buf) {
            0 if self.feed.take() => self.ring.take(buf),
            n => n,
        }
    }

    fn is_readable(&mut self) -> bool {
        self.ring.is_readable() || (self.feed.take() && self.ring.is_readable())
    }

    fn write(&mut self, bytes: &[u8]) {
        self.outlet.send(&*self.master, bytes, self.link.attention);
    }

    fn receive_capacity(&self) -> usize {
        self.ring.capacity()
    }
}

/// Makes the link `name`, replacing an old link but nothing else, and removes it at exit.
fn link_to(path: &Path, name: &Path) -> Result<Cleanup> {
    match name.symlink_metadata() {
        Ok(old) if old.is_symlink() => std::fs::remove_file(name)?,
        Ok(_) => bail!("{} exists and is not a link", name.display()),
        Err(_) => {}
    }
    symlink(path, name).with_context(|| format!("cannot make the link {}", name.display()))?;
    let (path, name) = (path.to_owned(), name.to_owned());
    Ok(Cleanup::new(move || {
        // Another board may have taken the name over.
        if std::fs::read_link(&name).is_ok_and(|target| target == path) {
            let _ = std::fs::remove_file(&name);
        }
    }))
}

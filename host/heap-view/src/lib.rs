//! Pictures of a heap, from the text that `gc.map()` prints.
//!
//! [`Snapshot`] reads the text, [`picture`] draws it, [`History`] remembers what changed from one
//! snapshot to the next, and [`Server`] shows all of it as a page. All drawing is done here, in
//! SVG, and none in the browser: so a file and the page show the same, and tests need no browser.
//!
//! Absent on purpose: the heap itself. This crate knows the text only, whichever board printed it.
#![forbid(unsafe_code)]

mod history;
mod page;
mod picture;
mod server;
mod snapshot;
mod svg;
mod timeline;

pub use history::{Change, History};
pub use page::{STYLE, View};
pub use picture::picture;
pub use server::{Server, Source};
pub use snapshot::{Event, Figures, Group, Pinned, Region, Snapshot};
pub use svg::Svg;
pub use timeline::timeline;

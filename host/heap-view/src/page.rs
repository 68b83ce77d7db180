//! `View`: what the page shows, as pieces of HTML.
//!
//! The page itself is `page.html` with `style.css`; it asks for a [`View`] twice a second and puts
//! the pieces in their places. It loads nothing from elsewhere.

use serde::Serialize;

use crate::history::History;
use crate::picture::picture;
use crate::snapshot::Snapshot;
use crate::svg::{bytes, escaped, number};
use crate::timeline::timeline;

/// The page, with places for the style and the title.
const PAGE: &str = include_str!("page.html");

/// The colours of pictures.
pub const STYLE: &str = include_str!("style.css");

/// Events in the table.
const EVENTS: usize = 12;

/// The page of a board.
pub fn page(title: &str) -> String {
    PAGE.replace("/* STYLE */", STYLE).replace("TITLE", &escaped(title))
}

/// The pieces of the page that change.
#[derive(Debug, Serialize)]
pub struct View {
    /// Whether the board has not answered.
    pub busy: bool,
    /// How things are, in words.
    pub state: String,
    /// The most important figures.
    pub tiles: String,
    /// The regions.
    pub map: String,
    /// What happened.
    pub timeline: String,
    /// The last events.
    pub events: String,
}

impl View {
    /// What to show of a history; `waited` says for how many seconds the board has not answered.
    pub fn of(history: &History, waited: Option<f64>) -> Self {
        let empty = Snapshot::default();
        let heap = history.last().unwrap_or(&empty);
        let state = match waited {
            None => "live".to_owned(),
            Some(seconds) => format!("busy for {seconds:.1} s; the picture is from before"),
        };
        Self {
            busy: waited.is_some(),
            state,
            tiles: tiles(heap),
            map: picture(heap).fragment(),
            timeline: timeline(history).fragment(),
            events: events(heap),
        }
    }
}

fn tiles(heap: &Snapshot) -> String {
    let of = |name: &str| heap.figure(name);
    let worst = heap.regions.iter().map(|region| region.figure("fragmentation")).max().unwrap_or(0);
    let pinned = heap.regions.iter().map(|region| region.figure("pinned")).sum();
    let tile = |value: String, label: String| {
        format!("<div><b>{}</b><span>{}</span></div>", escaped(&value), escaped(&label))
    };
    [
        tile(bytes(of("used")), format!("in use, of {}", bytes(of("total")))),
        tile(bytes(of("free")), "free".to_owned()),
        tile(bytes(of("max_block")), "largest request that succeeds".to_owned()),
        tile(format!("{}.{} %", worst / 10, worst % 10), "fragmentation, at worst".to_owned()),
        tile(bytes(pinned), "pinned".to_owned()),
        tile(
            number(of("collections")),
            format!(
                "collections: {} young, {} full, {} cycles, {} compacted",
                number(of("minor")),
                number(of("full")),
                number(of("cycles")),
                number(of("compactions"))
            ),
        ),
        tile(
            bytes(of("last_pause")),
            format!("work of the last pause; longest {}", bytes(of("longest_pause"))),
        ),
    ]
    .concat()
}

fn events(heap: &Snapshot) -> String {
    let title = "<h2>The last allocations that did not go the first way</h2>";
    if heap.log.is_empty() {
        return format!("{title}<p class=\"empty\">None so far.</p>");
    }
    let rows: String = heap
        .log
        .iter()
        .rev()
        .take(EVENTS)
        .map(|event| {
            let class = if event.outcome == "failed" { " class=\"failed\"" } else { "" };
            format!(
                "<tr{class}><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
                event.number,
                bytes(event.request),
                escaped(&event.region),
                bytes(event.free),
                bytes(event.largest),
                escaped(&event.outcome)
            )
        })
        .collect();
    format!(
        "{title}<table><thead><tr><th class=\"n\">number</th><th class=\"n\">asked for</th>\
         <th>in</th><th class=\"n\">free there</th><th class=\"n\">longest run</th><th>outcome</th>\
         </tr></thead><tbody>{rows}</tbody></table>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::TEXT;

    #[test]
    fn the_page_stands_alone() {
        let page = page("a <board>");
        assert!(page.contains("The heap of a &lt;board&gt;") && page.contains("--paper"));
        assert!(!page.contains("/* STYLE */"));
        for elsewhere in ["http://", "https://", "src=", "@import", "url(http"] {
            assert!(!page.contains(elsewhere), "{elsewhere}");
        }
        // Every piece of a view has its place.
        let view = serde_json::to_value(View::of(&History::default(), None)).unwrap();
        for (name, piece) in view.as_object().unwrap() {
            let is_piece = !matches!(name.as_str(), "busy" | "state");
            assert_eq!(page.contains(&format!("id=\"{name}\"")), is_piece || name == "state");
            assert!(
                !is_piece
                    || piece
                        .as_str()
                        .is_some_and(|piece| piece.starts_with('<') || name == "tiles")
            );
        }
    }

    #[test]
    fn a_view_says_what_the_heap_says() {
        let mut history = History::default();
        history.add(0.0, Snapshot::parse(TEXT).unwrap());
        let view = View::of(&history, Some(1.25));
        assert!(view.busy && view.state.contains("1.2 s"), "{}", view.state);
        assert!(view.tiles.contains("<b>19.1 %</b>"), "{}", view.tiles);
        assert!(view.tiles.contains("<b>2212 B</b>"), "{}", view.tiles);
        assert!(view.tiles.contains("12 young, 3 full, 2 cycles, 0 compacted"), "{}", view.tiles);
        assert!(view.map.contains("sram (fast)") && view.timeline.contains("In use"));
        let (failed, fell_back) = (view.events.find("failed<"), view.events.find("fell back<"));
        assert!(failed > fell_back && fell_back.is_some(), "the newest is first");
    }
}

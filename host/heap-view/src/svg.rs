//! `Svg`: a drawing as text.

use std::fmt::{Display, Write};

/// The size of a drawing, and what is in it.
#[derive(Debug)]
pub struct Svg {
    width: f64,
    height: f64,
    label: String,
    body: String,
}

/// Text as it stands in XML and HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// A coordinate, without digits that nobody sees.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Svg {
    /// An empty drawing; `label` says what it shows to those who do not see it.
    pub fn new(width: f64, height: f64, label: &str) -> Self {
        Self { width, height, label: escaped(label), body: String::new() }
    }

    /// A rectangle of a class, with a text that appears above it when it is pointed at.
    pub fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64), title: &str) {
        let _ = write!(
            self.body,
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}""#,
            short(x),
            short(y),
            short(w),
            short(h)
        );
        self.close(title, "rect");
    }

    /// A disc.
    pub fn disc(&mut self, class: &str, (x, y): (f64, f64), radius: f64, title: &str) {
        let (x, y, r) = (short(x), short(y), short(radius));
        let _ = write!(self.body, r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}""#);
        self.close(title, "circle");
    }

    fn close(&mut self, title: &str, name: &str) {
        let _ = match title {
            "" => writeln!(self.body, "/>"),
            _ => writeln!(self.body, "><title>{}</title></{name}>", escaped(title)),
        };
    }

    /// A path, in SVG's own notation.
    pub fn path(&mut self, class: &str, points: &str) {
        let _ = writeln!(self.body, r#"<path class="{class}" d="{points}"/>"#);
    }

    /// A line of text; the class says where it is anchored.
    pub fn text(&mut self, class: &str, (x, y): (f64, f64), text: impl Display) {
        let (x, y, text) = (short(x), short(y), escaped(&text.to_string()));
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#);
    }

    /// The drawing, for a page that has the style.
    pub fn fragment(&self) -> String {
        let view = format!("0 0 {} {}", short(self.width), short(self.height));
        format!("{}{HATCH}{}</svg>\n", self.head("", &view), self.body)
    }

    /// The drawing as a file of its own, with a margin.
    pub fn file(&self, style: &str) -> String {
        const MARGIN: f64 = 20.0;
        let (width, height) = (short(self.width + 2.0 * MARGIN), short(self.height + 2.0 * MARGIN));
        let size = format!("width=\"{width}\" height=\"{height}\" ");
        let head = self.head(&size, &format!("-{MARGIN} -{MARGIN} {width} {height}"));
        let paper = format!(
            "<rect class=\"paper\" x=\"-{MARGIN}\" y=\"-{MARGIN}\" width=\"{width}\" \
             height=\"{height}\"/>\n"
        );
        format!("{head}<style>{style}</style>\n{paper}{HATCH}{}</svg>\n", self.body)
    }

    fn head(&self, size: &str, view: &str) -> String {
        format!(
            "<svg {size}xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{view}\" \
             role=\"img\" aria-label=\"{}\">\n",
            self.label
        )
    }
}

/// Stripes over what is pinned.
const HATCH: &str = "<defs><pattern id=\"hatch\" width=\"4\" height=\"4\" \
    patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect class=\"pinned-paper\" width=\"4\" height=\"4\"/>\
    <rect class=\"pinned-ink\" width=\"2\" height=\"4\"/></pattern></defs>\n";

/// Bytes as people read them.
pub fn bytes(count: u64) -> String {
    const K: u64 = 1 << 10;
    const M: u64 = 1 << 20;
    match count {
        0..10_000 => format!("{count} B"),
        10_000..M => format!("{:.1} KB", count as f64 / K as f64),
        _ => format!("{:.2} MB", count as f64 / M as f64),
    }
}

/// A number with spaces between thousands.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        for (count, expect) in [
            (0, "0 B"),
            (9_999, "9999 B"),
            (315_392, "308.0 KB"),
            (8 << 20, "8.00 MB"),
            (5_246_696, "5.00 MB"),
        ] {
            assert_eq!(bytes(count), expect);
        }
        assert_eq!(number(1_234_567).replace('\u{202f}', " "), "1 234 567");
        assert_eq!(number(999), "999");
    }

    #[test]
    fn text_cannot_break_out() {
        let mut svg = Svg::new(10.0, 10.0, "a \"b\"");
        svg.text("t", (1.0, 2.5), "</text><script>");
        svg.rect("r", (0.0, 0.0), (1.0, 1.0), "a & b");
        let text = svg.fragment();
        assert!(
            text.contains("&lt;/text&gt;&lt;script&gt;") && !text.contains("<script"),
            "{text}"
        );
        assert!(text.contains("<title>a &amp; b</title>") && text.contains("a &quot;b&quot;"));
        assert!(svg.file("x{}").starts_with("<svg width=\"50\" height=\"50\" xmlns="));
    }
}

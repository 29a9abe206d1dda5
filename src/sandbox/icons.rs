//! Icons of the catalogue: our own drawings with a colour and a shape, no copies of logos.

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Icon {
    pub(super) shape: String,
    /// `#rrggbb`, dark enough for white on it.
    pub(super) colour: String,
}

impl Icon {
    /// An SVG of 64 by 64: a white shape in a box of 40. `currentColor` is the tile's colour.
    pub(super) fn svg(&self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\">\
             <rect width=\"64\" height=\"64\" rx=\"15\" fill=\"{0}\"/>\
             <g color=\"{0}\" fill=\"#fff\" stroke=\"#fff\" stroke-width=\"0\" stroke-linecap=\"round\" stroke-linejoin=\"round\">{1}</g>\
             </svg>",
            self.colour,
            drawing(&self.shape).unwrap_or_default()
        )
    }
}

fn drawing(shape: &str) -> Option<&'static str> {
    Some(match shape {
        "petals" => {
            r#"<g fill-opacity=".8"><ellipse cx="32" cy="21" rx="7" ry="10"/><ellipse cx="32" cy="43" rx="7" ry="10"/><ellipse cx="21" cy="32" rx="10" ry="7"/><ellipse cx="43" cy="32" rx="10" ry="7"/></g>"#
        }
        "orbit" => {
            r#"<circle cx="32" cy="32" r="7"/><ellipse cx="32" cy="32" rx="20" ry="9" fill="none" stroke-width="3.5" transform="rotate(-35 32 32)"/><circle cx="48" cy="20" r="4.5"/>"#
        }
        "cloud" => {
            r#"<circle cx="23" cy="37" r="9"/><circle cx="41" cy="37" r="9"/><circle cx="32" cy="29" r="11"/><rect x="22" y="34" width="20" height="12"/>"#
        }
        "steps" => {
            r#"<rect x="12" y="36" width="12" height="14" rx="2" fill-opacity=".55"/><rect x="26" y="25" width="12" height="25" rx="2" fill-opacity=".8"/><rect x="40" y="14" width="12" height="36" rx="2"/>"#
        }
        "funnel" => r#"<path d="M13 15h38L37 34v16l-10-5V34z"/>"#,
        "flag" => r#"<rect x="14" y="12" width="4" height="40" rx="2"/><path d="M20 14h31l-8 10 8 10H20z"/>"#,
        "rings" => {
            r#"<g fill="none" stroke-width="4.5"><circle cx="32" cy="32" r="18"/><circle cx="32" cy="32" r="9" stroke-opacity=".65"/></g><circle cx="32" cy="32" r="3"/>"#
        }
        "envelope" => {
            r#"<rect x="12" y="18" width="40" height="29" rx="4" fill-opacity=".75"/><path d="M13 21l19 14 19-14" fill="none" stroke-width="4"/>"#
        }
        "page" => {
            r#"<path d="M18 12h20l10 10v30H18z" fill-opacity=".85"/><path d="M24 30h17M24 37h17M24 44h10" stroke="currentColor" stroke-width="3"/>"#
        }
        "calendar" => {
            r#"<rect x="13" y="15" width="38" height="36" rx="5" fill="none" stroke-width="4"/><path d="M13 25h38" stroke-width="4"/><circle cx="24" cy="34" r="3"/><circle cx="34" cy="34" r="3"/><circle cx="24" cy="43" r="3"/>"#
        }
        "grid" => {
            r#"<rect x="13" y="13" width="17" height="17" rx="4"/><rect x="34" y="13" width="17" height="17" rx="4" fill-opacity=".6"/><rect x="13" y="34" width="17" height="17" rx="4" fill-opacity=".6"/><rect x="34" y="34" width="17" height="17" rx="4"/>"#
        }
        "bars" => {
            r#"<rect x="12" y="16" width="40" height="8" rx="4"/><rect x="12" y="28" width="28" height="8" rx="4" fill-opacity=".75"/><rect x="12" y="40" width="34" height="8" rx="4" fill-opacity=".55"/>"#
        }
        "dots" => {
            r#"<circle cx="32" cy="20" r="9"/><circle cx="20" cy="41" r="9" fill-opacity=".8"/><circle cx="44" cy="41" r="9" fill-opacity=".8"/>"#
        }
        "columns" => {
            r#"<rect x="13" y="13" width="17" height="38" rx="4"/><rect x="34" y="13" width="17" height="23" rx="4" fill-opacity=".75"/>"#
        }
        "chevrons" => {
            r#"<g fill="none" stroke-width="6"><path d="M15 31l17-15 17 15"/><path d="M15 47l17-15 17 15" stroke-opacity=".6"/></g>"#
        }
        "bag" => {
            r#"<path d="M16 24h32l3 27H13z"/><path d="M24 28v-7a8 8 0 0 1 16 0v7" fill="none" stroke-width="4" stroke-opacity=".75"/>"#
        }
        "triangle" => r#"<path d="M12 48L32 14l20 34z" fill-opacity=".6"/><path d="M22 48l10-17 10 17z"/>"#,
        "clover" => {
            r#"<circle cx="24" cy="24" r="9.5"/><circle cx="40" cy="24" r="9.5" fill-opacity=".75"/><circle cx="24" cy="40" r="9.5" fill-opacity=".75"/><circle cx="40" cy="40" r="9.5"/>"#
        }
        "hexagon" => {
            r#"<path d="M32 11l18 10.5v21L32 53 14 42.5v-21z" fill-opacity=".6"/><path d="M32 22l9 5v10l-9 5-9-5V27z"/>"#
        }
        "gear" => {
            r#"<circle cx="32" cy="32" r="11" fill="none" stroke-width="6"/><path d="M32 11v6M32 47v6M11 32h6M47 32h6M17 17l4 4M43 43l4 4M47 17l-4 4M21 43l-4 4" stroke-width="5"/>"#
        }
        "waves" => {
            r#"<g fill="none" stroke-width="5"><path d="M11 22c7-8 14 8 21 0s14 8 21 0"/><path d="M11 34c7-8 14 8 21 0s14 8 21 0" stroke-opacity=".75"/><path d="M11 46c7-8 14 8 21 0s14 8 21 0" stroke-opacity=".5"/></g>"#
        }
        "brackets" => {
            r#"<g fill="none" stroke-width="5"><path d="M25 14H15v36h10"/><path d="M39 14h10v36H39"/></g><circle cx="32" cy="32" r="5"/>"#
        }
        "cross" => r#"<path d="M17 17l30 30M47 17L17 47" stroke-width="8"/><circle cx="32" cy="32" r="8"/>"#,
        "leaf" => {
            r#"<path d="M14 50c0-22 12-36 37-36 0 25-14 36-37 36z"/><path d="M14 50l22-21" fill="none" stroke="currentColor" stroke-width="3"/>"#
        }
        "kite" => r#"<path d="M32 11l19 19-19 23z"/><path d="M32 11L13 30l19 23z" fill-opacity=".6"/>"#,
        "arch" => {
            r#"<path d="M14 50V32a18 18 0 0 1 36 0v18h-9V32a9 9 0 0 0-18 0v18z"/><circle cx="32" cy="45" r="5" fill-opacity=".7"/>"#
        }
        "ticket" => {
            r#"<path d="M12 19h40v8a5 5 0 0 0 0 10v8H12v-8a5 5 0 0 0 0-10z"/><path d="M38 23v18" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="1 6"/>"#
        }
        "bubble" => {
            r#"<path d="M12 16h40v26H30L19 52V42h-7z" fill-opacity=".85"/><g fill="currentColor"><circle cx="23" cy="29" r="3"/><circle cx="32" cy="29" r="3"/><circle cx="41" cy="29" r="3"/></g>"#
        }
        "headset" => {
            r#"<path d="M16 36v-4a16 16 0 0 1 32 0v4" fill="none" stroke-width="4.5"/><rect x="12" y="33" width="10" height="15" rx="4"/><rect x="42" y="33" width="10" height="15" rx="4"/>"#
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;
    use super::*;

    /// The contrast of white with that colour, by WCAG 2.2.
    fn contrast_with_white(colour: &str) -> f64 {
        let part = |at: usize| {
            let share = f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        1.05 / (0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) + 0.05)
    }

    #[test]
    fn every_icon_is_drawn_differs_and_can_be_seen() {
        let catalogue = Catalogue::load().unwrap();
        let mut seen = std::collections::HashSet::new();
        for icon in catalogue.all().iter().filter_map(|connector| connector.icon.as_ref()) {
            assert!(drawing(&icon.shape).is_some(), "{icon:?}");
            assert!(seen.insert(icon.shape.clone()) && seen.insert(icon.colour.clone()), "{icon:?} is there twice");
            assert!(contrast_with_white(&icon.colour) >= 4.5, "{icon:?}");
        }
    }
}

//! Icons of the catalogue: our own drawings with a colour and a shape, no copies of logos.

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Icon {
    /// `#rrggbb`, dark enough for white on it.
    pub(super) colour: String,
    /// A white shape in SVG, in the box of 64 by 64.
    drawing: String,
}

impl Icon {
    /// An SVG of 64 by 64: the drawing in a box of 40. `currentColor` is the tile's colour.
    pub(super) fn svg(&self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\">\
             <rect width=\"64\" height=\"64\" rx=\"15\" fill=\"{0}\"/>\
             <g color=\"{0}\" fill=\"#fff\" stroke=\"#fff\" stroke-width=\"0\" stroke-linecap=\"round\" stroke-linejoin=\"round\">{1}</g>\
             </svg>",
            self.colour, self.drawing
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;

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
            assert!(icon.drawing.starts_with('<'), "{icon:?}");
            assert!(seen.insert(icon.drawing.clone()) && seen.insert(icon.colour.clone()), "{icon:?} is there twice");
            assert!(contrast_with_white(&icon.colour) >= 4.5, "{icon:?}");
        }
    }
}

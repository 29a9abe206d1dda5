//! Tile for an app without an icon: its initials on a background colour.

use crate::domain::{connector::Connector, keys::Digest};

/// Minimum contrast ratio (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

pub(super) fn draw(connector: &Connector) -> String {
    let digest = Digest::of(connector.id.as_str().to_ascii_lowercase().as_bytes()).to_text();
    let turn = digest.bytes().take(8).fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let [red, green, blue] = background(f64::from(turn % 360));
    let letters = initials(&connector.name).or_else(|| initials(connector.id.as_str())).unwrap_or_default();
    let size = if letters.chars().count() > 1 { 26 } else { 32 };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\" viewBox=\"0 0 64 64\">\
         <rect width=\"64\" height=\"64\" rx=\"14\" fill=\"#{red:02x}{green:02x}{blue:02x}\"/>\
         <text x=\"32\" y=\"33\" fill=\"#fff\" font-family=\"system-ui, sans-serif\" font-size=\"{size}\" \
         font-weight=\"600\" text-anchor=\"middle\" dominant-baseline=\"central\">{letters}</text></svg>"
    )
}

/// Only letters and digits, so that nothing needs escaping.
fn initials(name: &str) -> Option<String> {
    let first = |word: &str| word.chars().find(|letter| letter.is_alphanumeric());
    let letters: String = name.split([' ', '-', '_']).filter_map(first).take(2).collect();
    (!letters.is_empty()).then(|| letters.to_uppercase())
}

/// The lightest background of that hue (0 to 359 degrees) with enough contrast to white.
fn background(hue: f64) -> [u8; 3] {
    let lightest = (0..=60).rev().map(|percent| rgb(hue, 0.55, f64::from(percent) / 100.0));
    lightest.into_iter().find(|&colour| contrast_with_white(colour) >= CONTRAST).unwrap_or([0, 0, 0])
}

/// HSL to sRGB (CSS Color 4, section 7.1).
fn rgb(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|place: f64| {
        let turn = (place + hue / 30.0) % 12.0;
        let channel = lightness - reach * (turn - 3.0).min(9.0 - turn).clamp(-1.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
        let byte = (channel * 255.0).round() as u8;
        byte
    })
}

/// The contrast ratio of WCAG 2.2: 1 to 21.
fn contrast_with_white(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|byte| {
        let channel = f64::from(byte) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_read_on_every_hue() {
        for hue in 0..360 {
            let colour = background(f64::from(hue));
            assert!(contrast_with_white(colour) >= CONTRAST, "{hue}: {colour:?}");
            assert_ne!(colour, [0, 0, 0], "{hue}");
        }
        assert!((contrast_with_white([0, 0, 0]) - 21.0).abs() < 0.01);
    }

    #[test]
    fn initials_hold_nothing_that_svg_would_read() {
        assert_eq!(initials("Google Calendar").as_deref(), Some("GC"));
        assert_eq!(initials("HubSpot").as_deref(), Some("H"));
        assert_eq!(initials("<script> &amp;").as_deref(), Some("SA"));
        assert_eq!(initials("***"), None);
    }
}

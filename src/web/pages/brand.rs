//! The host's colour as a stylesheet with sufficient contrast.

use std::fmt::Write as _;

/// `--soft` of `static/app.css`, light and dark: the background with the least contrast to the colour.
const SOFT: [Color; 2] = [Color([240, 241, 244]), Color([38, 41, 47])];
const BLACK: Color = Color([0, 0, 0]);
const WHITE: Color = Color([255, 255, 255]);

/// Minimum contrast of text (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Minimum contrast of a control's edge (WCAG 2.2, 1.4.11).
const EDGE: f64 = 3.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Color([u8; 3]);

/// Returns the stylesheet of custom properties for a colour `#rrggbb`, or `None` if it is malformed. The button has the
/// exact colour, with black or white text by contrast. Links, focus rings and the button's edge are darkened on the
/// light page and lightened on the dark one until the contrast suffices.
pub(crate) fn css(color: &str) -> Option<String> {
    let color = Color::parse(color)?;
    let [light, dark] = SOFT;
    let mut css = String::from(":root{");
    properties(&mut css, color, light, BLACK);
    css.push_str("}@media (prefers-color-scheme:dark){:root{");
    properties(&mut css, color, dark, WHITE);
    css.push_str("}}\n");
    Some(css)
}

fn properties(css: &mut String, color: Color, surface: Color, towards: Color) {
    let on = if color.contrast(WHITE) >= TEXT { WHITE } else { BLACK };
    let away = if on == WHITE { BLACK } else { WHITE };
    let values = [
        ("accent", color),
        ("accent-hover", color.mixed(away, 0.14)),
        ("on-accent", on),
        ("accent-edge", color.until(EDGE, surface, towards)),
        ("accent-ink", color.until(TEXT, surface, towards)),
    ];
    for (name, Color([red, green, blue])) in values {
        // Writing to a string cannot fail.
        let _ = write!(css, "--{name}:#{red:02x}{green:02x}{blue:02x};");
    }
}

impl Color {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(Self([red, green, blue]))
    }

    /// The relative luminance (WCAG 2.2): 0 is black, 1 is white.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let Self([red, green, blue]) = self;
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The contrast ratio (WCAG 2.2), from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn mixed(self, other: Self, share: f64) -> Self {
        let Self([red, green, blue]) = self;
        let Self([other_red, other_green, other_blue]) = other;
        let mix = |from: u8, to: u8| channel(f64::from(from) + (f64::from(to) - f64::from(from)) * share);
        Self([mix(red, other_red), mix(green, other_green), mix(blue, other_blue)])
    }

    fn until(self, contrast: f64, surface: Self, towards: Self) -> Self {
        let mixtures = (0..20).map(|step| self.mixed(towards, f64::from(step) / 20.0));
        mixtures.into_iter().find(|mixture| mixture.contrast(surface) >= contrast).unwrap_or(towards)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of a byte first")]
fn channel(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(css: &str, name: &str) -> Color {
        let (_, rest) = css.split_once(&format!("--{name}:")).expect(name);
        rest.get(..7).and_then(Color::parse).expect("a colour")
    }

    #[test]
    fn every_colour_gives_readable_text_in_light_and_dark() {
        let steps = [0u8, 51, 102, 119, 128, 153, 204, 255];
        for place in 0..steps.len().pow(3) {
            let step = |divisor| steps[place / divisor % steps.len()];
            let (red, green, blue) = (step(1), step(8), step(64));
            let css = css(&format!("#{red:02X}{green:02x}{blue:02x}")).unwrap();
            for (part, surface) in css.split("@media").zip(SOFT) {
                let on = value(part, "on-accent");
                assert!(on.contrast(value(part, "accent")) >= TEXT, "{part}");
                assert!(on.contrast(value(part, "accent-hover")) >= TEXT, "{part}");
                assert!(value(part, "accent-ink").contrast(surface) >= TEXT, "{part}");
                assert!(value(part, "accent-edge").contrast(surface) >= EDGE, "{part}");
            }
        }
    }

    #[test]
    fn only_a_colour_becomes_a_stylesheet() {
        for text in ["", "red", "#fff", "2150d8", "#2150d8;", "#+150d8", "#2150dg", "#ééé", "#2150d8}body{display:none"]
        {
            assert_eq!(css(text), None, "{text}");
        }
    }

    fn own(part: &str, name: &str) -> Color {
        let (_, rest) = part.split_once(&format!("--{name}: ")).expect(name);
        rest.get(..7).and_then(Color::parse).expect("a colour")
    }

    #[test]
    fn our_own_colours_are_readable_too() {
        let css = include_str!("../../../static/app.css");
        let (light, rest) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
        for (part, soft) in [light, rest].into_iter().zip(SOFT) {
            assert_eq!(own(part, "soft"), soft);
            for (text, background) in [
                ("text", "surface"),
                ("text", "ground"),
                ("quiet", "surface"),
                ("quiet", "ground"),
                ("on-accent", "accent"),
                ("on-accent", "accent-hover"),
                ("accent-ink", "surface"),
                ("accent-ink", "ground"),
                ("accent-ink", "soft"),
                ("bad", "surface"),
                ("bad", "bad-soft"),
                ("good", "good-soft"),
                ("warn", "warn-soft"),
                ("quiet", "soft"),
            ] {
                let contrast = own(part, text).contrast(own(part, background));
                assert!(contrast >= TEXT, "{text} on {background}: {contrast:.2}");
            }
            assert!(own(part, "edge").contrast(own(part, "surface")) >= EDGE);
        }
    }
}

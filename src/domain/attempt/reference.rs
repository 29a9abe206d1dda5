//! Short reference for support requests: `K7F3-92QD`.

use std::fmt;

use uuid::Uuid;

/// Eight characters of Crockford's base 32 (no I, L, O, U), from the 40 random bits at the end of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference([u8; 8]);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reference {
    pub fn of(id: Uuid) -> Self {
        let bits = id.as_u128();
        Self(std::array::from_fn(|place| {
            let digit = usize::try_from((bits >> (35 - 5 * place)) & 31).unwrap_or_default();
            ALPHABET.get(digit).copied().unwrap_or(b'0')
        }))
    }

    /// Parses typed input: any case, with or without the hyphen, `O` for 0 and `I` or `L` for 1.
    pub fn parse(raw: &str) -> Option<Self> {
        let digits: Vec<u8> = raw
            .bytes()
            .filter(|byte| !matches!(byte, b'-' | b' '))
            .map(|byte| match byte.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            })
            .collect();
        let digits: [u8; 8] = digits.try_into().ok()?;
        digits.iter().all(|digit| ALPHABET.contains(digit)).then_some(Self(digits))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, &digit) in self.0.iter().enumerate() {
            let hyphen = if place == 4 { "-" } else { "" };
            write!(out, "{hyphen}{}", char::from(digit))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_people_write_it() {
        let reference = Reference::of(Uuid::from_u128(0x0000_0012_3456_789a));
        let shown = reference.to_string();
        assert_eq!(shown.len(), 9);
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', ""), shown.replace('0', "o")] {
            assert_eq!(Reference::parse(&typed), Some(reference), "{typed}");
        }
        assert_eq!(Reference::parse("K7F3-92Q"), None);
        assert_eq!(Reference::parse("K7F3-92QU"), None);
    }
}

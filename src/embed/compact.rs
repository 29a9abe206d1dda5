//! Scripts as they are served: without comments, and without blanks that only their readers need.

/// Removes line comments and blanks. The script must end its statements with semicolons, and its regular expressions must
/// hold neither blanks, quotes nor `//`.
pub(crate) fn compact(script: &str) -> String {
    let mut compacted = String::with_capacity(script.len());
    let mut rest = script.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|next| *next != '\n').is_some() {},
            '"' | '\'' | '`' => {
                compacted.push(character);
                while let Some(next) = rest.next() {
                    compacted.push(next);
                    if next == character {
                        break;
                    }
                    if next == '\\' {
                        compacted.extend(rest.next());
                    }
                }
            }
            _ if character.is_whitespace() => {
                while rest.next_if(|next| next.is_whitespace()).is_some() {}
                if compacted.ends_with(is_identifier) && rest.peek().copied().is_some_and(is_identifier) {
                    compacted.push(' ');
                }
            }
            _ => compacted.push(character),
        }
    }
    compacted
}

fn is_identifier(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_go() {
        let script = "// A comment.\nexport const x = async (a) => {\n  // \"Quoted\"\n  return a ?? 1; // at the end\n};\nlet y;\n";
        assert_eq!(compact(script), "export const x=async(a)=>{return a??1;};let y;");
    }

    #[test]
    fn texts_stay() {
        for text in [r#""a  // b""#, r"'it\'s  so'", "`${a}  // ${b}`", r#""\\""#] {
            assert_eq!(compact(&format!("x = {text} ;")), format!("x={text};"));
        }
    }

    #[test]
    fn names_stay_apart() {
        assert_eq!(compact("new A\n  in $b // c\nof _d"), "new A in $b of _d");
    }
}

//! Rust source as a flat row of tokens, without comments.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One token and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
    /// Without quotes, if it is a text.
    pub(super) text: String,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A text in quotes, plain or raw, with its escapes.
    Text,
    /// `::`, or any other character by itself.
    Mark,
}

impl Token {
    pub(super) fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// The tokens of a source. Doc comments are comments too, although the compiler reads them as attributes.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let stream: TokenStream = source.parse().expect("Rust source");
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    tokens
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let mut push = |kind, text: &str| tokens.push(Token { line, kind, text: text.to_owned() });
        match tree {
            TokenTree::Ident(name) => push(Kind::Word, name.to_string().trim_start_matches("r#")),
            TokenTree::Literal(literal) => match quoted(&literal.to_string()) {
                Some(text) => push(Kind::Text, text),
                None if literal.to_string().ends_with('\'') => {}
                None => push(Kind::Word, &literal.to_string()),
            },
            TokenTree::Punct(mark) if mark.as_char() == ':' && mark.spacing() == Spacing::Joint => {
                trees.next();
                push(Kind::Mark, "::");
            }
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let inner = trees.next_if(|next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!'));
                if trees.next_if(is_doc).is_none() {
                    push(Kind::Mark, "#");
                    if inner.is_some() {
                        push(Kind::Mark, "!");
                    }
                }
            }
            TokenTree::Punct(mark) => push(Kind::Mark, &mark.as_char().to_string()),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                push(Kind::Mark, open);
                flatten(group.stream(), tokens);
                let line = group.span_close().start().line;
                tokens.push(Token { line, kind: Kind::Mark, text: close.to_owned() });
            }
        }
    }
}

/// The text of a string literal, plain, raw, of bytes or for C.
fn quoted(literal: &str) -> Option<&str> {
    let text = literal.trim_start_matches(['b', 'c', 'r']);
    text.trim_matches('#').strip_prefix('"')?.strip_suffix('"')
}

fn is_doc(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    let mut inside = group.stream().into_iter();
    group.delimiter() == Delimiter::Bracket
        && matches!(inside.next(), Some(TokenTree::Ident(name)) if name == "doc")
        && matches!(inside.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '=')
}

#[test]
fn comments_texts_and_code_are_told_apart() {
    let source = r##"
        // sqlx in a comment, "and a quote
        /* sqlx /* nested */ still */ let a = "// no comment \" sqlx";
        /// A doc comment: sqlx.
        let b = r#"raw " sqlx"#; let c: &'static str = 'x'; let d = ('"', '\'', '\u{1F}', b'"', r#type);
        std::env::var("y")
    "##;
    let tokens = tokens(source);
    let of = |kind| tokens.iter().filter(move |token| token.kind == kind).map(|token| token.text.as_str());
    assert_eq!(of(Kind::Text).collect::<Vec<_>>(), ["// no comment \\\" sqlx", "raw \" sqlx", "y"]);
    let words = of(Kind::Word).collect::<Vec<_>>().join(" ");
    assert_eq!(words, "let a let b let c static str let d type std env var");
    assert_eq!(tokens.last().expect("a token").line, 6);
}

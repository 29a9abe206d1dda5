//! Rust source as tokens: enough of the language to tell code from comments and from texts.

/// One token and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
    /// Without quotes, if it is a text.
    pub(super) text: String,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A text in quotes, plain or raw.
    Text,
    /// `::`, or any other character by itself.
    Mark,
}

impl Token {
    pub(super) fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// The tokens of a source, without its comments.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { chars: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while reader.at < reader.chars.len() {
        reader.step();
    }
    reader.tokens
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader {
    /// The character so many places ahead; NUL after the end.
    fn ahead(&self, places: usize) -> char {
        self.chars.get(self.at + places).copied().unwrap_or_default()
    }

    fn take(&mut self) -> char {
        let taken = self.ahead(0);
        self.line += usize::from(taken == '\n');
        self.at += 1;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while self.at < self.chars.len() && wanted(self.ahead(0)) {
            taken.push(self.take());
        }
        taken
    }

    fn step(&mut self) {
        let line = self.line;
        match (self.ahead(0), self.ahead(1)) {
            ('/', '/') => drop(self.take_while(|character| character != '\n')),
            ('/', '*') => self.comment(),
            ('"', _) => self.text(line),
            ('\'', _) => self.character(),
            (':', ':') => {
                self.at += 2;
                self.push(line, Kind::Mark, "::".to_owned());
            }
            (first, _) if first.is_alphanumeric() || first == '_' => self.word(line),
            (first, _) => {
                self.take();
                if !first.is_whitespace() {
                    self.push(line, Kind::Mark, first.to_string());
                }
            }
        }
    }

    fn push(&mut self, line: usize, kind: Kind, text: String) {
        self.tokens.push(Token { line, kind, text });
    }

    /// Comments nest.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match (self.ahead(0), self.ahead(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth = depth.saturating_sub(1),
                _ => {
                    self.take();
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    fn text(&mut self, line: usize) {
        self.take();
        let mut text = String::new();
        while self.at < self.chars.len() && self.ahead(0) != '"' {
            if self.ahead(0) == '\\' {
                text.push(self.take());
            }
            text.push(self.take());
        }
        self.take();
        self.push(line, Kind::Text, text);
    }

    fn raw_text(&mut self, line: usize) {
        let hashes = self.take_while(|character| character == '#');
        self.take();
        let end: Vec<char> = format!("\"{hashes}").chars().collect();
        let mut text = String::new();
        while self.at < self.chars.len() && !self.chars.get(self.at..).is_some_and(|rest| rest.starts_with(&end)) {
            text.push(self.take());
        }
        self.at += end.len();
        self.push(line, Kind::Text, text);
    }

    /// A character in quotes is passed over; of a lifetime the quote is.
    fn character(&mut self) {
        let escaped = self.ahead(1) == '\\';
        if escaped || self.ahead(2) == '\'' {
            self.at += if escaped { 3 } else { 2 };
            self.take_while(|character| character != '\'');
        }
        self.take();
    }

    fn word(&mut self, line: usize) {
        let word = self.take_while(|character| character.is_alphanumeric() || character == '_');
        let hashes = (0..).take_while(|&places| self.ahead(places) == '#').count();
        match word.as_str() {
            "r" | "br" | "cr" if self.ahead(hashes) == '"' => self.raw_text(line),
            "b" | "c" if self.ahead(0) == '"' => self.text(line),
            "r" if hashes == 1 => drop(self.take()),
            _ => self.push(line, Kind::Word, word),
        }
    }
}

#[test]
fn comments_texts_and_code_are_told_apart() {
    let source = r##"
        // sqlx in a comment, "and a quote
        /* sqlx /* nested */ still */ let a = "// no comment \" sqlx";
        let b = r#"raw " sqlx"#; let c: &'static str = 'x'; let d = ('"', '\'', '\u{1F}', b'"', r#type);
        std::env::var("y")
    "##;
    let tokens = tokens(source);
    let of = |kind| tokens.iter().filter(move |token| token.kind == kind).map(|token| token.text.as_str());
    assert_eq!(of(Kind::Text).collect::<Vec<_>>(), ["// no comment \\\" sqlx", "raw \" sqlx", "y"]);
    let words = of(Kind::Word).collect::<Vec<_>>().join(" ");
    assert_eq!(words, "let a let b let c static str let d b type std env var");
    assert_eq!(tokens.last().expect("a token").line, 5);
}

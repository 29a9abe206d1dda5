//! The house rules, held by reading the sources: who may know whom, and what stands where. Each test first breaks its
//! rule on a snippet, so that it is known to be able to fail, and then holds the whole product to it.
#![expect(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

mod architecture {
    mod attempts;
    mod cookies;
    mod dependencies;
    mod documents;
    mod files;
    mod guide;
    mod modules;
    mod rule;
    mod source;
    mod tokens;
    mod vocabulary;
    mod words;
}

//! The `gangway` program: arguments, then hand over.

fn main() {}

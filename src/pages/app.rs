//! An app, and an account of it that is connected.

use super::{Day, Name};

/// An app as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct App {
    /// Its name.
    pub name: Name,
    /// Its picture, served by us, square; without one its first letter is shown.
    pub icon_url: Option<String>,
}

/// An account at an app that the host can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What it is called, such as *Jane's Slack*.
    pub name: Name,
    /// Since when it is connected, if that is known.
    pub since: Option<Day>,
    /// The page on which it is connected anew.
    pub reconnect_url: Option<String>,
}

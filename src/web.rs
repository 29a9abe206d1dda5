//! The HTTP layer of the pages: routes, middleware, request extractors, pages and static files.

pub mod admin;
pub mod assets;
pub(crate) mod cookies;
pub mod middleware;
pub mod pages;
pub mod problem;
pub mod request;
pub(crate) mod return_url;
pub mod routes;
pub(crate) mod site;
pub mod static_files;
pub mod style;
pub mod views;

pub(crate) use site::Site;

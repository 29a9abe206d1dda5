//! Middleware, one concern a file.

pub mod arrived;
pub mod browser_session;
pub mod callback_path;
pub mod decodable_path;
pub mod departure;
pub mod held;
pub mod language;
pub mod loopback_host;
pub mod measured;
pub mod old_protocol;
pub mod own_cookies;
pub mod problem_page;
pub mod rate_headers;
pub mod rate_limit;
pub mod request_deadline;
pub mod request_id;
pub mod same_origin;
pub mod security_headers;
pub mod uri_length;

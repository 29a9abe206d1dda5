//! Protection of Alloy, and from its outages. `tower` and `failsafe` decide per call; these layers also need the page's
//! deadline, one probe per pause and two pools for one client.

pub(in crate::alloy) mod breaker;
pub(in crate::alloy) mod rate_limit_pause;
pub(in crate::alloy) mod retry;
pub(in crate::alloy) mod slots;

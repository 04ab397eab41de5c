//! Layer 0: what everything else stands on, and what knows nothing of articles or sites.

pub mod date;
pub mod diagnostic;
pub mod fingerprint;
pub mod language;
pub mod near;
pub mod packed;
pub mod qr;
pub mod seldom;
pub mod slug;
pub mod text;
pub mod yaml;

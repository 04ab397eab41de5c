//! What the integration tests share.

pub mod chromium;
pub mod corpus;
pub mod disk;
pub mod editor;
pub mod fake;
pub mod fixture;
pub mod font;
pub mod links;
pub mod search;
pub mod served;
pub mod server;
pub mod tree;

//! What the integration tests share.

pub mod corpus;
pub mod fixture;
pub mod links;

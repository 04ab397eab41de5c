//! Chinese and other text: which script a text is in, and what it counts.

pub mod count;
pub mod emoji;
pub mod script;
pub mod terms;
pub mod ticker;

//! The contract with templates as data: every type of a view, its fields, and which template prints
//! it. `contract.txt` is made from `view.rs` and the types that it names by `tests/contract.rs`
//! (`UPDATE=1`), which fails where the two differ.

use crate::theme::usage::Contract;

/// What templates get.
pub fn contract() -> Contract {
    Contract::read(include_str!("contract.txt"))
}

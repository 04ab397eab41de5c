//! The masthead command: parse, run, exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(masthead::cli::run(std::env::args_os()))
}

//! Commands and flags, progress and reports on the terminal.

mod command;
mod import;
mod serve;
mod theme;
mod timings;

use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use command::Purpose;

/// A static site generator for news portals.
#[derive(Debug, Parser)]
#[command(name = "masthead", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a small site to start from
    New {
        /// Where to make it; must not exist, or be empty
        dir: PathBuf,
    },
    /// Build the portal into the output directory
    Build(Common),
    /// Show the portal in a browser, and every change as soon as it is saved
    Serve(Serve),
    /// Say what a build would say, and write nothing
    Check(Check),
    /// Turn raw text dumps into Markdown to look through, with full-width punctuation
    Import(Import),
    /// Show files of the built-in theme, or copy them into the site to change them
    Theme {
        #[command(subcommand)]
        wish: ThemeWish,
    },
}

/// What is wished of the built-in theme.
#[derive(Debug, Subcommand)]
enum ThemeWish {
    /// List its files, and which of them the site has its own of
    List {
        /// The site's root
        #[arg(long, value_name = "DIR", default_value = ".")]
        root: PathBuf,
    },
    /// Print a file as it is copied
    Show {
        /// Its name, such as article.html or site.css
        name: String,
    },
    /// Copy files into the site, where they take the place of the built-in ones
    Eject {
        /// Their names, such as article.html or site.css
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        /// The site's root
        #[arg(long, value_name = "DIR", default_value = ".")]
        root: PathBuf,
    },
}

/// What commands that read a site have in common.
#[derive(Debug, Args)]
struct Common {
    /// The site's root
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The output directory [default: public in the root]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Where the portal will stand, instead of base_url in masthead.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Show drafts
    #[arg(long)]
    drafts: bool,
    /// The moment to build for, instead of now
    #[arg(long, value_name = "RFC3339")]
    as_of: Option<String>,
    /// Fail on warnings
    #[arg(long)]
    strict: bool,
    /// Print the report as JSON on stdout
    #[arg(long)]
    json: bool,
    /// Say where the time went: by stage and template, and the slowest pages
    #[arg(long)]
    timings: bool,
    /// How many threads to use [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Say only what is wrong
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Show all that is wrong, and what was added, changed and removed
    #[arg(short, long)]
    verbose: bool,
}

/// What a check goes by.
#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    common: Common,
    /// List the characters of Simplified articles whose Traditional form can only be guessed
    #[arg(long)]
    scripts: bool,
    /// Suggest tags for articles without any
    #[arg(long)]
    tags: bool,
}

/// What a preview goes by.
#[derive(Debug, Args)]
struct Serve {
    /// The site's root
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Listen to other devices as well, at this address [default: 0.0.0.0 if none is named]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "0.0.0.0")]
    host: Option<IpAddr>,
    /// The port [default: 4000, or the next one that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Take the browser to the article that was just saved
    #[arg(long)]
    follow: bool,
    /// Show drafts, marked as such
    #[arg(long)]
    drafts: bool,
    /// Where the portal will stand, instead of base_url in masthead.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The moment to show the portal at, instead of now
    #[arg(long, value_name = "RFC3339")]
    as_of: Option<String>,
    /// Look through the site every second instead of being told of changes
    #[arg(long)]
    poll: bool,
    /// Say only what is wrong
    #[arg(short, long)]
    quiet: bool,
}

/// What an import goes by.
#[derive(Debug, Args)]
struct Import {
    /// Dumps, and folders of .txt files; a folder's name is the channel
    #[arg(required = true, value_name = "FILE_OR_DIR")]
    sources: Vec<PathBuf>,
    /// The site's root
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The channel of dumps whose folder is none [default: the site's first]
    #[arg(long, value_name = "ID")]
    channel: Option<String>,
    /// The moment that tells the year of dates without one, instead of now
    #[arg(long, value_name = "RFC3339")]
    as_of: Option<String>,
    /// Where the Markdown goes [default: content in the root]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Leave punctuation as it is
    #[arg(long)]
    keep_punctuation: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON on stdout
    #[arg(long)]
    json: bool,
    /// Say only what is wrong
    #[arg(short, long)]
    quiet: bool,
}

/// Done.
const DONE: u8 = 0;
/// The site has errors.
const ERRORS: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;

/// Runs a command line; gives the exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { DONE };
        }
    };
    let result = match cli.command {
        Command::New { dir } => command::new(&dir),
        Command::Build(common) => command::build(&common, Purpose::Build),
        Command::Serve(wishes) => serve::serve(&wishes),
        Command::Check(wishes) => {
            let Check {
                common,
                scripts,
                tags,
            } = wishes;
            command::build(&common, Purpose::Check { scripts, tags })
        }
        Command::Import(given) => import::import(&given),
        Command::Theme { wish } => theme::theme(&wish),
    };
    result.unwrap_or_else(|usage| {
        anstream::eprintln!("error: {usage}");
        USAGE
    })
}

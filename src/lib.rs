//! masthead: a static site generator for news portals.
//!
//! # The idea
//!
//! ```text
//! content/ ─read─▶ Facts ─assemble─▶ Site ─view(route)─▶ View ─render─▶ bytes ─▶ Sink
//!         one file at a time     index of all      all that one page shows
//! ```
//!
//! [`facts::Facts`] are what one file says. [`site::Site`] is the index over the facts of all
//! files. [`press::Press::sheet`] gives the view of a route: one typed value that holds everything
//! the page shows. It is folded twice: hashed, it is the page's fingerprint; serialised, it is
//! what the template sees. [`build`] renders the routes whose fingerprint is new. There is no
//! dependency graph: what a page depends on is what its view contains.
//!
//! # The laws
//!
//! 1. *Card law*: a page sees another article only as its [`site::card::Card`].
//! 2. *Stillness law*: an article page and a full list page read only the past.
//! 3. *No page reads another page's bytes.*
//! 4. *Nothing enters but through [`source::Source`], configuration and `now`.*
//!
//! # The walk of an article
//!
//! [`source::Source::list`] finds the file, [`facts::cache::look_at`] reads it if it changed, and
//! [`facts::facts`] takes its front matter and outline. [`site::assemble()`] gives it its place:
//! date, channel, tags, neighbours, URL, links. [`press::Press::sheet`] makes its view and
//! fingerprint; where that is new, [`press::Press::render`] reads the body and prints the page,
//! and [`build::build`] puts it into a [`sink::Sink`].
//!
//! Modules in layer order; each uses only those above it: [`base`]; [`source`], [`sink`];
//! [`facts`], [`theme`]; [`site`]; [`press`]; [`build`], [`import`].

pub mod base;
pub mod build;
pub mod cli;
pub mod config;
pub mod facts;
pub mod import;
pub mod new;
pub mod press;
pub mod serve;
pub mod sink;
pub mod site;
pub mod source;
pub mod theme;

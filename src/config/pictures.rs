//! In which widths pictures are made, and how well.

use super::complain;
use crate::base::yaml::{Complaints, Mapping};

/// How pictures are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictures {
    /// Whether they are made at all: else each is copied as it is.
    pub made: bool,
    /// The widths in pixels, ascending; a picture is never made larger than it is.
    pub widths: Vec<u32>,
    /// The quality of lossy WebP, 1 to 100.
    pub quality: u32,
}

impl Default for Pictures {
    fn default() -> Pictures {
        Pictures {
            made: true,
            widths: vec![480, 800, 1200, 1600],
            quality: 78,
        }
    }
}

/// Widths that may be asked for, and how many of them.
const WIDTHS: std::ops::RangeInclusive<u32> = 16..=4096;
const MOST: usize = 8;

/// `pictures: {widths: [480, 800], quality: 78}`, or `pictures: off`.
pub(super) fn read(keys: &mut Mapping, out: &mut Complaints) -> Pictures {
    let default = Pictures::default();
    if !keys.is_mapping("pictures") {
        let made = match keys.word("pictures").as_deref() {
            Some("off") => Some(false),
            Some("on") => Some(true),
            Some(other) => {
                let message = format!("`pictures` can't be `{other}`");
                let help = "write `pictures: off`, or `pictures: {widths: [480, 800]}`";
                out.push(complain(keys, "pictures", message, help));
                None
            }
            None => keys.boolean("pictures", out),
        };
        return Pictures {
            made: made.unwrap_or(default.made),
            ..default
        };
    }
    let Some(mut inner) = keys.mapping("pictures", "{widths: [480, 800]}", out) else {
        return default;
    };
    let pictures = Pictures {
        made: true,
        widths: widths(&mut inner, out).unwrap_or(default.widths),
        quality: quality(&mut inner, out).unwrap_or(default.quality),
    };
    inner.finish(out);
    pictures
}

fn widths(keys: &mut Mapping, out: &mut Complaints) -> Option<Vec<u32>> {
    let given = keys.texts("widths", out);
    if given.is_empty() {
        return None;
    }
    let read = |text: &String| text.parse().ok().filter(|width| WIDTHS.contains(width));
    let widths: Option<Vec<u32>> = given.iter().map(read).collect();
    let Some(mut widths) = widths.filter(|widths| widths.len() <= MOST) else {
        let (least, most) = (WIDTHS.start(), WIDTHS.end());
        let message =
            format!("`pictures.widths` takes at most {MOST} numbers from {least} to {most}");
        let help = "write `widths: [480, 800, 1200, 1600]`";
        out.push(complain(keys, "widths", message, help));
        return None;
    };
    widths.sort_unstable();
    widths.dedup();
    Some(widths)
}

fn quality(keys: &mut Mapping, out: &mut Complaints) -> Option<u32> {
    let given = keys.integer("quality", out)?;
    let quality = u32::try_from(given).ok();
    let quality = quality.filter(|quality| (1..=100).contains(quality));
    if quality.is_none() {
        let message = format!("`pictures.quality` is a number from 1 to 100, not {given}");
        out.push(complain(keys, "quality", message, "write `quality: 78`"));
    }
    quality
}

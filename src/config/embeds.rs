//! `embeds`: the video hosts whose players may run in the portal's pages. By default none: a
//! player is a program of somebody else's, and its host learns who reads what.

use super::complain;
use crate::base::diagnostic::nearest;
use crate::base::yaml::{Complaints, Mapping};

/// A host of videos.
#[derive(Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name in masthead.yaml.
    pub name: &'static str,
    /// The scheme and host of its player.
    pub origin: &'static str,
    /// What of its addresses leads to a video, before the video's name.
    pages: &'static [&'static str],
    /// The address of its player, with `{id}`.
    player: &'static str,
}

/// The hosts that are known.
pub const HOSTS: [Host; 5] = [
    Host {
        name: "bilibili",
        origin: "https://player.bilibili.com",
        pages: &[
            "www.bilibili.com/video/",
            "bilibili.com/video/",
            "m.bilibili.com/video/",
        ],
        player: "https://player.bilibili.com/player.html?bvid={id}&autoplay=0",
    },
    Host {
        name: "qq",
        origin: "https://v.qq.com",
        pages: &["v.qq.com/x/page/"],
        player: "https://v.qq.com/txp/iframe/player.html?vid={id}&autoplay=false",
    },
    Host {
        name: "vimeo",
        origin: "https://player.vimeo.com",
        pages: &["vimeo.com/", "www.vimeo.com/", "player.vimeo.com/video/"],
        player: "https://player.vimeo.com/video/{id}?dnt=1",
    },
    Host {
        name: "youku",
        origin: "https://player.youku.com",
        pages: &["v.youku.com/v_show/id_"],
        player: "https://player.youku.com/embed/{id}",
    },
    Host {
        name: "youtube",
        origin: "https://www.youtube-nocookie.com",
        pages: &[
            "www.youtube.com/watch?v=",
            "youtube.com/watch?v=",
            "m.youtube.com/watch?v=",
            "youtu.be/",
            "www.youtube.com/shorts/",
            "www.youtube.com/live/",
            "www.youtube.com/embed/",
            "www.youtube-nocookie.com/embed/",
        ],
        player: "https://www.youtube-nocookie.com/embed/{id}",
    },
];

/// The longest name of a video.
const LONGEST: usize = 40;

/// The host of a video's page, and the address of the player with it.
pub fn player(address: &str) -> Option<(&'static Host, String)> {
    let place = address.strip_prefix("https://");
    let place = place.or_else(|| address.strip_prefix("http://"))?;
    HOSTS.iter().find_map(|host| {
        let rests = host.pages.iter();
        let rest = rests.filter_map(|page| place.strip_prefix(page)).next()?;
        let id = &rest[..rest.find(['/', '?', '&', '#', '.']).unwrap_or(rest.len())];
        let own = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=');
        let fits = !id.is_empty() && id.len() <= LONGEST && id.chars().all(own);
        // A name of the host's own page, such as vimeo.com/about, is no video.
        let fits = fits && (host.name != "vimeo" || id.chars().all(|c| c.is_ascii_digit()));
        fits.then(|| (host, host.player.replace("{id}", id)))
    })
}

/// Reads `embeds`.
pub fn embeds(keys: &mut Mapping, out: &mut Complaints) -> Vec<&'static Host> {
    let mut all: Vec<&'static Host> = Vec::new();
    for given in keys.texts("embeds", out) {
        let known = HOSTS.iter().find(|host| host.name == given);
        match known {
            Some(host) if !all.contains(&host) => all.push(host),
            Some(_) => {}
            None => {
                let names = HOSTS.iter().map(|host| host.name);
                let help = match nearest(&given, names.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", names.collect::<Vec<_>>().join(", ")),
                };
                let message = format!("`embeds` names a host that is not known: `{given}`");
                out.push(complain(keys, "embeds", message, &help));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::Lines;

    #[test]
    fn pages_of_videos_have_players() {
        let check = |address: &str, expect: Option<&str>| {
            let found = player(address).map(|(_, player)| player);
            assert_eq!(found.as_deref(), expect, "{address}");
        };
        let tube = Some("https://www.youtube-nocookie.com/embed/a-B_3");
        check("https://www.youtube.com/watch?v=a-B_3&t=10", tube);
        check("https://youtu.be/a-B_3?si=x", tube);
        check("https://www.youtube.com/shorts/a-B_3", tube);
        check(
            "https://www.bilibili.com/video/BV1xx411c7mD/?p=2",
            Some("https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=0"),
        );
        check(
            "https://vimeo.com/76979871",
            Some("https://player.vimeo.com/video/76979871?dnt=1"),
        );
        check(
            "https://v.youku.com/v_show/id_XNTk2==.html",
            Some("https://player.youku.com/embed/XNTk2=="),
        );
        check(
            "https://v.qq.com/x/page/a0034.html",
            Some("https://v.qq.com/txp/iframe/player.html?vid=a0034&autoplay=false"),
        );
        for other in [
            "https://vimeo.com/about",
            "https://youtu.be/",
            "https://youtu.be/a\"onload=x",
            "https://e.org/watch?v=a",
            "https://youtu.be.e.org/a",
            "javascript:https://youtu.be/a",
        ] {
            check(other, None);
        }
    }

    #[test]
    fn only_known_hosts_are_embedded() {
        let check = |yaml: &str| {
            let mut out = Vec::new();
            let config = crate::config::read(&Lines::new("masthead.yaml", yaml), &mut out);
            (
                config,
                out.into_iter().map(|one| one.message).collect::<Vec<_>>(),
            )
        };
        let (config, said) = check("embeds: [youtube, bilibili, youtube]\n");
        assert_eq!((config.embeds.len(), said.len()), (2, 0));
        let policy = config.policy.text().unwrap_or_default();
        let frames = "frame-src https://www.youtube-nocookie.com https://player.bilibili.com";
        assert!(policy.ends_with(frames), "{policy}");
        let (config, said) = check("embeds: [youtub]\ncsp: {frame-src: \"'self'\"}\n");
        assert_eq!(said, ["`embeds` names a host that is not known: `youtub`"]);
        assert!(
            config
                .policy
                .text()
                .unwrap_or_default()
                .ends_with("frame-src 'self'")
        );
        let (config, _) = check("embeds: [vimeo]\ncsp: {frame-src: \"'self'\"}\n");
        let policy = config.policy.text().unwrap_or_default();
        assert!(
            policy.ends_with("frame-src 'self' https://player.vimeo.com"),
            "{policy}"
        );
        let (config, _) = check("embeds: [vimeo]\ncsp: false\n");
        assert_eq!(config.policy.text(), None);
    }
}

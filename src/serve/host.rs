//! Who may ask: by which names the preview is called, and from which pages.
//!
//! A page of a foreign site can make its own name lead to this machine, and then read what is
//! served here as its own (DNS rebinding). So a name that is not this machine's is refused.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use std::net::IpAddr;

/// What the name in a request is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It is one of this machine's.
    Here,
    /// It is another's.
    Elsewhere,
    /// There is none, or more than one, or it can't be read.
    Unclear,
}

/// Judges the `Host` of a request, and the authority of its target where it holds one.
pub fn asked(bound: IpAddr, headers: &HeaderMap, target: Option<&Authority>) -> Asked {
    let Some(host) = only_host(headers) else {
        return Asked::Unclear;
    };
    if is_own(bound, &host) && target.is_none_or(|target| is_own(bound, target)) {
        Asked::Here
    } else {
        Asked::Elsewhere
    }
}

/// Whether a request comes from a page of the preview, or from no page at all.
pub fn is_own_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().unwrap_or_default();
    let name = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    match (name, only_host(headers)) {
        (Some(name), Some(host)) => host.as_str().eq_ignore_ascii_case(name),
        _ => false,
    }
}

fn only_host(headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(HOST).iter();
    let host: Authority = hosts.next()?.to_str().ok()?.parse().ok()?;
    (hosts.next().is_none() && !host.as_str().contains('@')).then_some(host)
}

/// On loopback only its names and addresses; for others on the network any address, since this
/// machine has several: an address can't be made to lead elsewhere.
fn is_own(bound: IpAddr, authority: &Authority) -> bool {
    let name = authority.host();
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
    let Ok(address) = bare.unwrap_or(name).parse::<IpAddr>() else {
        return false;
    };
    !bound.is_loopback()
        || address == bound
        || ["127.0.0.1", "::1"].contains(&address.to_string().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bound: &str, host: &str, expect: Asked) {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        assert_eq!(
            asked(bound.parse().unwrap(), &headers, None),
            expect,
            "{bound}: {host}"
        );
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["localhost", "LOCALHOST:4000", "127.0.0.1:9", "[::1]:4000"] {
            check("127.0.0.1", host, Asked::Here);
            check("0.0.0.0", host, Asked::Here);
        }
        for host in [
            "evil.test",
            "127.0.0.1.evil.test:4000",
            "localhost.evil.test",
        ] {
            check("127.0.0.1", host, Asked::Elsewhere);
            check("0.0.0.0", host, Asked::Elsewhere);
        }
        check("127.0.0.1", "192.168.1.5:4000", Asked::Elsewhere);
        check("0.0.0.0", "192.168.1.5:4000", Asked::Here);
        check("127.0.0.2", "127.0.0.2:4000", Asked::Here);
        check("127.0.0.1", "evil.test@localhost", Asked::Unclear);
        check("127.0.0.1", "", Asked::Unclear);
        check("127.0.0.1", "a b", Asked::Unclear);
        assert_eq!(
            asked("::1".parse().unwrap(), &HeaderMap::new(), None),
            Asked::Unclear
        );
    }

    #[test]
    fn only_own_pages_may_listen() {
        let check = |origin: &str, expect: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "localhost:4000".parse().unwrap());
            headers.insert(ORIGIN, origin.parse().unwrap());
            assert_eq!(is_own_origin(&headers), expect, "{origin}");
        };
        check("http://localhost:4000", true);
        check("http://LOCALHOST:4000", true);
        check("http://localhost:3000", false);
        check("http://evil.test", false);
        check("null", false);
        assert!(is_own_origin(&HeaderMap::new()));
    }
}

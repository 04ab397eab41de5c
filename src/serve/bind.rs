//! The port that the preview is served at.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use tokio::net::{TcpListener, TcpSocket};

/// The port that is tried first where none is named.
pub const USUAL: u16 = 4000;

/// How many ports are tried from there on.
const TRIED: u16 = 100;

/// Connections that wait for being accepted: 500 tabs at once are no reason to turn one away.
const BACKLOG: u32 = 1024;

/// A listener at a port, or at the next free one from the usual where none is named.
///
/// # Errors
/// What to type instead.
pub fn listener(host: IpAddr, port: Option<u16>) -> Result<TcpListener, String> {
    if let Some(port) = port {
        return listen(host, port).map_err(|error| complaint(host, port, &error));
    }
    for port in USUAL..USUAL + TRIED {
        match listen(host, port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            other => return other.map_err(|error| complaint(host, port, &error)),
        }
    }
    let last = USUAL + TRIED - 1;
    Err(format!(
        "the ports from {USUAL} to {last} are in use: name a free one, as in `--port 8080`"
    ))
}

fn listen(host: IpAddr, port: u16) -> Result<TcpListener, Error> {
    let socket = if host.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A server that ended a moment ago doesn't hold its port; on Windows it means another thing.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(host, port))?;
    socket.listen(BACKLOG)
}

fn complaint(host: IpAddr, port: u16, error: &Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "port {port} is in use: name another one, as in `--port {}`, or leave `--port` out for the next free one",
            port.checked_add(1).unwrap_or(USUAL)
        ),
        ErrorKind::PermissionDenied => {
            format!("port {port} is not for everyone: name one above 1023, as in `--port {USUAL}`")
        }
        ErrorKind::AddrNotAvailable => format!(
            "{host} is no address of this machine: `--host 127.0.0.1` is for this machine, `--host 0.0.0.0` for the network"
        ),
        _ => format!("can't listen at {}: {error}", SocketAddr::new(host, port)),
    }
}

//! The server of the preview: listens, keeps the slow from holding up the others, and ends at once.
//!
//! One thread moves bytes; a few more ask the site. Nothing is awaited at the end: open streams
//! and half-read answers are dropped with the server.

use crate::serve::hub::Hub;
use crate::serve::router::{Desk, router};
use crate::serve::{Portal, bind};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

/// The longest head of a request: a stream names the pages of all tabs in it.
const LONGEST_HEAD: usize = 256 * 1024;

/// How long to wait where the system has no connection to give: others end in the meantime.
const BREATH: Duration = Duration::from_millis(50);

/// Where and how the preview is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen at.
    pub host: IpAddr,
    /// The port; without one it is 4000 or the next that is free.
    pub port: Option<u16>,
    /// Whether the browser goes to the page that is being written.
    pub follow: bool,
    /// What the server bears.
    pub limits: Limits,
}

/// What the server bears.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at a time; more wait.
    pub connections: usize,
    /// Pages that are made at a time, each on a thread; more wait.
    pub answers: usize,
    /// How long the head of a request may take, or the next one may be waited for.
    pub head: Duration,
    /// How long a reader may take nothing of what he asked for.
    pub stall: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            host: Ipv4Addr::LOCALHOST.into(),
            port: None,
            follow: false,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 800, // below the 1,024 open files that a process may have on most systems
            answers: 2,       // each thread that makes pages holds on to the memory it once needed
            head: Duration::from_secs(15),
            stall: Duration::from_secs(30),
        }
    }
}

/// Serves a site until [`Hub::stop`], Ctrl-C or the system's wish that it ends. `ready` gets the address and the URL of the home
/// page as soon as both can be used.
///
/// # Errors
/// Why it can't be served, with what to type instead.
pub fn serve(
    portal: Arc<dyn Portal>,
    hub: Hub,
    options: &Options,
    ready: impl FnOnce(SocketAddr, String),
) -> Result<(), String> {
    // The same few threads make all pages: each new one would need memory of its own.
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(options.limits.answers)
        .thread_keep_alive(Duration::from_secs(3_600))
        .build();
    let runtime = runtime.map_err(|error| format!("can't start the preview: {error}"))?;
    let ended = runtime.block_on(async {
        let listener = bind::listener(options.host, options.port)?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let home = home(address, &portal.base_path());
        let desk = Desk {
            portal,
            hub: hub.clone(),
            follow: options.follow,
            bound: address.ip(),
            permits: Arc::new(Semaphore::new(options.limits.answers)),
        };
        let told_to_end = told_to_end();
        ready(address, home);
        tokio::select! {
            () = listen(listener, router(Arc::new(desk)), &options.limits) => {}
            () = hub.stopped() => {}
            () = told_to_end => {}
        }
        Ok(())
    });
    runtime.shutdown_background();
    ended
}

/// The URL to open on this machine.
fn home(address: SocketAddr, base: &str) -> String {
    let host = match address.ip() {
        ip if ip.is_unspecified() && ip.is_ipv6() => "[::1]".to_string(),
        ip if ip.is_unspecified() => "127.0.0.1".to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    format!("http://{host}:{}{base}/", address.port())
}

/// Ctrl-C, and `kill`. Both are heard from this call on.
#[cfg(unix)]
fn told_to_end() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| {
        let signal = signal(kind);
        async move {
            match signal {
                Ok(mut signal) => drop(signal.recv().await),
                // Where the system doesn't tell of it, it ends the process itself.
                Err(_) => std::future::pending().await,
            }
        }
    });
    async move {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    // Where the system doesn't tell of Ctrl-C, it ends the process itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

async fn listen(listener: TcpListener, router: Router, limits: &Limits) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(LONGEST_HEAD);
    loop {
        let place = places.clone().acquire_owned().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                let service = TowerToHyperService::new(router.clone());
                let connection = http.serve_connection(io(stream, limits.stall), service);
                tokio::spawn(async move {
                    // Whoever goes away in the middle of an answer does no harm.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}

fn io(stream: TcpStream, stall: Duration) -> TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>> {
    // Without it an event of a few bytes may wait for the ones after it; it only costs time.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(stall));
    TokioIo::new(Box::pin(stream))
}

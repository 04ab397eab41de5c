//! From a request to a response: who may ask, for what, and by which method.

use crate::serve::events::Watch;
use crate::serve::host::{self, Asked};
use crate::serve::hub::{Hub, Now};
use crate::serve::path::{self, Refusal};
use crate::serve::scripts::{self, At};
use crate::serve::{Portal, reply};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// How often a stream says that it is there: so tabs that are gone are noticed.
const ALIVE: Duration = Duration::from_secs(15);

/// All that a request is answered from.
pub struct Desk {
    /// The site.
    pub portal: Arc<dyn Portal>,
    /// Who tells of updates.
    pub hub: Hub,
    /// Whether a browser goes where the writer is.
    pub follow: bool,
    /// The address that the server listens at.
    pub bound: IpAddr,
    /// Permits to ask the site: each stands for a thread.
    pub permits: Arc<Semaphore>,
}

/// The service of a desk.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new().fallback(respond).with_state(desk)
}

async fn respond(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    let (head, _) = request.into_parts();
    if let Some(refused) = desk.refused(&head) {
        return refused;
    }
    // Taken before the page is: what changes in between is told of later.
    let mark = desk.hub.now().files_mark();
    let answered = desk.ask(move |portal| (found(portal, &head, &mark), head));
    match answered.await {
        Some((Found::Reply(reply), _)) => reply,
        Some((Found::Events, head)) => events(desk, &head),
        None => {
            let text = "The page can't be shown: masthead has a bug\n".to_string();
            reply::plain(&Method::GET, StatusCode::INTERNAL_SERVER_ERROR, text)
        }
    }
}

/// What a request leads to.
enum Found {
    Reply(Response<Body>),
    Events,
}

/// A page or file of the site, or what the preview has of its own. May take as long as the site.
fn found(portal: &dyn Portal, head: &Parts, mark: &str) -> Found {
    let base = &portal.base_path();
    let refuse = |status, text| reply::plain(&head.method, status, text);
    Found::Reply(match path::url(base, head.uri.path()) {
        Ok(url) => match url.strip_prefix(scripts::FOLDER) {
            Some("events") => return Found::Events,
            Some(name) => match scripts::script(name) {
                Some(text) => reply::script(head, text),
                None => refuse(
                    StatusCode::NOT_FOUND,
                    "The preview has no such file\n".to_string(),
                ),
            },
            None => {
                let url = &url;
                reply::reply(head, portal.answer(url), &At { base, url, mark })
            }
        },
        Err(Refusal::Home) => reply::redirect(StatusCode::TEMPORARY_REDIRECT, &format!("{base}/")),
        Err(Refusal::Outside) => {
            let text = format!("The site lies below {base}/\n");
            refuse(StatusCode::NOT_FOUND, text)
        }
        Err(Refusal::Bad(why)) => refuse(StatusCode::BAD_REQUEST, format!("Refused: {why}\n")),
    })
}

impl Desk {
    /// The answer to who may not ask, or not so.
    fn refused(&self, head: &Parts) -> Option<Response<Body>> {
        let method = &head.method;
        let asked = host::asked(self.bound, &head.headers, head.uri.authority());
        let (status, text) = match asked {
            Asked::Unclear => (
                StatusCode::BAD_REQUEST,
                "Refused: the request has no clear Host",
            ),
            Asked::Elsewhere if self.bound.is_loopback() => (
                StatusCode::FORBIDDEN,
                "Refused: the preview answers to localhost, 127.0.0.1 and [::1] only, so that no \
                 other site can read it by a name of its own.\nOpen it by one of these.",
            ),
            Asked::Elsewhere => (
                StatusCode::FORBIDDEN,
                "Refused: the preview answers to localhost and to addresses in digits only, so \
                 that no other site can read it by a name of its own.\nOpen it by the address of \
                 this machine.",
            ),
            Asked::Here if method != Method::GET && method != Method::HEAD => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Refused: the preview is for reading, by GET and HEAD",
            ),
            Asked::Here => return None,
        };
        Some(reply::plain(method, status, format!("{text}\n")))
    }

    /// Asks the site on a thread of its own, of which there are as many as permits. Who goes away
    /// while he waits for one is not waited for.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Portal) -> T + Send + 'static,
    ) -> Option<T> {
        let permit = self.permits.clone().acquire_owned().await.ok()?;
        let portal = self.portal.clone();
        let answered = tokio::task::spawn_blocking(move || {
            let answer = question(portal.as_ref());
            drop(permit);
            answer
        });
        answered.await.ok()
    }
}

/// The stream of a browser.
fn events(desk: Arc<Desk>, head: &Parts) -> Response<Body> {
    let method = &head.method;
    if !host::is_own_origin(&head.headers) {
        let text = "Refused: this is for pages of the preview only\n".to_string();
        return reply::plain(method, StatusCode::FORBIDDEN, text);
    }
    if method == Method::HEAD {
        return Sse::new(futures_util::stream::empty::<Result<Event, Infallible>>())
            .into_response();
    }
    let watch = Watch::new(head.uri.query().unwrap_or_default(), desk.follow);
    let alive = KeepAlive::new().interval(ALIVE);
    Sse::new(messages(desk, watch))
        .keep_alive(alive)
        .into_response()
}

struct Listening {
    desk: Arc<Desk>,
    watch: Watch,
    now: watch::Receiver<Arc<Now>>,
    began: bool,
}

/// One message at once, and one for each update.
fn messages(desk: Arc<Desk>, watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    let now = desk.hub.listener();
    let listening = Listening {
        desk,
        watch,
        now,
        began: false,
    };
    unfold(listening, |listening| async {
        let (listening, message) = listening.next().await?;
        Some((Ok(Event::default().data(message)), listening))
    })
}

impl Listening {
    async fn next(mut self) -> Option<(Listening, String)> {
        if self.began {
            self.now.changed().await.ok()?;
        }
        self.began = true;
        let now = self.now.borrow_and_update().clone();
        let mut watch = self.watch;
        let compare = move |portal: &dyn Portal| {
            let news = watch.news(portal, &now);
            (serde_json::to_string(&news), watch)
        };
        let (message, watch) = self.desk.ask(compare).await?;
        self.watch = watch;
        Some((self, message.ok()?))
    }
}

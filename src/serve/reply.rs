//! From an answer of the site to a response of HTTP: type, conditions, parts.
//!
//! Nothing is kept by the browser without asking, and asking costs no body while the fingerprint
//! is the same. No header lets a foreign site read anything.

use crate::serve::range::{Part, part};
use crate::serve::scripts::{self, At};
use crate::serve::{Answer, kind};
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

/// The reply with what stands at a URL. A page gets the script tag of the preview.
pub fn reply(request: &Parts, answer: Answer, at: &At<'_>) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(location) = answer.location {
        let query = request.uri.query().filter(|_| !location.contains('?'));
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        return redirect(status, &format!("{location}{query}"));
    }
    let kind = kind::content_type(&answer.path, &answer.body);
    let mut body = answer.body;
    let is_page = kind::is_page(&answer.path);
    let print = &answer.print;
    let mut tag = format!("\"{print}\"");
    if is_page {
        body.extend_from_slice(scripts::tag(at, print).as_bytes());
        tag = format!("\"{print}-{}\"", at.mark);
    }
    let file = File {
        kind,
        tag,
        is_page,
        body: body.into(),
    };
    if status == StatusCode::OK && !print.is_empty() {
        file.reply(request)
    } else {
        send(&request.method, file.head(status), file.body)
    }
}

/// A script of the preview's own.
pub fn script(request: &Parts, text: String) -> Response<Body> {
    let print = crate::base::fingerprint::of_bytes(text.as_bytes());
    let kind = "text/javascript; charset=utf-8".to_string();
    let file = File {
        kind,
        tag: format!("\"{print}\""),
        is_page: false,
        body: text.into(),
    };
    file.reply(request)
}

/// A word of the server's own to whoever asked wrongly.
pub fn plain(method: &Method, status: StatusCode, text: String) -> Response<Body> {
    let mut response = base_response(status);
    set(&mut response, CONTENT_TYPE, "text/plain; charset=utf-8");
    if status == StatusCode::METHOD_NOT_ALLOWED {
        set(&mut response, ALLOW, "GET, HEAD");
    }
    send(method, response, text.into())
}

/// A redirect.
pub fn redirect(status: StatusCode, location: &str) -> Response<Body> {
    let mut response = base_response(status);
    set(&mut response, LOCATION, location);
    response
}

/// Bytes with what is said of them.
struct File {
    kind: String,
    tag: String,
    is_page: bool,
    body: Bytes,
}

impl File {
    fn reply(self, request: &Parts) -> Response<Body> {
        if is_known(&request.headers, &self.tag) {
            return self.head(StatusCode::NOT_MODIFIED);
        }
        match self.part_asked(request) {
            Part::Whole => send(&request.method, self.head(StatusCode::OK), self.body),
            Part::Bytes(bytes) => {
                let mut response = self.head(StatusCode::PARTIAL_CONTENT);
                let (first, last, length) = (bytes.start(), bytes.end(), self.body.len());
                let range = format!("bytes {first}-{last}/{length}");
                set(&mut response, CONTENT_RANGE, &range);
                send(&request.method, response, self.body.slice(bytes))
            }
            Part::Beyond => {
                let mut response = self.head(StatusCode::RANGE_NOT_SATISFIABLE);
                let range = format!("bytes */{}", self.body.len());
                set(&mut response, CONTENT_RANGE, &range);
                send(&request.method, response, Bytes::new())
            }
        }
    }

    fn part_asked(&self, request: &Parts) -> Part {
        let text = |name| {
            request
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        // Of another version a part would be of no use; dates are never sent, so none fits.
        let fits = text(&IF_RANGE).is_none_or(|tag| tag == self.tag);
        if self.is_page || request.method != Method::GET || !fits {
            return Part::Whole;
        }
        part(text(&RANGE), self.body.len())
    }

    fn head(&self, status: StatusCode) -> Response<Body> {
        let mut response = base_response(status);
        set(&mut response, CONTENT_TYPE, &self.kind);
        if !status.is_client_error() && !status.is_server_error() {
            set(&mut response, ETAG, &self.tag);
            if !self.is_page {
                set(&mut response, ACCEPT_RANGES, "bytes");
            }
        }
        response
    }
}

/// Whether the browser holds this version already.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter();
    known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn base_response(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    set(&mut response, CACHE_CONTROL, "no-cache");
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

/// Puts the body in, or for HEAD only how long it would be.
fn send(method: &Method, mut response: Response<Body>, body: Bytes) -> Response<Body> {
    set(&mut response, CONTENT_LENGTH, &body.len().to_string());
    if method != Method::HEAD {
        *response.body_mut() = Body::from(body);
    }
    response
}

/// Sets a header. A value that no header can hold is left out.
fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

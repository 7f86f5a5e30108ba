//! One request that reached the worker's routes, and what they answered.

use std::io::Read;
use std::str::FromStr as _;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, Method};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::conversation::Conversation;
use crate::reader::Page;
use crate::worker::{MARK, TOKEN};

const CONFIGURATION_ROUTES: [&str; 3] = ["/api/v1/build-time", "/api/v1/run-time", "/api/v1/config"];

/// What anybody may ask for.
const OPEN_ROUTES: [&str; 7] =
    ["/", "/api/health", "/api/ready", "/metrics", "/snapshot", "/history", "/live"];

/// The longest request ID that is taken over.
const LONGEST_ID: usize = 128;

pub(crate) struct Exchange {
    /// What the request is counted under: its path, or its target if that has none.
    pub(crate) label: String,
    pub(crate) path: String,
    pub(crate) is_head: bool,
    is_get: bool,
    pub(crate) asked: HeaderMap,
    /// None if the peer was gone before the answer was there.
    pub(crate) answered: Option<Answered>,
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Exchange {
    pub(crate) fn asked(request: &Request) -> Self {
        let uri = request.uri();
        let label = match uri.authority() {
            Some(authority) if uri.path().is_empty() => authority.as_str(),
            _ => uri.path(),
        };
        Self {
            label: label.to_owned(),
            path: uri.path().to_owned(),
            is_head: request.method() == Method::HEAD,
            is_get: request.method() == Method::GET,
            asked: request.headers().clone(),
            answered: None,
        }
    }

    /// Whether values were handed out.
    pub(crate) fn is_delivery(&self) -> bool {
        let succeeded = self.answered.as_ref().is_some_and(|answered| answered.status == 200);
        succeeded && self.is_get && CONFIGURATION_ROUTES.contains(&self.path.as_str())
    }

    /// The header's values.
    pub(crate) fn sent(&self, name: &str) -> Vec<&[u8]> {
        let name = HeaderName::from_str(name).unwrap();
        self.asked.get_all(name).iter().map(|value| value.as_bytes()).collect()
    }

    /// Fails unless the answer to the `number`th request is one that the worker may give.
    pub(crate) fn check(&self, conversation: &Conversation<'_>, number: u64) {
        let Some(answered) = &self.answered else { return };
        let header = |name: &str| answered.headers.get(name).map(|value| value.to_str().unwrap());
        let id = header("x-request-id").expect("every answer of the worker has a request ID");
        match self.sent("x-request-id").first() {
            Some(own) if is_sane(own) => assert_eq!(id.as_bytes(), *own),
            _ => assert!(is_uuid(id), "{id}"),
        }
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        // Nothing of a configuration is stored by anybody; what observers are shown says for itself how it may be.
        let stored = header("cache-control");
        assert!(stored == Some("no-store") || !self.path.starts_with("/api/v1/"), "{stored:?}");

        let is_configuration = CONFIGURATION_ROUTES.contains(&self.path.as_str());
        let shows_values = is_configuration && answered.status == 200 && self.is_get;
        assert_eq!(answered.status == 200, self.is_good(conversation, answered.status));
        if self.is_head {
            assert!(answered.body.is_empty(), "the head of an answer, and no more");
            return;
        }
        let text = &answered.text();
        if shows_values {
            assert!(!conversation.has_token || self.sent("x-exp-local-token") == [TOKEN.as_bytes()]);
        } else {
            assert!(conversation.says(MARK) || !text.contains(MARK), "a value: {text}");
        }
        assert!(conversation.says(TOKEN) || !text.contains(TOKEN), "the token: {text}");
        if answered.status >= 400 && !self.is_probe() {
            let error: Value = serde_json::from_str(text).unwrap();
            let error = error["error"].as_str().expect("errors say why");
            assert!(!error.is_empty() && !error.contains(char::is_control), "{error:?}");
        }
        self.check_counts(answered.status, text, number);
    }

    /// The documents and the page hold the very request that they answer.
    fn check_counts(&self, status: u16, text: &str, number: u64) {
        if !self.is_get {
            return;
        }
        if self.is_probe() && [200, 503].contains(&status) {
            let document: Value = serde_json::from_str(text).unwrap();
            assert_eq!(document["requestsServed"], number);
        }
        if self.path == "/metrics" && status == 200 {
            assert_eq!(requests_on(text), number);
        }
    }

    /// Whether success is possible at all.
    fn is_good(&self, conversation: &Conversation<'_>, status: u16) -> bool {
        let known =
            OPEN_ROUTES.contains(&self.path.as_str()) || CONFIGURATION_ROUTES.contains(&self.path.as_str());
        let configured = conversation.has_configuration || !self.path.starts_with("/api/v1/");
        status == 200 && known && configured && (self.is_get || self.is_head)
    }

    fn is_probe(&self) -> bool {
        ["/api/health", "/api/ready"].contains(&self.path.as_str())
    }
}

impl Answered {
    /// What the peer is told of the body's length; the head of an answer may tell of the body that it leaves out.
    pub(crate) fn length(&self, is_head: bool) -> String {
        let told = self.headers.get("content-length").filter(|_| is_head);
        told.map_or_else(|| self.body.len().to_string(), |told| told.to_str().unwrap().to_owned())
    }

    /// The body, as it was before it was compressed.
    fn text(&self) -> String {
        let compressed = &*self.body;
        let body = match self.headers.get("content-encoding").map(|encoding| encoding.as_bytes()) {
            Some(b"gzip") => all_of(GzDecoder::new(compressed)),
            Some(b"zstd") => all_of(zstd::Decoder::new(compressed).unwrap()),
            Some(other) => panic!("{}", String::from_utf8_lossy(other)),
            None => compressed.to_vec(),
        };
        String::from_utf8(body).expect("answers are UTF-8")
    }
}

fn all_of(mut from: impl Read) -> Vec<u8> {
    let mut all = Vec::new();
    from.read_to_end(&mut all).expect("what is compressed is whole");
    all
}

/// The requests that a page counts, in whichever format. (What else is on it, the target `labels` looks at.)
fn requests_on(page: &str) -> u64 {
    if !page.ends_with("\n# EOF\n") {
        return Page::read(page).family("exp_http_requests_total").sum();
    }
    let samples = page.split('\n').filter(|line| line.starts_with("exp_http_requests_total{"));
    samples.map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum()
}

fn is_sane(id: &[u8]) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}

fn is_uuid(id: &str) -> bool {
    let groups: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

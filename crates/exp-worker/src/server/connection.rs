//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::response::Response;
use http::HeaderValue;
use http::header::CONNECTION;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};
use tower::{Service, ServiceExt as _};

use super::places::Places;
use super::terms::Terms;
use crate::stall::StallGuard;
use crate::stop::Phase;

/// hyper panics when it is given less.
const LEAST_BUFFER: usize = 8_192;

type Answer = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// Serves requests until the peer or a limit ends the connection, or a stop does, or it is asked for its place.
///
/// The stream may be of any kind, so that a test can hold its other end in memory.
pub async fn serve_connection<T, S>(stream: T, service: S, terms: &Terms)
where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let Terms { limits, stop, places } = terms;
    let accepted = Instant::now();
    let requested = Arc::new(AtomicBool::new(false));
    let answer = service_fn({
        let (requested, stop) = (Arc::clone(&requested), stop.clone());
        move |request| -> Answer {
            requested.store(true, Ordering::Relaxed);
            let (answer, stop) = (service.clone().oneshot(request), stop.clone());
            Box::pin(async move {
                let mut response = answer.await?;
                if stop.phase() >= Phase::Draining {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok(response)
            })
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read_timeout)
        .max_buf_size(limits.max_head_buffer_bytes.max(LEAST_BUFFER))
        .serve_connection(TokioIo::new(StallGuard::new(stream, limits.write_stall_timeout)), answer);

    let mut leaving = false;
    // When it was asked for its place while it was in use.
    let mut asked_at = None;
    loop {
        tokio::select! {
            // The connection first: what has arrived of a request by the time of a stop is read, and the request is answered.
            biased;
            // With shutdown: without it hyper ends before the last answer is sent, if the peer reads slowly and has sent what
            // ends the connection (a broken body, bytes that are no request).
            ended = &mut connection => {
                if let Err(error) = ended {
                    // hyper's texts name kinds of trouble and quote nothing that was sent.
                    tracing::debug!(%error, "a connection ended early");
                }
                break;
            }
            () = stop.reached(Phase::Cut) => return,
            () = drained(terms), if !leaving => {
                leaving = true;
                // Closes an idle connection, and one in use after its answer.
                Pin::new(&mut connection).graceful_shutdown();
            }
            () = asked_again(places, asked_at, limits.crowded_answer_timeout), if asked_at.is_some() => {
                tracing::debug!("a connection whose answer takes too long had to make room");
                return;
            }
            () = places.asked(), if !leaving => {
                if requested.load(Ordering::Relaxed) {
                    leaving = true;
                    asked_at = Some(Instant::now());
                    Pin::new(&mut connection).graceful_shutdown();
                } else if accepted.elapsed() >= limits.crowded_first_request_timeout {
                    tracing::debug!("a connection without a request had to make room");
                    return;
                }
            }
        }
    }
    let stream = connection.into_parts().io.into_inner();
    tokio::select! {
        _ = timeout(limits.linger_timeout, linger(stream)) => {}
        () = stop.reached(Phase::Cut) => {}
    }
}

/// Waits until a connection that is idle is to end for a stop. One in use ends by its answer, which says so.
async fn drained(Terms { limits, stop, .. }: &Terms) {
    stop.reached(Phase::Draining).await;
    sleep(limits.stop_idle_timeout).await;
}

/// Waits until a connection that was asked for its place is asked once more, after the time that it has for its answer.
async fn asked_again(places: &Places, first: Option<Instant>, patience: Duration) {
    let since = first.map_or(Duration::ZERO, |first| first.elapsed());
    sleep(patience.saturating_sub(since)).await;
    places.asked().await;
}

/// Says that no more is coming, then reads and throws away what the peer still sends, until it closes too.
///
/// Closing a socket with unread bytes resets the connection, and a reset may destroy the answer (413, say)
/// before the peer has read it: RFC 9112, section 9.6.
async fn linger<T>(mut stream: StallGuard<T>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut scrap = vec![0; 16 * 1_024];
    if stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut scrap).await, Ok(1..)) {}
    }
}

//! `GET /metrics`.

use axum::extract::State;
use axum::response::Response;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, StatusCode};
use runtime_exposition::{ProcessUsage, TextFormat};

use super::observed::{Observed, answer, list};
use crate::app::App;
use crate::refusal::Refusal;

/// A page of a new cut, which holds this very scrape, of what the process takes and of how pushes fare, in the format that the scraper likes best.
pub(crate) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    let format = TextFormat::negotiated(&list(&headers, ACCEPT));
    answer(&headers, move || {
        let mut page = String::new();
        let (snapshot, pushes) = (app.cut(), app.pushes());
        let shown = app.exposition().page(&snapshot).process_usage(&ProcessUsage::read()).pushes(&pushes);
        shown.write(format, &mut page);
        let content_type = HeaderValue::from_static(format.content_type());
        let (status, vary) = (StatusCode::OK, "accept, accept-encoding");
        Ok(Observed { status, content_type, vary, body: page.into_bytes() })
    })
    .await
}

//! The live page: one HTML document without any external asset, for a browser beside a worker.
//!
//! Its parts are files of this folder. `index.html` is the frame, with a place for each of the others: the style sheets, the
//! [scripts](script), and uPlot, which draws the chart and stands in `vendor/uplot` with its licence, as it was published.
//!
//! The page holds nothing of the worker but the namespace of its metrics; what it shows, it asks for by the routes beside it. So it may
//! be given to anybody, and asks for the bearer token itself where there is one. Its policy lets it
//! load nothing, send nothing elsewhere, and run no script but its own: the labels that it shows are whatever clients send.

mod script;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runtime_exposition::Exposition;
use sha2::{Digest as _, Sha256};

const FRAME: &str = include_str!("index.html");
const CHART_LIBRARY: &str = include_str!("vendor/uplot/uPlot.iife.min.js");

const STYLES: [&str; 6] = [
    include_str!("vendor/uplot/uPlot.min.css"),
    include_str!("styles/theme.css"),
    include_str!("styles/layout.css"),
    include_str!("styles/table.css"),
    include_str!("styles/chart.css"),
    include_str!("styles/limits.css"),
];

/// The live page of a service: one HTML document, and the headers to send it with.
///
/// It asks for `events` and `history` beside its own address, so it is served beside these routes. With its
/// [policy](Self::content_security_policy) a browser gives it nothing but that. It holds no secret: where the routes ask for a bearer token, the page
/// needs none itself, and asks its viewer for it.
#[derive(Debug)]
pub struct Page {
    html: String,
    content_security_policy: String,
    entity_tag: String,
}

impl Page {
    /// The page of a service that is shown by these options: of them it holds the namespace of the metrics, for what it offers as PromQL.
    ///
    /// *Cost:* allocates some 400 kB, of which half is kept, and hashes them twice; to be done once.
    #[must_use]
    pub fn of(exposition: &Exposition) -> Self {
        Self::new(exposition.namespace())
    }

    fn new(namespace: &str) -> Self {
        let styles = STYLES.join("\n");
        let scripts = script::joined(&script::MODULES);
        let html = filled(&[
            ("{{namespace}}", namespace), // letters, digits and underscores: nothing to escape
            ("{{styles}}", &styles),
            ("{{vendor}}", CHART_LIBRARY),
            ("{{scripts}}", &scripts),
        ]);
        let content_security_policy = format!(
            "default-src 'none'; connect-src 'self'; img-src data:; script-src {} {}; style-src {}; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            source_hash(CHART_LIBRARY),
            source_hash(&scripts),
            source_hash(&styles),
        );
        let entity_tag = format!("\"{}\"", STANDARD.encode(Sha256::digest(&html)));
        Self { html, content_security_policy, entity_tag }
    }

    /// The document, to be sent as `text/html; charset=utf-8`.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The value of `Content-Security-Policy`: everything is forbidden but the page's own texts, known by their hashes, and requests to where it came from.
    #[must_use]
    pub fn content_security_policy(&self) -> &str {
        &self.content_security_policy
    }

    /// The value of `ETag`, strong: the same for the same bytes.
    #[must_use]
    pub fn entity_tag(&self) -> &str {
        &self.entity_tag
    }
}

/// The frame with its places filled. What is put in is not searched for places again.
fn filled(places: &[(&str, &str)]) -> String {
    let mut html =
        String::with_capacity(FRAME.len() + places.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut rest = FRAME;
    for (place, text) in places {
        let (before, after) = rest.split_once(place).unwrap_or((rest, "")); // a test shows that each place is there, in this order
        html.push_str(before);
        html.push_str(text);
        rest = after;
    }
    html.push_str(rest);
    html
}

/// How a policy names an inline text (Content Security Policy Level 3, section 2.3.1).
fn source_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between<'a>(html: &'a str, open: &str, close: &str) -> Vec<&'a str> {
        html.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(text, _)| text).collect()
    }

    #[test]
    fn every_place_of_the_frame_is_filled_in_the_order_of_the_frame() {
        let page = Page::new("exp");
        assert!(page.html().starts_with("<!doctype html>") && page.html().trim_end().ends_with("</html>"));
        assert!(page.html().contains(r#"<meta name="metrics-namespace" content="exp">"#));
        assert!(!page.html().contains("{{"), "a place is left");
        assert!(page.html().contains("new Page();"));
    }

    #[test]
    fn the_policy_names_exactly_the_inline_texts_of_the_page() {
        let page = Page::new("exp");
        let scripts = [
            between(page.html(), "<script>", "</script>"),
            between(page.html(), "<script type=\"module\">", "</script>"),
        ]
        .concat();
        let styles = between(page.html(), "<style>", "</style>");
        assert_eq!((scripts.len(), styles.len()), (2, 1));
        let hashes =
            |texts: &[&str]| texts.iter().map(|text| source_hash(text)).collect::<Vec<_>>().join(" ");
        assert!(page.content_security_policy().contains(&format!("script-src {};", hashes(&scripts))));
        assert!(page.content_security_policy().contains(&format!("style-src {};", hashes(&styles))));
    }

    #[test]
    fn no_script_or_style_ends_its_element_early_or_loads_anything() {
        for text in STYLES
            .into_iter()
            .chain([CHART_LIBRARY])
            .chain(script::MODULES.iter().map(|module| module.source))
        {
            for end in ["</script", "</style", "<!--"] {
                assert!(!text.to_ascii_lowercase().contains(end), "{end} in {}", &text[..80]);
            }
        }
        let own = STYLES[1..]
            .iter()
            .copied()
            .chain(script::MODULES.iter().map(|module| module.source))
            .chain([FRAME]);
        for text in own {
            for address in
                ["https:", "url(", "@import", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval("]
            {
                assert!(!text.contains(address), "{address} in {}", &text[..80]);
            }
        }
    }

    #[test]
    fn the_entity_tag_tells_pages_apart() {
        assert_eq!(Page::new("exp").entity_tag(), Page::new("exp").entity_tag());
        assert_ne!(Page::new("exp").entity_tag(), Page::new("runtime").entity_tag());
    }
}

//! The text formats, and which one a scraper gets.

use headers_accept::Accept;
use mediatype::names::{_STAR, APPLICATION, PLAIN, Q, TEXT};
use mediatype::{MediaTypeBuf, Name, ReadParams};

use crate::{openmetrics, prometheus};

const OPENMETRICS_TEXT: Name<'_> = Name::new_unchecked("openmetrics-text");
const VERSION: Name<'_> = Name::new_unchecked("version");

/// A text format for scrapers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextFormat {
    /// Prometheus text 0.0.4: see [`prometheus`].
    #[default]
    Prometheus,
    /// OpenMetrics 1.0: see [`openmetrics`].
    OpenMetrics,
}

impl TextFormat {
    /// The format for a scraper that sends this `Accept` header; of several such headers, their values joined by commas.
    ///
    /// Of the formats that the header accepts, the one of the highest quality; among equals the one that it names first or more
    /// closely, and 0.0.4 if it names none. A header that is empty, is malformed, or accepts neither gets 0.0.4. Parameters other
    /// than the version, such as `escaping`, are not looked at. Source: RFC 9110, section 12.5.1.
    ///
    /// *Cost:* allocates; linear in the length of the header.
    #[must_use]
    pub fn negotiated(accept: &str) -> Self {
        // Elements of a list that are empty count for nothing: RFC 9110, section 5.6.1.2.
        let elements = accept.split(',').filter(|element| !element.trim().is_empty());
        let Ok(accept) = elements.collect::<Vec<_>>().join(",").parse::<Accept>() else {
            return Self::default();
        };
        // The ranges come with the closer ones first.
        let ranges: Vec<&MediaTypeBuf> = accept.media_types().collect();
        let mut best = (0.0, usize::MAX, Self::default());
        for format in [Self::Prometheus, Self::OpenMetrics] {
            let Some(place) = ranges.iter().position(|range| format.is_in(range)) else { continue };
            let quality = quality(ranges[place]);
            if quality > best.0 || (quality == best.0 && place < best.1 && quality > 0.0) {
                best = (quality, place, format);
            }
        }
        best.2
    }

    /// The `Content-Type` to send a page with.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => prometheus::CONTENT_TYPE,
            Self::OpenMetrics => openmetrics::CONTENT_TYPE,
        }
    }

    /// Whether it is one of the media types of a range.
    fn is_in(self, range: &MediaTypeBuf) -> bool {
        let (ty, subtype, version) = match self {
            Self::Prometheus => (TEXT, PLAIN, "0.0.4"),
            Self::OpenMetrics => (APPLICATION, OPENMETRICS_TEXT, "1.0.0"),
        };
        (range.ty() == _STAR || range.ty() == ty)
            && (range.subty() == _STAR || range.subty() == subtype)
            && range.get_param(VERSION).is_none_or(|asked| asked.unquoted_str() == version)
    }
}

/// In `[0, 1]`; 1 where none is given.
fn quality(range: &MediaTypeBuf) -> f64 {
    let given = range.get_param(Q).and_then(|quality| quality.as_str().parse::<f64>().ok());
    given.filter(|quality| (0.0..=1.0).contains(quality)).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_gets_the_format_that_it_likes_best() {
        use TextFormat::{OpenMetrics, Prometheus};
        for (accept, expected) in [
            // Prometheus 2.42, 2.55 and 3.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;\
                 version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;\
                 q=0.3,*/*;q=0.2",
                OpenMetrics,
            ),
            ("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5", Prometheus),
            ("application/openmetrics-text;version=\"1.0.0\"", OpenMetrics),
            ("Application/OpenMetrics-Text", OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Prometheus),
            ("application/openmetrics-text;q=0, */*;q=0.1", Prometheus),
            ("text/plain;q=0, */*;q=0.1", OpenMetrics),
            ("application/*", OpenMetrics),
            ("text/*;q=0.2, application/openmetrics-text;q=0.3", OpenMetrics),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Prometheus),
            ("*/*", Prometheus),
            ("image/png", Prometheus),
            ("text/plain;q=0", Prometheus),
            ("application/openmetrics-text;q=2", OpenMetrics),
            (", application/openmetrics-text;version=1.0.0, ,text/plain;q=0.5,", OpenMetrics),
            ("", Prometheus),
            (";;,,q=\"", Prometheus),
        ] {
            assert_eq!(TextFormat::negotiated(accept), expected, "{accept}");
        }
    }
}

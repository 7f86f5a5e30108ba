//! `Accept`: RFC 9110, section 12.5.1.

use std::cmp::Reverse;

use arbitrary::Arbitrary;
use runtime_exposition::TextFormat;

use crate::element::Element;

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Range {
    Any,
    Text,
    Application,
    Image,
    Html,
    Plain,
    Plain004,
    Plain100,
    OpenMetrics,
    OpenMetricsInCapitals,
    OpenMetrics001,
    OpenMetrics100,
}

impl Range {
    fn text(self) -> &'static str {
        match self {
            Self::Any => "*/*",
            Self::Text => "text/*",
            Self::Application => "application/*",
            Self::Image => "image/*",
            Self::Html => "text/html",
            Self::Plain => "text/plain",
            Self::Plain004 => "text/plain;version=0.0.4",
            Self::Plain100 => "text/plain; version=1.0.0",
            Self::OpenMetrics => "application/openmetrics-text",
            Self::OpenMetricsInCapitals => "Application/OpenMetrics-Text",
            Self::OpenMetrics001 => "application/openmetrics-text;version=0.0.1",
            Self::OpenMetrics100 => "application/openmetrics-text; version=\"1.0.0\"",
        }
    }

    fn holds(self, format: TextFormat) -> bool {
        match self {
            Self::Any => true,
            Self::Text | Self::Plain | Self::Plain004 => format == TextFormat::Prometheus,
            Self::Application | Self::OpenMetrics | Self::OpenMetricsInCapitals | Self::OpenMetrics100 => {
                format == TextFormat::OpenMetrics
            }
            Self::Image | Self::Html | Self::Plain100 | Self::OpenMetrics001 => false,
        }
    }

    /// How closely it names what it holds.
    fn closeness(self) -> u8 {
        match self {
            Self::Any => 0,
            Self::Text | Self::Application | Self::Image => 1,
            Self::Html | Self::Plain | Self::OpenMetrics | Self::OpenMetricsInCapitals => 2,
            Self::Plain004 | Self::Plain100 | Self::OpenMetrics001 | Self::OpenMetrics100 => 3,
        }
    }
}

/// How well a header likes a format, if it accepts it: quality, closeness and place of what names it most closely.
fn liking(ranges: &[Element<Range>], format: TextFormat) -> Option<(u16, u8, Reverse<usize>)> {
    let holding = ranges.iter().enumerate().filter(|(_, range)| range.accepted.holds(format));
    let closest =
        holding.max_by_key(|(place, range)| (range.accepted.closeness(), range.quality(), Reverse(*place)));
    closest
        .map(|(place, range)| (range.quality(), range.accepted.closeness(), Reverse(place)))
        .filter(|(quality, ..)| *quality > 0)
}

/// Fails unless the format is the one that the header likes best, and 0.0.4 where it likes none better.
pub(crate) fn check(ranges: &[Element<Range>]) {
    let [prometheus, openmetrics] =
        [TextFormat::Prometheus, TextFormat::OpenMetrics].map(|format| liking(ranges, format));
    let expected = if openmetrics > prometheus { TextFormat::OpenMetrics } else { TextFormat::Prometheus };
    let elements: Vec<String> = ranges.iter().map(|range| range.text(range.accepted.text())).collect();
    let header = elements.join(",");
    assert_eq!(TextFormat::negotiated(&header), expected, "{header}");
}

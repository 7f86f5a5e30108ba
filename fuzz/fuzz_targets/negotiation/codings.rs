//! `Accept-Encoding`: RFC 9110, section 12.5.3.

use arbitrary::Arbitrary;
use runtime_exposition::ContentEncoding;

use crate::element::Element;

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Coding {
    Any,
    Identity,
    Gzip,
    XGzip,
    GzipInCapitals,
    Zstd,
    Brotli,
}

impl Coding {
    fn text(self) -> &'static str {
        match self {
            Self::Any => "*",
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::XGzip => "x-gzip",
            Self::GzipInCapitals => "GZIP",
            Self::Zstd => "zstd",
            Self::Brotli => "br",
        }
    }

    /// None for one that there is not here, and for any.
    fn encoding(self) -> Option<ContentEncoding> {
        match self {
            Self::Identity => Some(ContentEncoding::Identity),
            Self::Gzip | Self::XGzip | Self::GzipInCapitals => Some(ContentEncoding::Gzip),
            Self::Zstd => Some(ContentEncoding::Zstd),
            Self::Any | Self::Brotli => None,
        }
    }
}

/// In thousandths; none if the header does not name it, nor any.
fn quality(codings: &[Element<Coding>], encoding: ContentEncoding) -> Option<u16> {
    let named = codings.iter().find(|coding| coding.accepted.encoding() == Some(encoding));
    let any = codings.iter().find(|coding| matches!(coding.accepted, Coding::Any));
    named.or(any).map(Element::quality)
}

/// Fails unless the encoding is the one that the header likes best, and none where it accepts no other.
pub(crate) fn check(codings: &[Element<Coding>]) {
    let [identity, gzip, zstd] = [ContentEncoding::Identity, ContentEncoding::Gzip, ContentEncoding::Zstd]
        .map(|encoding| quality(codings, encoding));
    let (identity, gzip, zstd) = (identity.unwrap_or(0), gzip.unwrap_or(0), zstd.unwrap_or(0));
    let expected = if zstd > 0 && zstd >= gzip && zstd >= identity {
        ContentEncoding::Zstd
    } else if gzip > 0 && gzip >= identity {
        ContentEncoding::Gzip
    } else {
        ContentEncoding::Identity
    };
    let elements: Vec<String> = codings.iter().map(|coding| coding.text(coding.accepted.text())).collect();
    let header = elements.join(",");
    assert_eq!(ContentEncoding::negotiated(&header), expected, "{header}");
}

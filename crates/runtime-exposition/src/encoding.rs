//! Compressed answers, for observers that accept them.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The fastest level: pages repeat themselves, and compress well at any.
const ZSTD_LEVEL: i32 = 1;

/// How the body of an answer is compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentEncoding {
    /// Not at all.
    #[default]
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl ContentEncoding {
    /// The encoding for an observer that sends this `Accept-Encoding` header; of several such headers, their values joined by
    /// commas.
    ///
    /// The one of the highest quality; among equals zstd before gzip before none. No compression if the header is empty or
    /// accepts nothing that there is here: an answer that was not asked for in this form is worth more than none. Source: RFC 9110,
    /// section 12.5.3.
    ///
    /// *Cost:* linear in the length of the header; allocates nothing.
    #[must_use]
    pub fn negotiated(accept_encoding: &str) -> Self {
        let mut best = (0.0, Self::Identity);
        // The later wins among equals.
        for encoding in [Self::Identity, Self::Gzip, Self::Zstd] {
            let quality = encoding.quality_in(accept_encoding);
            if quality > 0.0 && quality >= best.0 {
                best = (quality, encoding);
            }
        }
        best.1
    }

    /// What to send as `Content-Encoding`, if anything.
    #[must_use]
    pub fn content_encoding(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// The body, compressed. Takes some ten times as long as writing a page: not for a thread that others wait for.
    ///
    /// # Errors
    ///
    /// If zstd finds no memory.
    pub fn compressed(self, body: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(body),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&body)?;
                encoder.finish()
            }
            Self::Zstd => zstd::encode_all(&*body, ZSTD_LEVEL),
        }
    }

    /// How well a header's sender likes it, in `[0, 1]`.
    fn quality_in(self, accept_encoding: &str) -> f64 {
        let (mut named, mut any) = (None, None);
        for element in accept_encoding.split(',') {
            let mut parts = element.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let quality =
                quality.and_then(|quality| quality.parse::<f64>().ok()).unwrap_or(1.0).clamp(0.0, 1.0);
            if self.names().iter().any(|name| coding.eq_ignore_ascii_case(name)) {
                named = named.or(Some(quality));
            } else if coding == "*" {
                any = any.or(Some(quality));
            }
        }
        // Who does not name it accepts what is not compressed, but likes whatever was named better.
        let unnamed = if self == Self::Identity { f64::MIN_POSITIVE } else { 0.0 };
        named.or(any).unwrap_or(unnamed)
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Identity => &["identity"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Zstd => &["zstd"],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn an_observer_gets_the_encoding_that_it_likes_best() {
        use ContentEncoding::{Gzip, Identity, Zstd};
        for (accepted, expected) in [
            ("", Identity),
            ("gzip", Gzip),
            ("x-gzip", Gzip),
            ("GZIP;Q=0.5", Gzip),
            ("gzip, deflate, br, zstd", Zstd),
            ("zstd;q=0.1, gzip;q=0.5", Gzip),
            ("gzip;q=0.001", Gzip),
            ("identity, gzip;q=0.5", Identity),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("gzip;q=0", Identity),
            ("*", Zstd),
            ("zstd;q=0, *", Gzip),
            ("*;q=0, gzip", Gzip),
            // Nothing that there is: not compressed all the same.
            ("br, *;q=0", Identity),
            ("br, identity;q=0", Identity),
            ("gzip;q=high", Gzip),
            (",;q=1,,zstd ; q=0.3 ,", Zstd),
        ] {
            assert_eq!(ContentEncoding::negotiated(accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn a_compressed_body_reads_back_as_it_was() {
        let body: Vec<u8> = (0..10_000).flat_map(|number: u32| number.to_string().into_bytes()).collect();
        let compressed = |encoding: ContentEncoding| encoding.compressed(body.clone()).unwrap();
        assert_eq!(compressed(ContentEncoding::Identity), body);
        let (gzip, zstd) = (compressed(ContentEncoding::Gzip), compressed(ContentEncoding::Zstd));
        assert!(gzip.len() < body.len() && zstd.len() < body.len());
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&*gzip).read_to_end(&mut read).unwrap();
        assert_eq!(read, body);
        assert_eq!(zstd::decode_all(&*zstd).unwrap(), body);
    }
}

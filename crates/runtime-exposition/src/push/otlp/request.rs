//! Requests: the bytes of one, and what is said about them.

use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, TE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::Full;

use super::frame;
use super::protocol::{OtlpCompression, OtlpProtocol};
use crate::otlp::Encoding;
use crate::push::endpoint::Endpoint;
use crate::push::receiver::Parcel;

const AGENT: &str = concat!("runtime-exposition/", env!("CARGO_PKG_VERSION"));
/// The longest time that gRPC has a number for, in milliseconds.
const LONGEST_GRPC_TIMEOUT: u128 = 99_999_999;

/// What all requests to one receiver have in common.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) target: Endpoint,
    pub(super) protocol: OtlpProtocol,
    pub(super) compression: OtlpCompression,
    /// Those that were configured.
    pub(super) headers: HeaderMap,
    /// How long an attempt may take.
    pub(super) limit: Duration,
}

impl Form {
    pub(super) fn encoding(&self) -> Encoding {
        match self.protocol {
            OtlpProtocol::HttpJson => Encoding::Json,
            OtlpProtocol::HttpProtobuf | OtlpProtocol::Grpc => Encoding::Protobuf,
        }
    }

    /// What is sent of an encoded message: with its frame, for gRPC. Compressed at the fastest level, as pages are.
    pub(super) fn body(&self, message: &[u8]) -> Result<Bytes, String> {
        let is_framed = self.protocol == OtlpProtocol::Grpc;
        let space = if is_framed { frame::HEAD } else { 0 };
        let mut body = Vec::with_capacity(space + message.len());
        body.resize(space, 0);
        match self.compression {
            OtlpCompression::None => body.extend_from_slice(message),
            OtlpCompression::Gzip => {
                let mut gzip = GzEncoder::new(body, Compression::fast());
                let compressed = gzip.write_all(message).and_then(|()| gzip.finish());
                body = compressed.map_err(|error| format!("the snapshot cannot be compressed: {error}"))?;
            }
        }
        if is_framed {
            let head = frame::head(body.len() - space, self.compression == OtlpCompression::Gzip);
            let head = head.ok_or("the snapshot is too large for gRPC")?;
            body[..space].copy_from_slice(&head);
        }
        body.shrink_to_fit();
        Ok(body.into())
    }

    /// The request for a parcel.
    pub(super) fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>> {
        let mut request =
            Request::post(self.target.uri()).body(Full::new(parcel.body.clone())).unwrap_or_default();
        let headers = request.headers_mut();
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
        let is_compressed = self.compression == OtlpCompression::Gzip;
        let gzip = HeaderValue::from_static("gzip");
        if self.protocol == OtlpProtocol::Grpc {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
            headers.insert(TE, HeaderValue::from_static("trailers"));
            if is_compressed {
                headers.insert("grpc-encoding", gzip);
            }
            let limit = self.limit.as_millis().min(LONGEST_GRPC_TIMEOUT);
            if let Ok(limit) = HeaderValue::from_str(&format!("{limit}m")) {
                headers.insert("grpc-timeout", limit);
            }
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.encoding().content_type()));
            if is_compressed {
                headers.insert(CONTENT_ENCODING, gzip);
            }
        }
        request
    }
}

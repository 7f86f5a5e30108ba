//! How a receiver is spoken to.

/// The protocol that OTLP is carried by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtlpProtocol {
    /// `http/protobuf`: HTTP/1.1, binary. OpenTelemetry's default.
    #[default]
    HttpProtobuf,
    /// `http/json`: HTTP/1.1, JSON.
    HttpJson,
    /// `grpc`: HTTP/2, binary; in plain text, too (without an upgrade from HTTP/1.1).
    Grpc,
}

/// How requests are compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtlpCompression {
    /// Not at all.
    #[default]
    None,
    /// By gzip, which every receiver must understand.
    Gzip,
}

/// Since when the counts that are sent count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Temporality {
    /// Since the window's start.
    #[default]
    Cumulative,
    /// Since the last push that was acknowledged.
    Delta,
}

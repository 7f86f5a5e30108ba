//! The two encodings of OTLP.

/// How a request is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Protobuf: what OTLP calls `http/protobuf`.
    #[default]
    Protobuf,
    /// ProtoJSON as OTLP has it, `http/json`: 64-bit integers are texts, enumerations are numbers.
    Json,
}

impl Encoding {
    /// The `Content-Type` to send a request with.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

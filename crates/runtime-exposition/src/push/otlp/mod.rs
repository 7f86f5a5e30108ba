//! Pushes to an OpenTelemetry receiver.

mod config;
mod frame;
mod judge;
mod protocol;
mod receiver;
mod request;
mod variables;

pub use config::{OtlpConfig, OtlpConfigBuilder};
pub use protocol::{OtlpCompression, OtlpProtocol, Temporality};

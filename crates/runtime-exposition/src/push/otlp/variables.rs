//! The standard variables.
//!
//! Sources: OpenTelemetry specification, "OTLP exporter configuration" and "SDK environment variables". Each variable of the exporter
//! comes in two forms, one for all signals and one for metrics, which goes before. A value that makes no sense is an error here, which a program is to
//! the specification free to pass over with a warning: a setting that does nothing is found too late.

use super::config::{OtlpConfigBuilder, Scope};
use super::protocol::Temporality;
use super::protocol::{OtlpCompression, OtlpProtocol};
use crate::pairs;
use crate::push::error::PushConfigError;
use crate::push::tls::Named;
use crate::push::variables::Variables;

/// Both forms of a variable, that for metrics first.
macro_rules! both {
    ($name:literal) => {
        [concat!("OTEL_EXPORTER_OTLP_METRICS_", $name), concat!("OTEL_EXPORTER_OTLP_", $name)]
    };
}

/// The variables that say where to: setting one of them is asking for pushes.
const ENDPOINT: [&str; 2] = both!("ENDPOINT");

/// Whether the variables say that nothing is to be sent by OTLP.
pub(super) fn are_off(lookup: &dyn Fn(&str) -> Option<String>) -> Result<bool, PushConfigError> {
    const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
    let variables = Variables(lookup);
    if variables.truth(["OTEL_SDK_DISABLED"]) == Some(true) {
        return Ok(true);
    }
    let Some(Named { origin, value }) = variables.text([EXPORTER]) else { return Ok(false) };
    let exporters = || value.split(',').map(str::trim).filter(|exporter| !exporter.is_empty());
    if exporters().any(|exporter| exporter.eq_ignore_ascii_case("otlp")) {
        return Ok(false);
    }
    // Others may mean something to other programs with the same variables; alone, one that is unknown is most likely this one misspelt.
    let is_known = |exporter: &&str| {
        ["console", "none", "prometheus"].iter().any(|known| known.eq_ignore_ascii_case(exporter))
    };
    match exporters().find(|exporter| !is_known(exporter)) {
        Some(other) => {
            let expected = "otlp, none, prometheus, console, or several with commas between them";
            Err(PushConfigError::Word { origin, value: other.to_owned(), expected })
        }
        None => Ok(true),
    }
}

/// Takes over what the variables say.
pub(super) fn apply(
    builder: &mut OtlpConfigBuilder,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<(), PushConfigError> {
    let variables = Variables(lookup);
    if let Some(address) = variables.text(ENDPOINT) {
        let scope = if address.origin == ENDPOINT[0] { Scope::Metrics } else { Scope::Signals };
        builder.endpoint = Some((address, scope));
    }
    let protocols = [
        ("http/protobuf", OtlpProtocol::HttpProtobuf),
        ("http/json", OtlpProtocol::HttpJson),
        ("grpc", OtlpProtocol::Grpc),
    ];
    set(
        &mut builder.protocol,
        variables.word(both!("PROTOCOL"), protocols, "grpc, http/protobuf, http/json")?,
    );
    let compressions = [("gzip", OtlpCompression::Gzip), ("none", OtlpCompression::None)];
    set(&mut builder.compression, variables.word(both!("COMPRESSION"), compressions, "gzip, none")?);
    set(&mut builder.insecure, variables.truth(both!("INSECURE")));
    // All counters here are synchronous instruments, of which `lowmemory` sends deltas, too.
    let temporalities = [
        ("cumulative", Temporality::Cumulative),
        ("delta", Temporality::Delta),
        ("lowmemory", Temporality::Delta),
    ];
    let preference = ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"];
    set(&mut builder.temporality, variables.word(preference, temporalities, "cumulative, delta, lowmemory")?);
    if let Some(Named { origin, value }) = variables.text(both!("HEADERS")) {
        let pairs = pairs::parse(origin, &value)?;
        builder.headers.extend(pairs.into_iter().map(|value| Named { origin, value }));
    }
    for (file, names) in [
        (&mut builder.tls.authorities, both!("CERTIFICATE")),
        (&mut builder.tls.certificate, both!("CLIENT_CERTIFICATE")),
        (&mut builder.tls.key, both!("CLIENT_KEY")),
    ] {
        if let Some(Named { origin, value }) = variables.text(names) {
            *file = Some(Named { origin, value: value.into() });
        }
    }
    let schedule = &mut builder.schedule;
    set(&mut schedule.attempt_timeout, variables.limit(both!("TIMEOUT"))?);
    set(&mut schedule.interval, variables.milliseconds(["OTEL_METRIC_EXPORT_INTERVAL"], 1)?);
    set(&mut schedule.push_timeout, variables.limit(["OTEL_METRIC_EXPORT_TIMEOUT"])?);
    Ok(())
}

fn set<T>(option: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *option = value;
    }
}

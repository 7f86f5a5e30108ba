//! Who the metrics are of.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use runtime_metrics::{ProcessRuntimeSnapshot, iso_8601};

use crate::exposition::Exposition;
use crate::otlp::attribute::{integer, text};
use crate::service::Service;

/// The name of the instrumentation scope.
const SCOPE: &str = "runtime_metrics";

/// The service's name where nobody gave one. Source: semantic conventions, "Service".
const UNKNOWN_SERVICE: &str = "unknown_service";

/// The attributes of the resource, in the order of their names: see [`resource_attribute`](crate::ExpositionBuilder::resource_attribute) for which wins.
pub(super) fn resource(exposition: &Exposition, process: &ProcessRuntimeSnapshot) -> Resource {
    let Exposition { service, .. } = exposition;
    let Service { name, namespace, version, attributes: given, .. } = service;
    let further = given.iter().map(|(key, value)| (&**key, &**value));
    let mut attributes: BTreeMap<_, _> = further.map(|(key, value)| (key, text(key, value))).collect();
    let host_name = Some(service.host_name(process.hostname()));
    let configured = [
        ("host.name", host_name),
        ("service.name", Some(name.as_deref().unwrap_or(UNKNOWN_SERVICE))),
        ("service.namespace", namespace.as_deref()),
        ("service.version", version.as_deref()),
    ];
    attributes.extend(configured.into_iter().filter_map(|(key, value)| Some((key, text(key, value?)))));
    attributes.extend([
        ("process.creation.time", text("process.creation.time", iso_8601(process.process_started_at()))),
        ("process.pid", integer("process.pid", process.process_id().into())),
        ("service.instance.id", text("service.instance.id", process.instance_id().to_string())),
    ]);
    Resource { attributes: attributes.into_values().collect(), ..Resource::default() }
}

/// The build that is running.
pub(super) fn scope(service: &Service) -> InstrumentationScope {
    InstrumentationScope {
        name: SCOPE.to_owned(),
        version: service.build_version.as_deref().unwrap_or_default().to_owned(),
        attributes: service
            .revision
            .iter()
            .map(|revision| text("vcs.ref.head.revision", &**revision))
            .collect(),
        ..InstrumentationScope::default()
    }
}

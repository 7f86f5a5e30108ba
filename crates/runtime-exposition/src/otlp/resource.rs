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

/// The attributes of the resource: see [`resource_attribute`](crate::ExpositionBuilder::resource_attribute) for which wins.
pub(super) fn resource(exposition: &Exposition, process: &ProcessRuntimeSnapshot) -> Resource {
    let Exposition { service: Service { name, namespace, version, .. }, resource_attributes, .. } =
        exposition;
    let mut attributes = BTreeMap::from([
        ("host.name", text("host.name", process.hostname())),
        ("service.name", text("service.name", UNKNOWN_SERVICE)),
    ]);
    let given = resource_attributes.iter().map(|(key, value)| (&**key, &**value));
    let configured = [("service.name", name), ("service.namespace", namespace), ("service.version", version)];
    let configured = configured.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
    attributes.extend(given.chain(configured).map(|(key, value)| (key, text(key, value))));
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
        version: service.version.as_deref().unwrap_or_default().to_owned(),
        attributes: service
            .revision
            .iter()
            .map(|revision| text("vcs.ref.head.revision", &**revision))
            .collect(),
        ..InstrumentationScope::default()
    }
}

//! Attributes: names with values.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};

use crate::joint::{Caller, Joint};

/// The only attribute of an overflow series. Source: OpenTelemetry's cardinality limits.
pub(super) const OVERFLOW: &str = "otel.metric.overflow";

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

pub(super) fn text(key: &str, value: impl Into<String>) -> KeyValue {
    attribute(key, Value::StringValue(value.into()))
}

pub(super) fn integer(key: &str, value: i64) -> KeyValue {
    attribute(key, Value::IntValue(value))
}

pub(super) fn overflow() -> Vec<KeyValue> {
    vec![attribute(OVERFLOW, Value::BoolValue(true))]
}

/// The attributes of a delivery, or of a value in it.
pub(super) fn joint(joint: Joint<'_, Caller<'_>>) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(4);
    attributes.push(text("config.endpoint", joint.endpoint));
    attributes.push(text("config.target", joint.target));
    attributes.extend(joint.caller.text().map(|caller| text("caller", caller)));
    attributes.extend(joint.config_name.map(|name| text("config.name", name)));
    attributes
}

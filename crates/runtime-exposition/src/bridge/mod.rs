//! For services that run the OpenTelemetry SDK: the counts of snapshots, as observable instruments of a meter of theirs.
//!
//! ```
//! use opentelemetry::metrics::MeterProvider as _;
//! use opentelemetry_sdk::metrics::SdkMeterProvider;
//! use runtime_exposition::{Exposition, bridge};
//! use runtime_metrics::Metrics;
//!
//! let (metrics, exposition) = (Metrics::new(), Exposition::builder().build()?);
//! let provider = SdkMeterProvider::builder().build(); // the service's own, with its reader
//! bridge::observe(&provider.meter("runtime_metrics"), &exposition, {
//!     let metrics = metrics.clone();
//!     move || metrics.snapshot()
//! });
//! # Ok::<(), runtime_exposition::ExpositionError>(())
//! ```
//!
//! Names, units and attributes are those of [`otlp`](crate::otlp), but for `process.uptime`, which is for the service to show. The resource is the SDK's.
//!
//! # One collection, one cut
//!
//! The SDK (0.33) asks one instrument after the other, by a callback each, and does not say where a collection begins. What it does do, in its
//! `metrics/pipeline.rs`: a reader's collection calls all callbacks, always in the order in which they were registered, on the thread that collects. A view that drops an
//! instrument for every reader keeps its callback from being registered, the first one's perhaps. So a thread's first callback takes a cut, and the others on that thread show the same one, until one is asked that has already shown
//! it: that is another collection, which takes a cut of its own. The cut is let go when all have shown it; where a view
//! dropped one, by that thread's next collection.
//!
//! Guaranteed is, whichever instruments a view drops and however many threads collect at once: all that is shown by the callbacks of one collection comes from one cut, which was
//! taken after the collection began.
//!
//! What the SDK makes of it:
//!
//! - A callback's values go to all readers of a provider, not only to the one that collects. Two readers of **one** provider that collect **at the same moment** may hand out each other's
//!   values, and then a mixture of two cuts. Give each of them a provider of its own, with a bridge of its own, or let them take turns.
//! - An instrument has 2,000 series unless a view says otherwise (`Stream::with_cardinality_limit`). Set it above the series limits of the registry: the SDK does
//!   not add up what overflows of observable counters.
//! - Observable counters are thought never to fall. A reset of the registry looks to cumulative readers like a restart of which they are not told; a service that
//!   resets should [push](crate::otlp) by itself.
//!
//! *Cost:* of a collection, one cut and the data points of one OTLP request. Nothing is unregistered: the SDK keeps callbacks, and with them the source, as long as the provider.
//!
//! Source: OpenTelemetry specification, "Asynchronous Instrument API".

mod collection;

use std::sync::Arc;

use opentelemetry::metrics::{AsyncInstrument, Meter};
use opentelemetry::{KeyValue, Value};
use opentelemetry_proto::tonic::common::v1::any_value::Value as ProtoValue;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{NumberDataPoint, metric};
use runtime_metrics::Snapshot;

use crate::Exposition;
use crate::otlp::metrics::{BRIDGED, Numbers};
use crate::otlp::request;
use collection::{Bridge, Cut};

/// Registers an observable instrument for each metric, which show the snapshots of `source`. See the [module](self) for what is guaranteed.
///
/// `source` is called on the thread of a reader that collects, once for each collection.
pub fn observe(
    meter: &Meter,
    exposition: &Exposition,
    source: impl Fn() -> Snapshot + Send + Sync + 'static,
) {
    let shown = exposition.clone();
    let bridge = Arc::new(Bridge::new(BRIDGED.len(), move || cut(&shown, &source())));
    for (place, (instrument, numbers)) in BRIDGED.into_iter().enumerate() {
        let name = format!("{}.{}", exposition.namespace.as_str(), instrument.name);
        let key = name.clone();
        let bridge = Arc::clone(&bridge);
        let points = move || bridge.cut(place).points(&key);
        match numbers {
            Numbers::Counter => {
                let builder = meter.u64_observable_counter(name).with_unit(instrument.unit);
                let callback = move |observer: &dyn AsyncInstrument<u64>| show(observer, points(), integer);
                builder.with_description(instrument.description).with_callback(callback).build();
            }
            Numbers::Integer => {
                let builder = meter.u64_observable_gauge(name).with_unit(instrument.unit);
                let callback = move |observer: &dyn AsyncInstrument<u64>| show(observer, points(), integer);
                builder.with_description(instrument.description).with_callback(callback).build();
            }
            Numbers::Float => {
                let builder = meter.f64_observable_gauge(name).with_unit(instrument.unit);
                let callback = move |observer: &dyn AsyncInstrument<f64>| show(observer, points(), float);
                builder.with_description(instrument.description).with_callback(callback).build();
            }
        }
    }
}

/// The data points of a snapshot by metric.
fn cut(exposition: &Exposition, snapshot: &Snapshot) -> Cut {
    let scopes = request::cumulative(exposition, snapshot).resource_metrics.into_iter();
    let metrics = scopes.flat_map(|metrics| metrics.scope_metrics).flat_map(|scope| scope.metrics);
    let points = |data| match data {
        Some(metric::Data::Sum(sum)) => sum.data_points,
        Some(metric::Data::Gauge(gauge)) => gauge.data_points,
        _ => Vec::new(),
    };
    Cut::new(metrics.map(|metric| (metric.name, points(metric.data))))
}

fn show<T>(
    observer: &dyn AsyncInstrument<T>,
    points: Arc<[NumberDataPoint]>,
    number: impl Fn(&Number) -> Option<T>,
) {
    for point in &*points {
        if let Some(number) = point.value.as_ref().and_then(&number) {
            let attributes = point.attributes.iter().filter_map(|attribute| {
                let value = match attribute.value.as_ref()?.value.as_ref()? {
                    ProtoValue::StringValue(text) => Value::from(text.clone()),
                    ProtoValue::IntValue(integer) => Value::from(*integer),
                    ProtoValue::BoolValue(truth) => Value::from(*truth),
                    _ => return None,
                };
                Some(KeyValue::new(attribute.key.clone(), value))
            });
            observer.observe(number, &attributes.collect::<Vec<_>>());
        }
    }
}

fn integer(number: &Number) -> Option<u64> {
    match number {
        Number::AsInt(integer) => u64::try_from(*integer).ok(),
        Number::AsDouble(_) => None,
    }
}

fn float(number: &Number) -> Option<f64> {
    match number {
        Number::AsInt(_) => None,
        Number::AsDouble(float) => Some(*float),
    }
}

//! The bridge to the OpenTelemetry SDK, read by the SDK's own reader while others record.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics, in its harness too")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Stream, Temporality,
};
use runtime_exposition::{Exposition, bridge};
use runtime_metrics::Metrics;

/// A reader that stays at hand after the provider has taken it.
#[derive(Debug, Clone)]
struct Reader(Arc<ManualReader>);

impl Reader {
    fn new(temporality: Temporality) -> Self {
        Self(Arc::new(ManualReader::builder().with_temporality(temporality).build()))
    }

    fn totals(&self) -> BTreeMap<String, u64> {
        let mut collected = ResourceMetrics::default();
        self.0.collect(&mut collected).unwrap();
        let metrics = collected.scope_metrics().flat_map(|scope| scope.metrics());
        let totals = metrics.filter_map(|metric| match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                Some((metric.name().to_owned(), sum.data_points().map(|point| point.value()).sum()))
            }
            _ => None,
        });
        totals.collect()
    }
}

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

fn exposition() -> Exposition {
    Exposition::builder().namespace("exp").build().unwrap()
}

fn observe(provider: &SdkMeterProvider, metrics: &Metrics) {
    let source = metrics.clone();
    bridge::observe(&provider.meter("runtime_metrics"), &exposition(), move || source.snapshot());
}

/// Runs `read` beside threads that record deliveries of three values each.
fn while_others_record(metrics: &Metrics, read: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for caller in ["a", "b"] {
            let is_over = &is_over;
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    metrics.record_config_delivery("config", "api", &["x", "y", "z"], caller);
                }
            });
        }
        read();
        is_over.store(true, Ordering::Relaxed);
    });
}

/// A collection of one cut has three values for each delivery, and at least as many as the one before.
fn check(totals: &BTreeMap<String, u64>, least: &mut u64) {
    let (deliveries, values) = (totals["exp.config.deliveries"], totals["exp.config.values_served"]);
    assert_eq!(values, 3 * deliveries);
    assert!(deliveries >= *least);
    *least = deliveries;
}

#[test]
fn a_collection_holds_what_was_recorded_under_the_names_of_otlp() {
    let metrics = Metrics::new();
    let reader = Reader::new(Temporality::Cumulative);
    let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
    observe(&provider, &metrics);
    for turn in 1..=2 {
        metrics.record_request("/a");
        metrics.record_request("/b");
        metrics.record_config_delivery("config", "api", &["x"], "me");
        let expected = [
            ("exp.config.deliveries", turn),
            ("exp.config.values_served", turn),
            ("exp.http.requests", 2 * turn),
            ("exp.series_overflow", 0),
            ("exp.snapshots", turn),
        ];
        assert_eq!(reader.totals(), expected.map(|(name, count)| (name.to_owned(), count)).into());
    }
    let mut collected = ResourceMetrics::default();
    reader.collect(&mut collected).unwrap();
    let metrics: Vec<_> = collected.scope_metrics().flat_map(|scope| scope.metrics()).collect();
    let named = |name: &str| *metrics.iter().find(|metric| metric.name() == name).unwrap();
    assert_eq!(named("exp.http.requests").unit(), "{request}");
    assert_eq!(named("exp.http.requests").description(), "HTTP requests observed.");
    let AggregatedMetrics::U64(MetricData::Gauge(series)) = named("exp.series").data() else { panic!() };
    let mut series: Vec<_> = series
        .data_points()
        .map(|point| (point.attributes().next().unwrap().value.to_string(), point.value()))
        .collect();
    series.sort();
    assert_eq!(series, [("deliveries".to_owned(), 1), ("requests".to_owned(), 2)]);
    let AggregatedMetrics::F64(MetricData::Gauge(uptime)) = named("exp.uptime").data() else { panic!() };
    assert!(uptime.data_points().all(|point| point.value() >= 0.0));
}

#[test]
fn every_collection_is_one_cut_while_others_record() {
    let metrics = Metrics::new();
    let reader = Reader::new(Temporality::Cumulative);
    let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
    observe(&provider, &metrics);
    metrics.record_config_delivery("config", "api", &["x", "y", "z"], "me");
    while_others_record(&metrics, || {
        let mut least = 1;
        (0..300).for_each(|_| check(&reader.totals(), &mut least));
    });
    assert_eq!(
        reader.totals()["exp.config.deliveries"],
        metrics.snapshot().served_config().responses_total()
    );
}

#[test]
fn deltas_of_collections_add_up_to_what_was_recorded() {
    let metrics = Metrics::new();
    let reader = Reader::new(Temporality::Delta);
    let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
    observe(&provider, &metrics);
    let mut sum = 0;
    let mut collect = || {
        let totals = reader.totals();
        let count = |name| totals.get(name).copied().unwrap_or(0);
        assert_eq!(count("exp.config.values_served"), 3 * count("exp.config.deliveries"));
        sum += count("exp.config.deliveries");
    };
    while_others_record(&metrics, || (0..300).for_each(|_| collect()));
    collect();
    assert_eq!(sum, metrics.snapshot().served_config().responses_total());
}

#[test]
fn a_collection_is_one_cut_whichever_instruments_a_view_drops() {
    for dropped in ["exp.uptime", "exp.http.requests", "exp.snapshots", "exp.series_overflow"] {
        let metrics = Metrics::new();
        let reader = Reader::new(Temporality::Cumulative);
        let provider = SdkMeterProvider::builder()
            .with_reader(reader.clone())
            .with_view(move |instrument: &Instrument| {
                let stream = Stream::builder().with_aggregation(Aggregation::Drop);
                (instrument.name() == dropped).then(|| stream.build().unwrap())
            })
            .build();
        observe(&provider, &metrics);
        metrics.record_config_delivery("config", "api", &["x", "y", "z"], "me");
        while_others_record(&metrics, || {
            let mut least = 1;
            for _ in 0..100 {
                let totals = reader.totals();
                assert!(!totals.contains_key(dropped));
                check(&totals, &mut least);
            }
        });
    }
}

#[test]
fn two_providers_that_are_read_at_once_have_a_cut_for_each_collection() {
    let metrics = Metrics::new();
    metrics.record_config_delivery("config", "api", &["x", "y", "z"], "me");
    let pipes: Vec<_> = (0..2)
        .map(|_| {
            let reader = Reader::new(Temporality::Cumulative);
            let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
            observe(&provider, &metrics);
            (provider, reader)
        })
        .collect();
    while_others_record(&metrics, || {
        std::thread::scope(|scope| {
            for (_, reader) in &pipes {
                scope.spawn(move || {
                    let mut least = 1;
                    (0..200).for_each(|_| check(&reader.totals(), &mut least));
                });
            }
        });
    });
}

#[test]
fn two_readers_of_one_provider_that_take_turns_on_two_threads_have_a_cut_for_each_collection() {
    let metrics = Metrics::new();
    metrics.record_config_delivery("config", "api", &["x", "y", "z"], "me");
    let readers = [Reader::new(Temporality::Cumulative), Reader::new(Temporality::Cumulative)];
    let provider =
        SdkMeterProvider::builder().with_reader(readers[0].clone()).with_reader(readers[1].clone()).build();
    observe(&provider, &metrics);
    let turn = Mutex::new(());
    while_others_record(&metrics, || {
        std::thread::scope(|scope| {
            for reader in &readers {
                scope.spawn(|| {
                    let mut least = 1;
                    for _ in 0..200 {
                        let _turn = turn.lock().unwrap();
                        check(&reader.totals(), &mut least);
                    }
                });
            }
        });
    });
}

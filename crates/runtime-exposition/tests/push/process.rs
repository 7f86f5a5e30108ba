//! What the process takes, in pushes.

use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Sum, metric, number_data_point::Value,
};
use runtime_exposition::push::{
    OtlpConfig, OtlpConfigBuilder, ProcessMetrics, PushgatewayConfig, Temporality,
};

use crate::ledger::request;
use crate::receiver::{Arrived, Receiver, acknowledge};
use crate::run::{Run, hasty};

const AMOUNTS: [&str; 4] = [
    "process.memory.usage",
    "process.memory.virtual",
    "process.thread.count",
    "process.unix.file_descriptor.count",
];

async fn pushed(config: impl FnOnce(OtlpConfigBuilder) -> OtlpConfigBuilder) -> Vec<Arrived> {
    let receiver = Receiver::start([], acknowledge()).await;
    let builder = OtlpConfig::builder().endpoint(receiver.url("/")).schedule(hasty());
    let run = Run::start(config(builder).build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 4).await;
    run.stop().await;
    receiver.arrived()
}

/// The sums of the process in a request, by name.
fn sums(arrived: &Arrived) -> Vec<(String, Sum)> {
    let metrics = request(arrived).resource_metrics.remove(0).scope_metrics.remove(0).metrics;
    let sums = metrics.into_iter().filter_map(|metric| match metric.data {
        Some(metric::Data::Sum(sum)) if metric.name.starts_with("process.") => Some((metric.name, sum)),
        _ => None,
    });
    sums.collect()
}

fn float(sum: &Sum) -> f64 {
    match sum.data_points[0].value {
        Some(Value::AsDouble(float)) => float,
        other => panic!("{other:?}"),
    }
}

#[cfg(all(feature = "process", target_os = "linux"))]
#[tokio::test]
async fn cpu_time_grows_and_amounts_go_up_and_down() {
    let arrived = pushed(|config| config).await;
    let mut last = 0.0;
    for arrived in &arrived {
        let mut sums = sums(arrived);
        sums.sort_by(|a, b| a.0.cmp(&b.0));
        let (cpu, amounts) = sums.split_first().unwrap();
        assert_eq!(cpu.0, "process.cpu.time");
        assert!(cpu.1.is_monotonic && float(&cpu.1) >= last);
        last = float(&cpu.1);
        assert_eq!(amounts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), AMOUNTS);
        for (name, sum) in amounts {
            assert!(!sum.is_monotonic, "{name}");
            assert!(matches!(sum.data_points[0].value, Some(Value::AsInt(1..))), "{name}");
        }
    }
    assert!(last > 0.0);
}

#[cfg(all(feature = "process", target_os = "linux"))]
#[tokio::test]
async fn deltas_of_cpu_time_touch_and_amounts_stay_cumulative() {
    let arrived = pushed(|config| config.temporality(Temporality::Delta)).await;
    let mut told_up_to = None;
    for arrived in &arrived {
        for (name, sum) in sums(arrived) {
            let is_delta = sum.aggregation_temporality == AggregationTemporality::Delta as i32;
            assert_eq!(is_delta, name == "process.cpu.time", "{name}");
            if is_delta {
                let point = &sum.data_points[0];
                assert!(float(&sum) >= 0.0 && point.start_time_unix_nano < point.time_unix_nano);
                assert!(told_up_to.is_none_or(|end| end == point.start_time_unix_nano));
                told_up_to = Some(point.time_unix_nano);
            }
        }
    }
    assert!(told_up_to.is_some());
}

#[tokio::test]
async fn pushes_leave_out_what_the_process_takes_if_told_to() {
    let arrived = pushed(|config| config.process_metrics(ProcessMetrics::LeftOut)).await;
    assert!(arrived.iter().all(|arrived| sums(arrived).is_empty()));
}

#[tokio::test]
async fn the_page_of_a_gateway_shows_the_process_unless_told_not_to_and_how_pushes_fare() {
    for (process_metrics, is_shown) in
        [(ProcessMetrics::Included, cfg!(feature = "process")), (ProcessMetrics::LeftOut, false)]
    {
        let receiver = Receiver::start([], acknowledge()).await;
        let config = PushgatewayConfig::builder(receiver.url(""), "exp").process_metrics(process_metrics);
        let run = Run::start(config.schedule(hasty()).build().unwrap());
        run.until(|statistics| statistics.acknowledged() >= 2).await;
        run.stop().await;
        let pages = receiver.arrived();
        for (acknowledged, page) in pages.iter().enumerate() {
            let page = std::str::from_utf8(&page.body).unwrap();
            assert_eq!(page.contains("\nprocess_cpu_seconds_total "), is_shown, "{page}");
            // Those before this one.
            let line = format!(
                "exp_pushes_total{{push_receiver=\"pushgateway\",outcome=\"acknowledged\"}} {acknowledged}\n"
            );
            assert!(page.contains(&line), "{line}{page}");
        }
    }
}

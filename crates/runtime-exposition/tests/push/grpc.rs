//! Pushes by gRPC, to the service that tonic serves.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderMap;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message as _;
use runtime_exposition::push::{
    Abandonment, FailureReason, OtlpCompression, OtlpConfig, OtlpConfigBuilder, OtlpProtocol, PushSchedule,
    PushStatistics, Temporality,
};
use tokio::net::TcpListener;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::ledger::{Ledger, expected};
use crate::receiver::{Arrived, PATIENCE};
use crate::run::{Run, hasty};

/// What the service does with a request.
#[derive(Debug, Clone)]
enum Behaviour {
    Acknowledge(Option<ExportMetricsPartialSuccess>),
    /// Takes it or does not, and answers this.
    Status {
        takes: bool,
        status: Status,
    },
    /// Takes it or does not, and never answers.
    Hang {
        takes: bool,
    },
}

#[derive(Debug, Default)]
struct Script {
    next: VecDeque<Behaviour>,
    arrived: Vec<Arrived>,
    headers: Vec<HeaderMap>,
}

#[derive(Debug, Clone)]
struct Service {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Service {
    async fn start(next: impl IntoIterator<Item = Behaviour>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let script = Script { next: next.into_iter().collect(), ..Script::default() };
        let address = listener.local_addr().unwrap();
        let service = Self { address, script: Arc::new(Mutex::new(script)) };
        let server = MetricsServiceServer::new(service.clone()).accept_compressed(CompressionEncoding::Gzip);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let served = TowerToHyperService::new(server.clone());
                tokio::spawn(http.serve_connection(TokioIo::new(stream), served));
            }
        });
        service
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.script.lock().unwrap().arrived.clone()
    }
}

#[tonic::async_trait]
impl MetricsService for Service {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let behaviour = {
            let mut script = self.script.lock().unwrap();
            let behaviour = script.next.pop_front().unwrap_or(Behaviour::Acknowledge(None));
            let is_taken = match &behaviour {
                Behaviour::Acknowledge(_) => true,
                Behaviour::Status { takes, .. } | Behaviour::Hang { takes } => *takes,
            };
            script.headers.push(request.metadata().clone().into_headers());
            script.arrived.push(Arrived {
                line: String::new(),
                headers: vec![("content-type".to_owned(), "application/x-protobuf".to_owned())],
                body: request.into_inner().encode_to_vec(),
                is_taken,
            });
            behaviour
        };
        match behaviour {
            Behaviour::Acknowledge(partial_success) => {
                Ok(Response::new(ExportMetricsServiceResponse { partial_success }))
            }
            Behaviour::Status { status, .. } => Err(status),
            Behaviour::Hang { .. } => std::future::pending().await,
        }
    }
}

fn config(service: &Service, temporality: Temporality) -> OtlpConfigBuilder {
    OtlpConfig::builder()
        .protocol(OtlpProtocol::Grpc)
        .endpoint(format!("http://{}", service.address))
        .temporality(temporality)
        .schedule(hasty())
}

/// As in the tests by HTTP: fails now and then, holds everything once in the end.
async fn survives(failing: Behaviour, temporality: Temporality, attempt_timeout: Duration) -> PushStatistics {
    let fine = Behaviour::Acknowledge(None);
    let service =
        Service::start([&failing, &failing, &fine, &failing, &fine, &failing].map(Behaviour::clone)).await;
    let schedule = PushSchedule { attempt_timeout, ..hasty() };
    let run = Run::start(config(&service, temporality).schedule(schedule).build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 6).await;
    let (metrics, statistics) = run.stop().await;
    assert_eq!(Ledger::of(&service.arrived()).counts(), expected(&metrics), "{failing:?}, {temporality:?}");
    statistics
}

const BOTH: [Temporality; 2] = [Temporality::Cumulative, Temporality::Delta];

#[tokio::test]
async fn a_service_reads_what_is_sent_compressed_or_not() {
    for compression in [OtlpCompression::None, OtlpCompression::Gzip] {
        let service = Service::start([]).await;
        let config =
            config(&service, Temporality::Cumulative).compression(compression).header("api-key", "s3cret");
        let run = Run::start(config.build().unwrap());
        run.until(|statistics| statistics.acknowledged() >= 2).await;
        let (metrics, statistics) = run.stop().await;
        assert_eq!(statistics.attempts(), statistics.acknowledged());
        assert_eq!(statistics.last_error(), None);
        assert_eq!(Ledger::of(&service.arrived()).counts(), expected(&metrics));
        let headers = service.script.lock().unwrap().headers[0].clone();
        assert_eq!(headers["api-key"], "s3cret");
        assert_eq!(headers["grpc-timeout"], format!("{}m", PATIENCE.as_millis()));
    }
}

#[tokio::test]
async fn only_the_codes_that_otlp_names_are_sent_again_and_all_is_counted_once() {
    for temporality in BOTH {
        for (code, is_retryable, may_be_taken) in [
            (Code::Cancelled, true, true),
            (Code::Unknown, false, true),
            (Code::InvalidArgument, false, false),
            (Code::DeadlineExceeded, true, true),
            (Code::NotFound, false, false),
            (Code::AlreadyExists, false, false),
            (Code::PermissionDenied, false, false),
            (Code::ResourceExhausted, false, false),
            (Code::FailedPrecondition, false, false),
            (Code::Aborted, true, true),
            (Code::OutOfRange, true, false),
            (Code::Unimplemented, false, false),
            (Code::Internal, false, true),
            (Code::Unavailable, true, true),
            (Code::DataLoss, true, true),
            (Code::Unauthenticated, false, false),
        ] {
            let status = Status::new(code, "not\nnow");
            let failing = Behaviour::Status { takes: may_be_taken, status };
            let statistics = survives(failing, temporality, PATIENCE).await;
            let (retries, failed) = if is_retryable { (4, 0) } else { (0, 4) };
            assert_eq!((statistics.retries(), statistics.failed()), (retries, failed), "{code:?}");
            assert_eq!(statistics.last_error(), Some(format!("gRPC {code:?}: not now").as_str()));
        }
    }
}

#[tokio::test]
async fn a_service_that_says_when_is_asked_again_then() {
    for temporality in BOTH {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(1)));
        let status = Status::with_error_details(Code::ResourceExhausted, "full", details);
        let statistics = survives(Behaviour::Status { takes: false, status }, temporality, PATIENCE).await;
        assert_eq!(statistics.failed_attempts(FailureReason::Throttled), 4);
        assert_eq!((statistics.retries(), statistics.failed()), (4, 0));
    }
}

#[tokio::test]
async fn after_a_service_that_hung_nothing_is_lost_or_counted_twice() {
    for temporality in BOTH {
        for takes in [false, true] {
            let statistics =
                survives(Behaviour::Hang { takes }, temporality, Duration::from_millis(60)).await;
            // The time is over here, or there: the service is told how long it has.
            assert!(statistics.attempts() > statistics.acknowledged(), "{statistics:?}");
        }
    }
}

#[tokio::test]
async fn rejected_data_points_are_counted() {
    let partial = ExportMetricsPartialSuccess { rejected_data_points: 2, error_message: "old".to_owned() };
    let statistics = survives(Behaviour::Acknowledge(Some(partial)), Temporality::Delta, PATIENCE).await;
    assert_eq!(statistics.rejected_points(), 4 * 2);
    assert_eq!(statistics.last_error(), Some("the receiver rejected 2 data points: old"));
}

#[tokio::test]
async fn an_answer_that_is_longer_than_is_read_says_whether_the_push_arrived() {
    // The status stands behind the message.
    let partial =
        |length| ExportMetricsPartialSuccess { error_message: "x".repeat(length), ..Default::default() };
    let statistics =
        survives(Behaviour::Acknowledge(Some(partial(200_000))), Temporality::Delta, PATIENCE).await;
    assert_eq!(statistics.attempts(), statistics.acknowledged());
    // One of which the end is not read leaves it in doubt.
    let statistics =
        survives(Behaviour::Acknowledge(Some(partial(5_000_000))), Temporality::Delta, PATIENCE).await;
    assert_eq!(statistics.failed_attempts(FailureReason::Connection), 4, "{statistics:?}");
}

#[tokio::test]
async fn what_is_no_grpc_service_is_sent_nothing_twice() {
    // Speaks HTTP/1.1 only: the connection ends before an answer.
    let plain = crate::receiver::Receiver::start([], crate::receiver::acknowledge()).await;
    let config = OtlpConfig::builder().protocol(OtlpProtocol::Grpc).endpoint(plain.url("")).schedule(hasty());
    let run = Run::start(config.build().unwrap());
    run.until(|statistics| statistics.attempts() >= 2).await;
    let statistics = run.monitor.statistics();
    assert_eq!(statistics.acknowledged(), 0);
    assert!(statistics.failed_attempts(FailureReason::Connection) >= 1, "{statistics:?}");
    assert!(statistics.last_error().unwrap().contains("is it a gRPC receiver?"), "{statistics:?}");
}

/// As servers refuse a message that is too long for them.
#[tokio::test]
async fn an_interval_that_a_service_never_takes_does_not_hold_up_those_behind_it() {
    for code in [Code::ResourceExhausted, Code::OutOfRange] {
        let status = Status::new(code, "message too large");
        let refuses = Behaviour::Status { takes: false, status };
        let service = Service::start([&refuses, &refuses].map(Behaviour::clone)).await;
        let schedule = PushSchedule { doubt_timeout: Duration::ZERO, ..hasty() };
        let run = Run::start(config(&service, Temporality::Delta).schedule(schedule).build().unwrap());
        run.until(|statistics| statistics.acknowledged() >= 2).await;
        let (_, statistics) = run.stop().await;
        assert!(statistics.abandoned_records(Abandonment::Refused) > 0, "{code:?}: {statistics:?}");
        assert_eq!(statistics.abandoned_records(Abandonment::InDoubt), 0);
    }
}

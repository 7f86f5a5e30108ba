//! Pushes take no more memory the longer a receiver fails. A test by itself, because it counts what the whole process has allocated.

use std::alloc::System;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use runtime_exposition::Exposition;
use runtime_exposition::push::{OtlpConfig, PushSchedule, Pusher, Temporality};
use runtime_metrics::Metrics;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is allocated now, in bytes.
fn held() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated as isize - stats.bytes_deallocated as isize
}

#[tokio::test]
async fn memory_is_flat_however_long_the_receiver_fails() {
    const SERIES: usize = 200;
    for (temporality, status) in [
        (Temporality::Cumulative, "503 Service Unavailable"),
        (Temporality::Delta, "503 Service Unavailable"), // in doubt: the same is sent for ever
        (Temporality::Delta, "400 Bad Request"),         // refused: each interval is longer than the last
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/metrics", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let mut room = [0; 4_096];
            for mut stream in listener.incoming().map_while(Result::ok) {
                // Only the begin of a request is looked at; its end goes by the board with the connection.
                let _ = stream.read(&mut room);
                let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                while stream.read(&mut room).is_ok_and(|read| read > 0) {}
            }
        });
        let schedule = PushSchedule {
            interval: Duration::from_millis(1),
            first_retry: Duration::from_millis(1),
            push_timeout: Duration::from_millis(3),
            ..PushSchedule::default()
        };
        let config = OtlpConfig::builder().endpoint(url).temporality(temporality).schedule(schedule);
        let exposition = Exposition::builder().build().unwrap();
        let pusher = Pusher::new(&exposition, config.build().unwrap()).unwrap();
        let (monitor, metrics) = (pusher.monitor(), Metrics::new());
        let paths: Vec<String> = (0..SERIES).map(|number| format!("/path/{number}")).collect();
        let source = {
            let metrics = metrics.clone();
            move || metrics.snapshot()
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(pusher.run(source, async { _ = stopped.await }));
        let mut highest = Vec::new();
        for round in 1..=4 {
            let mut most = 0;
            while monitor.statistics().failed() < 50 * round {
                paths.iter().for_each(|path| metrics.record_request(path));
                most = most.max(held());
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            highest.push(most);
        }
        running.abort();
        drop(stop);
        // A request of these series is some 20 kB and more while it is encoded: a hundred that were kept would show.
        let growth = highest[2].max(highest[3]) - highest[0].max(highest[1]);
        assert!(growth < 256 * 1024, "{temporality:?}, {status}: {highest:?}");
    }
}

//! The real server, in this process, over a registry of its own.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use exp_worker::app::{App, FrontDoor};
use exp_worker::configuration::Configuration;
use exp_worker::limits::Limits;
use exp_worker::server::{Ending, Server};
use exp_worker::stop::Stop;
use exp_worker::token::SharedToken;
use runtime_exposition::CallerLabels;
use runtime_metrics::{Metrics, ServedConfigMetricsSnapshot};

use super::{Answer, CONFIGURATION, Client, PATIENCE};

pub(crate) struct Worker {
    pub(crate) address: SocketAddr,
    pub(crate) app: App,
    pub(crate) stop: Stop,
    ending: mpsc::Receiver<Ending>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) struct WorkerBuilder {
    configuration: Option<String>,
    limits: Limits,
    front_door: FrontDoor,
    token: Option<&'static str>,
    caller_labels: CallerLabels,
}

impl Worker {
    pub(crate) fn builder() -> WorkerBuilder {
        WorkerBuilder {
            configuration: Some(CONFIGURATION.to_owned()),
            limits: Limits::default(),
            front_door: FrontDoor::Untrusted,
            token: None,
            caller_labels: CallerLabels::Shown,
        }
    }

    pub(crate) fn start() -> Self {
        Self::builder().start()
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.connect().get(path)
    }

    /// GET with further header lines, each ended by `\r\n`.
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: test\r\n{headers}\r\n"))
    }

    pub(crate) fn ask(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut client = self.connect();
        client.send(request);
        client.answer()
    }

    pub(crate) fn served(&self) -> ServedConfigMetricsSnapshot {
        self.app.metrics().snapshot().served_config().clone()
    }

    pub(crate) fn deliveries(&self) -> u64 {
        self.served().responses_total()
    }

    pub(crate) fn requests(&self) -> u64 {
        self.app.metrics().snapshot().requests().total_requests()
    }

    /// Waits for the server to end by what the test has told it.
    pub(crate) fn ending(&mut self) -> Ending {
        self.ending.recv_timeout(PATIENCE).expect("the server ends")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.cut();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl WorkerBuilder {
    pub(crate) fn configuration(mut self, text: impl Into<String>) -> Self {
        self.configuration = Some(text.into());
        self
    }

    pub(crate) fn without_configuration(mut self) -> Self {
        self.configuration = None;
        self
    }

    pub(crate) fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub(crate) fn trusting_the_front_door(mut self) -> Self {
        self.front_door = FrontDoor::Trusted;
        self
    }

    pub(crate) fn caller_labels(mut self, callers: CallerLabels) -> Self {
        self.caller_labels = callers;
        self
    }

    pub(crate) fn token(mut self, token: &'static str) -> Self {
        self.token = Some(token);
        self
    }

    pub(crate) fn start(self) -> Worker {
        let mut app = App::builder(Metrics::new())
            .environment("test")
            .front_door(self.front_door)
            .caller_labels(self.caller_labels);
        if let Some(token) = self.token {
            app = app.local_token(SharedToken::new(token.as_bytes(), "a test").unwrap());
        }
        let app = app.build().unwrap();
        if let Some(text) = self.configuration {
            app.install(Configuration::parse(text.as_bytes()).unwrap());
        }
        let stop = Stop::new();
        let (address_out, address_in) = mpsc::channel();
        let (ending_out, ending) = mpsc::channel();
        let thread = std::thread::spawn({
            let (app, stop) = (app.clone(), stop.clone());
            move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2)
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let server =
                        Server::bind("127.0.0.1:0".parse().unwrap(), app, self.limits).await.unwrap();
                    address_out.send(server.local_address()).unwrap();
                    let _ = ending_out.send(server.run(stop).await);
                });
            }
        });
        let address = address_in.recv_timeout(PATIENCE).expect("the server listens");
        Worker { address, app, stop, ending, thread: Some(thread) }
    }
}

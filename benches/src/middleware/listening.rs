//! The worker behind a port.

use std::error::Error;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;

use exp_worker::limits::Limits;
use exp_worker::server::{Terms, serve_connection};
use exp_worker::stop::Stop;
use tokio::net::TcpListener;

use super::contestant::Middleware;
use super::service::{Answering, Use, set_up};

/// Serves on a free port, which is printed, until the process is killed.
///
/// # Errors
///
/// When there is no port, or a peer cannot be set up.
pub async fn serve(middleware: Middleware) -> Result<(), Box<dyn Error>> {
    set_up(middleware, Listening)?.await
}

struct Listening;

impl Use for Listening {
    type Outcome = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error>>>>>;

    fn of(self, service: impl Answering) -> Self::Outcome {
        Box::pin(accept(service))
    }
}

async fn accept(service: impl Answering) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    let terms = Arc::new(Terms::new(Limits::default(), Stop::new()));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (service, terms) = (service.clone(), Arc::clone(&terms));
        tokio::spawn(async move { serve_connection(stream, service, &terms).await });
    }
}

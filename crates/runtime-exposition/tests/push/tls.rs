//! Receivers that are spoken to by TLS.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use runtime_exposition::push::{
    FailureReason, OtlpConfig, OtlpConfigBuilder, PushConfigError, PushSchedule, Pusher,
};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto::ring};

use crate::ledger::{Ledger, expected};
use crate::receiver::{Receiver, acknowledge};
use crate::run::{Run, exposition, hasty};

/// A certificate authority, a certificate of 127.0.0.1 and one of a client, and their files.
struct Authority {
    folder: TempDir,
    server: Arc<ServerConfig>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let signed = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new([name.to_owned()]).unwrap();
            (params.signed_by(&key, &issuer).unwrap(), key)
        };
        let (certificate, key) = signed("127.0.0.1");
        let mut roots = RootCertStore::empty();
        roots.add(issuer.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider)).build().unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (client, client_key) = signed("client");
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        std::fs::write(folder.path().join("client.pem"), client.pem()).unwrap();
        std::fs::write(folder.path().join("client.key"), client_key.serialize_pem()).unwrap();
        Self { folder, server: Arc::new(server) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn receiver(&self) -> Receiver {
        Receiver::start_tls(TlsAcceptor::from(Arc::clone(&self.server)), acknowledge()).await
    }
}

fn config(receiver: &Receiver) -> OtlpConfigBuilder {
    OtlpConfig::builder().endpoint(receiver.url("/v1/metrics")).schedule(hasty())
}

#[tokio::test]
async fn a_receiver_is_trusted_by_an_authority_of_ones_own_and_shown_a_certificate() {
    let authority = Authority::new();
    let receiver = authority.receiver().await;
    let lookup = |name: &str| {
        let file = |name| authority.file(name).to_str().unwrap().to_owned();
        Some(match name {
            "OTEL_EXPORTER_OTLP_CERTIFICATE" => file("ca.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" => file("client.pem"),
            "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY" => file("client.key"),
            _ => return None,
        })
    };
    let run = Run::start(config(&receiver).variables(&lookup).unwrap().build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 2).await;
    let (metrics, statistics) = run.stop().await;
    assert_eq!(statistics.attempts(), statistics.acknowledged());
    assert_eq!(Ledger::of(&receiver.arrived()).counts(), expected(&metrics));
}

#[tokio::test]
async fn a_receiver_that_nobody_vouches_for_is_sent_nothing() {
    let (authority, other) = (Authority::new(), Authority::new());
    let receiver = authority.receiver().await;
    let config = config(&receiver)
        .certificate_authorities(other.file("ca.pem"))
        .client_certificate(authority.file("client.pem"), authority.file("client.key"))
        .schedule(PushSchedule { push_timeout: std::time::Duration::from_millis(5), ..hasty() });
    let run = Run::start(config.build().unwrap());
    run.until(|statistics| statistics.failed_attempts(FailureReason::Connect) >= 1).await;
    let error = run.monitor.statistics().last_error().unwrap().to_owned();
    assert!(
        error.starts_with("no connection: nobody who is trusted vouches for the receiver's certificate"),
        "{error}"
    );
    // What the library calls it stands behind.
    assert!(error.ends_with("(invalid peer certificate: BadSignature)"), "{error}");
    assert!(receiver.arrived().is_empty());
}

/// The last failure of pushes to this receiver.
async fn failure(config: OtlpConfigBuilder) -> String {
    let run = Run::start(config.schedule(hasty()).build().unwrap());
    run.until(|statistics| statistics.failed_attempts(FailureReason::Connect) >= 1).await;
    run.monitor.statistics().last_error().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_wrong_with_tls_is_said_in_plain_words() {
    let authority = Authority::new();
    let receiver = authority.receiver().await;
    let named = |address: SocketAddr| {
        let url = format!("https://localhost:{}/v1/metrics", address.port());
        OtlpConfig::builder().endpoint(url).certificate_authorities(authority.file("ca.pem"))
    };
    let another_name = failure(named(receiver.address)).await;
    assert!(another_name.contains("is for another name than that of the address ("), "{another_name}");
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = plain.accept().await.unwrap();
            // What a web server says to the begin of a handshake.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let no_tls = failure(named(address)).await;
    assert!(no_tls.contains("does not speak TLS: is its address one with http://?"), "{no_tls}");
}

#[test]
fn files_that_cannot_be_used_are_errors_that_name_them() {
    let authority = Authority::new();
    let pusher = |config: OtlpConfigBuilder| {
        let config = config.endpoint("https://localhost:4318").build().unwrap();
        Pusher::new(&exposition(), config).unwrap_err()
    };
    let (ca, key) = (authority.file("ca.pem"), authority.file("client.key"));
    let builder = OtlpConfig::builder;
    let error = pusher(builder().certificate_authorities("/nowhere/ca.pem"));
    assert!(matches!(error, PushConfigError::File { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/ca.pem"));
    for error in [
        pusher(builder().certificate_authorities(&key)),
        pusher(builder().certificate_authorities(&ca).client_certificate(&key, &key)),
        pusher(builder().certificate_authorities(&ca).client_certificate(&ca, &ca)),
    ] {
        assert!(matches!(error, PushConfigError::Pem { .. }), "{error}");
    }
    let mismatch = pusher(builder().certificate_authorities(&ca).client_certificate(&ca, &key));
    assert!(matches!(mismatch, PushConfigError::Identity { .. }), "{mismatch}");
    for (given, lacking) in [
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
        ("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE"),
    ] {
        let lookup = |name: &str| (name == given).then(|| key.to_str().unwrap().to_owned());
        let error = pusher(builder().certificate_authorities(&ca).variables(&lookup).unwrap());
        assert!(error.to_string().starts_with(&format!("{given} is set and {lacking} is not; ")), "{error}");
    }
}

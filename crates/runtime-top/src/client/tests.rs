use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// A service that answers every question with an empty object, by TLS; its port, and its certificate as whom to trust.
async fn service() -> (u16, RootCertStore) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // Whoever does not trust it hangs up.
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            let mut head = [0; 1_024];
            if connection.read(&mut head).await.is_ok() {
                let answer =
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                connection.write_all(answer).await.unwrap_or_default();
                connection.shutdown().await.unwrap_or_default();
            }
        }
    });
    (port, roots)
}

#[tokio::test]
async fn a_service_is_asked_by_https_if_it_is_trusted_and_else_not() {
    let (port, roots) = service().await;
    let address: Address = format!("https://localhost:{port}").parse().unwrap();
    let trusting = Client::trusting(roots.clone(), address.clone(), None).unwrap();
    assert_eq!(trusting.document("/snapshot", 100, PATIENCE).await.unwrap(), b"{}");

    let stranger = Client::trusting(RootCertStore::empty(), address, None).unwrap();
    let trouble = stranger.document("/snapshot", 100, PATIENCE).await.unwrap_err();
    assert!(trouble.reason.contains("invalid peer certificate"), "{trouble}");

    let other_name: Address = format!("https://127.0.0.1:{port}").parse().unwrap();
    let trouble = Client::trusting(roots, other_name, None)
        .unwrap()
        .document("/snapshot", 100, PATIENCE)
        .await
        .unwrap_err();
    assert!(trouble.reason.contains("certificate not valid for name"), "{trouble}");
}

#[tokio::test]
async fn http_and_https_that_were_mixed_up_are_told() {
    let (port, roots) = service().await;
    let plain = Client::new(format!("http://localhost:{port}").parse().unwrap(), None).unwrap();
    let trouble = plain.document("/snapshot", 100, PATIENCE).await.unwrap_err();
    assert!(trouble.reason.starts_with("no answer of HTTP from http://localhost"), "{trouble}");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let trouble = Client::trusting(roots, address, None)
        .unwrap()
        .document("/snapshot", 100, PATIENCE)
        .await
        .unwrap_err();
    assert!(trouble.reason.starts_with("no connection to https://127.0.0.1"), "{trouble}");
}

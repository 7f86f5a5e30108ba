//! Whom a pusher trusts, and how it shows who it is.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::error::PushConfigError;

/// A setting, and what set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named<T> {
    pub(crate) origin: &'static str,
    pub(crate) value: T,
}

/// The files that TLS is set up from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) authorities: Option<Named<PathBuf>>,
    pub(crate) certificate: Option<Named<PathBuf>>,
    pub(crate) key: Option<Named<PathBuf>>,
}

impl TlsFiles {
    /// Those who may vouch for the receiver.
    pub(crate) fn trust(&mut self, authorities: PathBuf) {
        self.authorities = Some(Named { origin: "certificate_authorities", value: authorities });
    }

    /// What is shown to the receiver.
    pub(crate) fn show(&mut self, certificate: PathBuf, key: PathBuf) {
        let named = |value| Some(Named { origin: "client_certificate", value });
        (self.certificate, self.key) = (named(certificate), named(key));
    }

    /// Checks that files are named. Whoever gives the text of a key in place of its file's name must not find it in a message.
    pub(crate) fn check(&self) -> Result<(), PushConfigError> {
        let files = [&self.authorities, &self.certificate, &self.key].into_iter().flatten();
        for Named { origin, value } in files {
            if value.to_string_lossy().contains("-----BEGIN") {
                return Err(PushConfigError::PemText { origin });
            }
        }
        Ok(())
    }

    /// Reads the files. A receiver that is spoken to in plain text needs none of the machine's certificates.
    pub(crate) fn client_config(&self, encrypted: bool) -> Result<ClientConfig, PushConfigError> {
        let mut roots = RootCertStore::empty();
        match &self.authorities {
            Some(file) => {
                for certificate in certificates(file)? {
                    roots.add(certificate).map_err(|error| no(file, CERTIFICATE, error))?;
                }
            }
            None if encrypted => add_trusted(&mut roots)?,
            None => {}
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| PushConfigError::Tls { problem: error.to_string() })?
            .with_root_certificates(roots);
        match self.identity()? {
            Some(Identity { origins, certificate, key }) => {
                builder.with_client_auth_cert(certificate, key).map_err(|error| PushConfigError::Identity {
                    certificate: origins.0,
                    key: origins.1,
                    problem: error.to_string(),
                })
            }
            None => Ok(builder.with_no_client_auth()),
        }
    }

    fn identity(&self) -> Result<Option<Identity>, PushConfigError> {
        match (&self.certificate, &self.key) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => {
                let secret = PrivateKeyDer::from_pem_slice(&read(key)?)
                    .map_err(|error| no(key, "private key", error))?;
                Ok(Some(Identity {
                    origins: (certificate.origin, key.origin),
                    certificate: certificates(certificate)?,
                    key: secret,
                }))
            }
            (Some(given), None) => Err(PushConfigError::HalfIdentity {
                given: given.origin,
                lacking: other_half(given.origin, "the client's key"),
            }),
            (None, Some(given)) => Err(PushConfigError::HalfIdentity {
                given: given.origin,
                lacking: other_half(given.origin, "the client's certificate"),
            }),
        }
    }
}

/// What is shown to the receiver, and what named its two files.
struct Identity {
    origins: (&'static str, &'static str),
    certificate: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// The variables that name a client's certificate, and those that name its key.
const HALVES: [(&str, &str); 2] = [
    ("OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY"),
    ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
];

/// The variable that would name the other half, or else what that half is.
fn other_half(given: &str, otherwise: &'static str) -> &'static str {
    let pairs = HALVES.into_iter().flat_map(|(certificate, key)| [(certificate, key), (key, certificate)]);
    pairs.into_iter().find_map(|(half, other)| (half == given).then_some(other)).unwrap_or(otherwise)
}

const CERTIFICATE: &str = "certificate";

fn add_trusted(roots: &mut RootCertStore) -> Result<(), PushConfigError> {
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    match found.errors.first() {
        _ if added > 0 => Ok(()),
        Some(error) => Err(PushConfigError::Roots { problem: error.to_string() }),
        None => Err(PushConfigError::Roots { problem: "there are none".to_owned() }),
    }
}

fn certificates(file: &Named<PathBuf>) -> Result<Vec<CertificateDer<'static>>, PushConfigError> {
    let text = read(file)?;
    let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(certificates) if certificates.is_empty() => Err(no(file, CERTIFICATE, "it has none")),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(no(file, CERTIFICATE, error)),
    }
}

fn read(file: &Named<PathBuf>) -> Result<Vec<u8>, PushConfigError> {
    let Named { origin, value: path } = file;
    std::fs::read(path).map_err(|source| PushConfigError::File { origin, path: path.clone(), source })
}

fn no(file: &Named<PathBuf>, expected: &'static str, problem: impl ToString) -> PushConfigError {
    let Named { origin, value: path } = file;
    PushConfigError::Pem { origin, path: path.clone(), expected, problem: problem.to_string() }
}

//! What broke a connection, in plain words: what the libraries say is behind it, for those who know them.

use std::error::Error;

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::client::Version;
use super::outcome::remark;

/// One line about an error, with what caused it. None of these quote what was sent.
pub(super) fn plain(error: &(dyn Error + 'static), version: Version) -> String {
    let causes = causes(error);
    match words(error, version) {
        Some(words) if causes.is_empty() => words.to_owned(),
        Some(words) => remark(&format!("{words} ({causes})")),
        None if causes.is_empty() => remark(&error.to_string()),
        None => causes,
    }
}

/// What the errors below this one say.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts = chain(error).skip(1).map(ToString::to_string).collect::<Vec<_>>();
    texts.dedup();
    remark(&texts.join(": "))
}

/// An error and what caused it. An I/O error that carries another one names that one's cause for its own, and would hide it.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| {
        match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(carried) => Some(carried),
            None => (*error).source(),
        }
    })
}

fn words(error: &(dyn Error + 'static), version: Version) -> Option<&'static str> {
    chain(error).find_map(|error| {
        let tls = error.downcast_ref().and_then(tls_words);
        tls.or_else(|| http_words(error.downcast_ref()?, version))
    })
}

fn tls_words(error: &TlsError) -> Option<&'static str> {
    use AlertDescription as Alert;
    Some(match error {
        TlsError::InvalidMessage(_) => {
            "what listens there does not speak TLS: is its address one with http://?"
        }
        // The latter: somebody of that name is trusted, who has another key.
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "nobody who is trusted vouches for the receiver's certificate: name a file with the certificates of those who do"
        }
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "the receiver's certificate has expired"
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "the receiver's certificate is for another name than that of the address",
        TlsError::InvalidCertificate(_) => "the receiver's certificate cannot be trusted",
        TlsError::AlertReceived(Alert::CertificateRequired | Alert::AccessDenied) => {
            "the receiver asks for a certificate of the sender's, and there is none"
        }
        TlsError::AlertReceived(Alert::UnknownCA | Alert::BadCertificate | Alert::CertificateUnknown) => {
            "the receiver does not trust the certificate that it is shown"
        }
        TlsError::AlertReceived(Alert::ProtocolVersion) | TlsError::PeerIncompatible(_) => {
            "the receiver speaks no version of TLS that is spoken here (1.2 and 1.3)"
        }
        _ => return None,
    })
}

fn http_words(error: &hyper::Error, version: Version) -> Option<&'static str> {
    #[cfg(feature = "push-otlp")]
    if version == Version::Two {
        // Its own answer is one that HTTP/2 has no name for: what is below says what was there instead.
        let is_of_protocol = error.source().is_some_and(|cause| !cause.is::<std::io::Error>());
        return is_of_protocol
            .then_some("what listens there ended the HTTP/2 that gRPC is spoken by: is it a gRPC receiver?");
    }
    let _ = version;
    if error.is_incomplete_message() {
        Some("the receiver closed the connection before its answer was complete")
    } else if error.is_parse() {
        Some("what listens there does not speak HTTP/1.1: is it the port of another protocol?")
    } else {
        None
    }
}

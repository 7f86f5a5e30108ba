//! Who may ask.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::desk::Desk;
use super::host::is_for_loopback;
use super::refusal::Refusal;
use super::sampler;
use super::token::BearerToken;

/// The protection that was chosen.
#[derive(Debug, Default)]
pub(super) struct Guard {
    pub(super) peers: Peers,
    pub(super) token: Option<BearerToken>,
}

/// Where whoever asks may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Peers {
    #[default]
    Everywhere,
    Loopback,
}

impl Guard {
    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        self.admit_peer(request)?;
        match &self.token {
            Some(token) if !token.is_in(request.headers()) => Err(Refusal::NoToken),
            _ => Ok(()),
        }
    }

    fn admit_peer(&self, request: &Request) -> Result<(), Refusal> {
        if self.peers == Peers::Loopback {
            let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().ok_or(Refusal::UnknownPeer)?;
            if !is_loopback(peer.0.ip()) {
                return Err(Refusal::NotLoopback);
            }
            if !is_for_loopback(request) {
                return Err(Refusal::OtherHost);
            }
        }
        Ok(())
    }
}

/// A socket for both protocols tells IPv4 addresses as IPv6 ones: RFC 4291, section 2.5.5.2.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Refuses whoever may not ask; begins to sample, if that could not be done before.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    if let Err(refusal) = desk.guard.admit(&request) {
        return refusal.into_response();
    }
    sampler::ensure(&desk);
    next.run(request).await
}

/// Refuses whoever is where nobody may ask from. For what is no secret: the live page, which asks its viewer for the token.
pub(super) async fn guard_page(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    match desk.guard.admit_peer(&request) {
        Err(refusal) => refusal.into_response(),
        Ok(()) => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_told_from_others_in_both_protocols() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.8.9.10", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.0.2.1", false),
            ("::ffff:192.0.2.1", false),
            ("2001:db8::1", false),
            ("0.0.0.0", false),
            ("::", false),
        ] {
            assert_eq!(is_loopback(address.parse().unwrap()), expected, "{address}");
        }
    }
}

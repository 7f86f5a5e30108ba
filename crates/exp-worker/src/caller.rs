//! Who asked: the caller label of a delivery.

use std::borrow::Cow;

use http::HeaderMap;

use crate::app::FrontDoor;

const PRINCIPAL_HEADER: &str = "x-ms-client-principal-id";

/// The principal that a trusted front door names; none when it is not trusted, or named nobody (the header is
/// absent or blank), and the delivery then goes to `local:<target>`.
///
/// Should the header be there twice, the last one counts: it is the one that the nearest hop appended. Bytes
/// that are not UTF-8 become U+FFFD. The label is untrusted in length and content; the registry bounds it.
pub(crate) fn principal(front_door: FrontDoor, headers: &HeaderMap) -> Option<Cow<'_, str>> {
    match front_door {
        FrontDoor::Untrusted => None,
        FrontDoor::Trusted => headers
            .get_all(PRINCIPAL_HEADER)
            .iter()
            .next_back()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .filter(|principal| !principal.trim().is_empty()),
    }
}

//! The frame of a message by gRPC.
//!
//! Source: "gRPC over HTTP2", "Length-Prefixed-Message": a byte that says whether the message is compressed, four that say how long it
//! is, the message. One request is one message, so that this is all that gRPC asks of a client, and what is sent are the same bytes every time.

/// Bytes before the message.
pub(super) const HEAD: usize = 5;

/// What stands before a message of that length; none when gRPC has no number for it.
pub(super) fn head(length: usize, is_compressed: bool) -> Option<[u8; HEAD]> {
    let [a, b, c, d] = u32::try_from(length).ok()?.to_be_bytes();
    Some([u8::from(is_compressed), a, b, c, d])
}

/// The only message of a body, if it is there as a whole and not compressed: we do not say that we understand that.
pub(super) fn message(body: &[u8]) -> Option<&[u8]> {
    let (head, message) = body.split_first_chunk::<HEAD>()?;
    (self::head(message.len(), false)? == *head).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_only_as_a_whole_and_alone() {
        assert_eq!(head(258, true), Some([1, 0, 0, 1, 2]));
        assert_eq!(message(&[0, 0, 0, 0, 2, 7, 8]), Some(&[7, 8][..]));
        assert_eq!(message(&[0, 0, 0, 0, 0]), Some(&[][..]));
        for strange in
            [&[][..], &[0, 0, 0, 0], &[0, 0, 0, 0, 3, 7, 8], &[0, 0, 0, 0, 1, 7, 8], &[1, 0, 0, 0, 1, 7]]
        {
            assert_eq!(message(strange), None);
        }
    }
}

//! States as short strings of bytes: one description of the fields serves both directions.

/// Writes fields to bytes, or reads them back.
pub(crate) trait Codec {
    fn byte(&mut self, value: &mut u8);

    fn bytes(&mut self, values: &mut [u8]) {
        for value in values {
            self.byte(value);
        }
    }

    /// Two values below 16 in one byte.
    fn nibbles(&mut self, low: &mut u8, high: &mut u8) {
        let mut both = *low | *high << 4;
        self.byte(&mut both);
        (*low, *high) = (both & 15, both >> 4);
    }

    /// Values below 16, two in a byte.
    fn all_nibbles(&mut self, values: &mut [u8]) {
        for pair in values.chunks_mut(2) {
            match pair {
                [low, high] => self.nibbles(low, high),
                rest => self.bytes(rest),
            }
        }
    }
}

/// Appends what it is shown.
pub(crate) struct Encoder<'a>(pub(crate) &'a mut Vec<u8>);

impl Codec for Encoder<'_> {
    fn byte(&mut self, value: &mut u8) {
        self.0.push(*value);
    }
}

/// Fills in what it is shown.
pub(crate) struct Decoder<'a>(pub(crate) &'a [u8]);

impl Codec for Decoder<'_> {
    fn byte(&mut self, value: &mut u8) {
        if let Some((first, rest)) = self.0.split_first() {
            *value = *first;
            self.0 = rest;
        }
    }
}

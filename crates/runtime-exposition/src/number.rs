//! Numbers and times, as the text formats write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The most digits that an integer has.
pub(crate) const LONGEST_INTEGER: usize = 20;

/// Appends an integer: every digit, whatever its size. (A reader that holds values in 64-bit floats keeps 2^53 exactly.)
pub(crate) fn push_integer(out: &mut String, value: u64) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Appends a float: the shortest digits that read back as the same value; `NaN`, `+Inf` and `-Inf` as the format spells
/// them.
pub(crate) fn push_float(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        out.push_str(ryu::Buffer::new().format_finite(value));
    }
}

/// Appends a 64-bit number as 16 lower-case hexadecimal digits.
pub(crate) fn push_hexadecimal(out: &mut String, value: u64) {
    for shift in (0..u64::BITS).step_by(4).rev() {
        let digit = (value >> shift) & 0xf;
        out.push(char::from_digit(digit as u32, 16).unwrap_or('0'));
    }
}

/// A time in seconds since 1970, cut to microseconds: as fine as a float holds today's dates, and the same digits as
/// [`runtime_metrics::iso_8601`] gives.
pub(crate) fn unix_seconds(at: SystemTime) -> f64 {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_micros() as f64 / 1e6,
        Err(before) => -(before.duration().as_micros() as f64 / 1e6),
    }
}

/// A duration in seconds, to the nanosecond.
pub(crate) fn seconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn float(value: f64) -> String {
        let mut out = String::new();
        push_float(&mut out, value);
        out
    }

    fn hexadecimal(value: u64) -> String {
        let mut out = String::new();
        push_hexadecimal(&mut out, value);
        out
    }

    #[test]
    fn every_digit_of_the_largest_integer_is_written() {
        let mut out = String::new();
        push_integer(&mut out, u64::MAX);
        assert_eq!(out, "18446744073709551615");
    }

    #[test]
    fn floats_that_are_not_finite_are_spelled_as_the_format_spells_them() {
        assert_eq!(float(f64::NAN), "NaN");
        assert_eq!(float(f64::INFINITY), "+Inf");
        assert_eq!(float(f64::NEG_INFINITY), "-Inf");
    }

    #[test]
    fn a_time_keeps_its_microseconds() {
        let at = UNIX_EPOCH + Duration::from_nanos(1_763_834_760_123_456_789);
        assert_eq!(float(unix_seconds(at)), "1763834760.123456");
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1_500)), -1.5);
    }

    #[test]
    fn a_duration_keeps_its_nanoseconds() {
        assert_eq!(float(seconds(Duration::from_nanos(12_345))), "0.000012345");
        assert_eq!(float(seconds(Duration::from_nanos(1))), "1e-9");
        assert_eq!(float(seconds(Duration::from_millis(12_345))), "12.345");
    }

    #[test]
    fn hexadecimal_digits_keep_their_leading_zeros() {
        assert_eq!(hexadecimal(0), "0000000000000000");
        assert_eq!(hexadecimal(0x0123_4567_89ab_cdef), "0123456789abcdef");
        assert_eq!(hexadecimal(u64::MAX), "ffffffffffffffff");
    }

    proptest! {
        #[test]
        fn a_finite_float_reads_back_as_the_same_value(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(float(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }
}

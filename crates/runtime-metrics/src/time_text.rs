//! Wall-clock times as text.

use std::time::SystemTime;

use jiff::Timestamp;

/// `at` as ISO 8601 in UTC with microseconds and the offset `+00:00`, as in `2026-11-22T18:06:00.123456+00:00`.
///
/// Times outside the years -9999 to 9999 come out as the nearest time inside.
#[must_use]
pub fn iso_8601(at: SystemTime) -> String {
    let nearest = if at < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
    let timestamp = Timestamp::try_from(at).unwrap_or(nearest);
    timestamp.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_with_microseconds_and_an_offset() {
        let at = SystemTime::UNIX_EPOCH + Duration::new(1_795_370_760, 123_456_789);
        assert_eq!(iso_8601(at), "2026-11-22T18:06:00.123456+00:00");
        assert_eq!(iso_8601(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00.000000+00:00");
    }

    #[test]
    fn a_time_that_no_calendar_holds_comes_out_as_the_last_one() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert!(iso_8601(far).starts_with("9999-12-30"));
    }
}

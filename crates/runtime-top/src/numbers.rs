//! Numbers and times as text.

use jiff::Timestamp;

/// Stands for what is not known.
pub(crate) const UNKNOWN: &str = "–";

/// Digits in groups of three.
pub(crate) fn count(count: impl Into<u128>) -> String {
    let digits = count.into().to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// With its sign.
pub(crate) fn change(change: Option<i128>) -> String {
    match change {
        None => UNKNOWN.to_owned(),
        Some(0) => "0".to_owned(),
        Some(change) => format!("{}{}", if change > 0 { '+' } else { '−' }, count(change.unsigned_abs())),
    }
}

/// Per second. What is not nothing does not look like nothing.
pub(crate) fn rate(rate: Option<f64>) -> String {
    match rate {
        Some(rate) if rate > 0.0 && rate < 0.05 => "<0.1".to_owned(),
        Some(rate) if rate.is_finite() => decimal(rate),
        _ => UNKNOWN.to_owned(),
    }
}

/// A part of a whole, 1 for all of it.
pub(crate) fn share(share: Option<f64>) -> String {
    match share {
        Some(share) if share > 0.0 && share < 0.0005 => "<0.1%".to_owned(),
        Some(share) => format!("{}%", decimal(share * 100.0)),
        None => UNKNOWN.to_owned(),
    }
}

/// A part of a whole; none if the whole is nothing.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Two units at most: 43 µs, 1.2 ms, 4.0 s, 2 min 3 s, 3 d 4 h.
pub(crate) fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    // What would be rounded to a whole larger unit is one.
    if seconds < 0.000_999_5 {
        return format!("{:.0} µs", seconds * 1e6);
    }
    if seconds < 0.999_95 {
        return format!("{} ms", decimal(seconds * 1e3));
    }
    if seconds < 59.95 {
        return format!("{} s", decimal(seconds));
    }
    let whole = seconds.max(60.0) as u64; // what is beyond its range is its largest
    match whole {
        ..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        3_600..86_400 => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
        _ => format!("{} d {} h", count(whole / 86_400), whole % 86_400 / 3_600),
    }
}

/// An age in steps that an eye can follow.
pub(crate) fn age(seconds: f64) -> String {
    if seconds < 59.95 { format!("{} s", decimal(seconds.max(0.0))) } else { duration(seconds) }
}

/// A length.
pub(crate) fn bytes(bytes: usize) -> String {
    if bytes < 1_000 { format!("{bytes} bytes") } else { format!("{} kB", decimal(bytes as f64 / 1e3)) }
}

/// The time of day, in UTC.
pub(crate) fn clock(time: Timestamp) -> String {
    time.strftime("%H:%M:%S").to_string()
}

/// The day and the time of day, in UTC.
pub(crate) fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// One digit behind the point.
fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    match digits.parse::<u128>() {
        Ok(whole) => format!("{sign}{}.{rest}", count(whole)),
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (123_456, "123,456"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(count(number), text);
        }
        for (number, text) in [(None, "–"), (Some(0), "0"), (Some(1_234), "+1,234"), (Some(-1_234), "−1,234")]
        {
            assert_eq!(change(number), text);
        }
    }

    #[test]
    fn a_rate_that_is_not_nothing_does_not_look_like_nothing() {
        for (number, text) in [
            (None, "–"),
            (Some(0.0), "0.0"),
            (Some(0.04), "<0.1"),
            (Some(0.05), "0.1"),
            (Some(1_234.56), "1,234.6"),
            (Some(f64::NAN), "–"),
            (Some(f64::INFINITY), "–"),
        ] {
            assert_eq!(rate(number), text);
        }
        for (number, text) in
            [(None, "–"), (Some(0.0001), "<0.1%"), (Some(0.5), "50.0%"), (Some(1.0), "100.0%")]
        {
            assert_eq!(share(number), text);
        }
        assert_eq!(ratio(1, 0), None);
        assert_eq!(ratio(1, 4), Some(0.25));
    }

    #[test]
    fn durations_have_two_units_at_most() {
        for (seconds, text) in [
            (0.000_043, "43 µs"),
            (0.001_2, "1.2 ms"),
            (4.0, "4.0 s"),
            (0.000_999_9, "1.0 ms"),
            (0.999_99, "1.0 s"),
            (59.99, "1 min 0 s"),
            (123.9, "2 min 3 s"),
            (3_661.0, "1 h 1 min"),
            (273_600.0, "3 d 4 h"),
            (-1.0, "0 µs"),
            (f64::NAN, "0 µs"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        for (length, text) in
            [(2, "2 bytes"), (999, "999 bytes"), (1_240, "1.2 kB"), (1_000_000, "1,000.0 kB")]
        {
            assert_eq!(bytes(length), text);
        }
        assert_eq!(age(0.04), "0.0 s");
        assert_eq!(age(75.0), "1 min 15 s");
    }

    #[test]
    fn times_are_of_utc() {
        let time = "2026-11-30T21:39:30.999999+00:00".parse().unwrap();
        assert_eq!(clock(time), "21:39:30");
        assert_eq!(day(time), "2026-11-30 21:39:30 UTC");
    }
}

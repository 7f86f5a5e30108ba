//! A page that encoders of strings and encoders of bytes both write without a copy.

use std::mem;

/// Replaces `page` by what `write` appends to an empty string, in the page's own memory.
pub fn write_text<R>(page: &mut Vec<u8>, write: impl FnOnce(&mut String) -> R) -> R {
    page.clear();
    // No bytes are valid UTF-8, and take no time to check.
    let mut text = String::from_utf8(mem::take(page)).unwrap_or_default();
    let result = write(&mut text);
    *page = text.into_bytes();
    result
}

/// The sum over the samples of `family`.
#[must_use]
pub fn sum(page: &str, family: &str) -> u64 {
    let samples = page.lines().filter(|line| line.starts_with(family));
    samples.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_replaced_and_keeps_its_memory() {
        let mut page = Vec::with_capacity(1_000);
        page.extend(b"old");
        let memory = page.as_ptr();
        write_text(&mut page, |text| text.push_str("new"));
        assert_eq!((&*page, page.as_ptr()), (&b"new"[..], memory));
    }

    #[test]
    fn the_samples_of_a_family_are_summed_and_nothing_else() {
        let page = "# TYPE a_total counter\na_total{path=\"/ 7\"} 2\na_total{path=\"/b\"} 3\nb_total 50\n";
        assert_eq!(sum(page, "a_total"), 5);
    }
}

//! Environment variables, looked up by a function, so that whoever tests needs no environment.

use std::time::Duration;

use super::error::PushConfigError;
use super::tls::Named;

/// A look-up of environment variables. One that is set but empty counts as not set, as OpenTelemetry asks for.
pub(crate) struct Variables<'v>(pub(crate) &'v dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// The first of these variables that is set.
    pub(crate) fn text<const N: usize>(&self, names: [&'static str; N]) -> Option<Named<String>> {
        names.into_iter().find_map(|origin| {
            let value = self.0(origin).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
            Some(Named { origin, value })
        })
    }

    /// The same, as one of some words; letter case does not count.
    pub(crate) fn word<T: Copy, const N: usize, const W: usize>(
        &self,
        names: [&'static str; N],
        words: [(&'static str, T); W],
        expected: &'static str,
    ) -> Result<Option<T>, PushConfigError> {
        let Some(Named { origin, value }) = self.text(names) else { return Ok(None) };
        match words.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(&value)) {
            Some((_, meaning)) => Ok(Some(meaning)),
            None => Err(PushConfigError::Word { origin, value, expected }),
        }
    }

    /// The same, as true or false: to the specification everything but "true" is false.
    pub(crate) fn truth<const N: usize>(&self, names: [&'static str; N]) -> Option<bool> {
        self.text(names).map(|text| text.value.eq_ignore_ascii_case("true"))
    }

    /// The same, as milliseconds of which 0 means no limit.
    pub(crate) fn limit<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<Option<Duration>, PushConfigError> {
        let limit = self.milliseconds(names, 0)?;
        Ok(limit.map(|limit| if limit.is_zero() { Duration::MAX } else { limit }))
    }

    /// The same, as milliseconds, that many at least.
    pub(crate) fn milliseconds<const N: usize>(
        &self,
        names: [&'static str; N],
        least: u64,
    ) -> Result<Option<Duration>, PushConfigError> {
        let Some(Named { origin, value }) = self.text(names) else { return Ok(None) };
        match value.parse() {
            Ok(number) if number >= least => Ok(Some(Duration::from_millis(number))),
            _ => Err(PushConfigError::Milliseconds { origin, value, least }),
        }
    }
}

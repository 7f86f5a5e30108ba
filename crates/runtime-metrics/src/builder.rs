//! Building a registry with limits of one's own.

use std::env;
use std::ffi::OsString;
use std::sync::Arc;

use thiserror::Error;

use crate::barrier::is_asymmetric_available;
use crate::fence::FenceMode;
use crate::label::LowerCase;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::registry::Registry;

/// Limits and fence mode of a registry to be built; see [`Metrics::builder`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct MetricsBuilder {
    request_series_limit: u32,
    delivery_series_limit: u32,
    max_label_bytes: usize,
    lower_case: LowerCase,
    mode: Option<FenceMode>,
}

/// Why a registry cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A series limit is 0 or larger than [`MetricsBuilder::LARGEST_SERIES_LIMIT`].
    #[error("the {family} series limit is {limit}, but must be between 1 and {largest}; choose one in that range", largest = MetricsBuilder::LARGEST_SERIES_LIMIT)]
    SeriesLimit {
        /// `request` or `delivery`.
        family: &'static str,
        /// The limit that was asked for.
        limit: u32,
    },
    /// The byte limit is 0 or larger than [`MetricsBuilder::LARGEST_LABEL_BYTES`].
    #[error("the label limit is {limit} bytes, but must be between 1 and {largest}; choose one in that range", largest = MetricsBuilder::LARGEST_LABEL_BYTES)]
    LabelBytes {
        /// The limit that was asked for.
        limit: usize,
    },
    /// The environment variable [`MetricsBuilder::FENCES_VARIABLE`] has a value that it cannot have.
    #[error("the environment variable {name} is {value:?}, but must be `portable` or `asymmetric`; change it or unset it", name = MetricsBuilder::FENCES_VARIABLE)]
    Fences {
        /// Its value.
        value: OsString,
    },
}

impl MetricsBuilder {
    /// The largest series limit of a family: two million.
    pub const LARGEST_SERIES_LIMIT: u32 = 2_000_000;

    /// The largest byte limit of a label: 64 KiB.
    pub const LARGEST_LABEL_BYTES: usize = 64 * 1_024;

    /// The environment variable that chooses the fence mode of registries that do not choose by themselves:
    /// `portable`, or `asymmetric`, which is the default and means: where the kernel allows it.
    pub const FENCES_VARIABLE: &str = "RUNTIME_METRICS_FENCES";

    pub(crate) fn new() -> Self {
        Self {
            request_series_limit: 10_000,
            delivery_series_limit: 10_000,
            max_label_bytes: 1_024,
            lower_case: str::to_lowercase,
            mode: None,
        }
    }

    /// How many paths are told apart in one window; 10,000 by default. Requests for further paths are counted
    /// under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL).
    pub fn request_series_limit(mut self, limit: u32) -> Self {
        self.request_series_limit = limit;
        self
    }

    /// How many deliveries, by (endpoint, target, caller, config names), are told apart in one window; 10,000 by
    /// default. Past it the caller is counted under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL), and past as many
    /// (endpoint, target, config names) all labels are.
    pub fn delivery_series_limit(mut self, limit: u32) -> Self {
        self.delivery_series_limit = limit;
        self
    }

    /// How many bytes of UTF-8 a label value may have; 1,024 by default. A longer one is counted under
    /// [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL). Endpoint, target and caller are measured after normalising.
    pub fn max_label_bytes(mut self, limit: usize) -> Self {
        self.max_label_bytes = limit;
        self
    }

    /// Lower-cases endpoint, target and caller by `lower_case` where they are not ASCII, in place of [`str::to_lowercase`]: for counts that are to
    /// agree with those of a program that has another version of Unicode.
    ///
    /// It is given the label without surrounding white space, and is asked when a label is met that is not in its normal form and not remembered. It may
    /// record; a child that it forks must not return from it. Lower-casing twice must give what lower-casing once does. A label of more than three times the byte limit is over
    /// it unasked.
    pub fn lower_case(mut self, lower_case: fn(&str) -> String) -> Self {
        self.lower_case = lower_case;
        self
    }

    /// Never uses `membarrier`: each record executes two full fences of its own, see [`FenceMode`]. Without this the
    /// environment variable [`FENCES_VARIABLE`](Self::FENCES_VARIABLE) decides, and without that the kernel.
    pub fn portable_fences(mut self) -> Self {
        self.mode = Some(FenceMode::Portable);
        self
    }

    /// Builds the registry.
    ///
    /// *Cost:* some tens of microseconds, and memory for the tables that is touched as series come. With asymmetric
    /// fences the first registry of a process also registers it with the kernel, which takes some 15 ms if other
    /// threads are there already.
    ///
    /// # Errors
    ///
    /// If a limit is out of range, or the environment variable has an unknown value.
    pub fn build(self) -> Result<Metrics, BuildError> {
        let families = [("request", self.request_series_limit), ("delivery", self.delivery_series_limit)];
        for (family, limit) in families {
            if !(1..=Self::LARGEST_SERIES_LIMIT).contains(&limit) {
                return Err(BuildError::SeriesLimit { family, limit });
            }
        }
        if !(1..=Self::LARGEST_LABEL_BYTES).contains(&self.max_label_bytes) {
            return Err(BuildError::LabelBytes { limit: self.max_label_bytes });
        }
        let mode = match self.mode {
            Some(mode) => mode,
            None => mode_by_environment()?,
        };
        Ok(self.into_metrics(mode))
    }

    /// The registry with the default limits. An unknown value of the environment variable is taken for `portable`,
    /// which is safe everywhere.
    pub(crate) fn default_metrics() -> Metrics {
        // The defaults are in range (`the_default_limits_are_in_range`).
        Self::new().into_metrics(mode_by_environment().unwrap_or(FenceMode::Portable))
    }

    /// The registry, given limits that are in range.
    fn into_metrics(self, mode: FenceMode) -> Metrics {
        let limits = Limits {
            request_series: self.request_series_limit,
            delivery_series: self.delivery_series_limit,
            label_bytes: self.max_label_bytes,
        };
        Metrics::of(Arc::new(Registry::new(mode, limits, self.lower_case)))
    }
}

/// The mode that the environment asks for, as far as the kernel allows it.
fn mode_by_environment() -> Result<FenceMode, BuildError> {
    mode_for(env::var_os(MetricsBuilder::FENCES_VARIABLE), is_asymmetric_available)
}

fn mode_for(asked: Option<OsString>, is_available: impl FnOnce() -> bool) -> Result<FenceMode, BuildError> {
    let asked = asked.filter(|value| !value.is_empty());
    match asked.as_ref().map(|value| value.to_str()) {
        Some(Some("portable")) => Ok(FenceMode::Portable),
        None | Some(Some("asymmetric")) => {
            Ok(if is_available() { FenceMode::Asymmetric } else { FenceMode::Portable })
        }
        Some(_) => Err(BuildError::Fences { value: asked.unwrap_or_default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolved::LARGEST_CELL;

    #[test]
    fn the_environment_chooses_the_fences_and_a_wrong_value_is_named() {
        let mode = |value: Option<&str>, available: bool| mode_for(value.map(OsString::from), || available);
        for (value, available, expected) in [
            (None, true, FenceMode::Asymmetric),
            (None, false, FenceMode::Portable),
            (Some(""), true, FenceMode::Asymmetric),
            (Some("asymmetric"), true, FenceMode::Asymmetric),
            (Some("asymmetric"), false, FenceMode::Portable),
            (Some("portable"), true, FenceMode::Portable),
        ] {
            assert_eq!(mode(value, available), Ok(expected), "{value:?}");
        }
        let error = mode(Some("fast"), true).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable RUNTIME_METRICS_FENCES is \"fast\", but must be `portable` or `asymmetric`; \
             change it or unset it"
        );
    }

    #[test]
    fn labels_that_are_not_ascii_are_lower_cased_as_told_also_after_a_reset() {
        fn but_for_umlauts(label: &str) -> String {
            label.to_ascii_lowercase()
        }
        let metrics = Metrics::builder().lower_case(but_for_umlauts).build().unwrap();
        for _ in 0..2 {
            metrics.record_config_delivery(" RUN ", "ÄPFEL\u{a0}", &["N"], "ÉTÉ");
            metrics.delivery_plan("run", "ÄPFEL", &["N"]).record(" ÉTé");
            let ended = metrics.reset();
            let served = ended.served_config();
            assert_eq!(served.responses_by_endpoint().get("run"), Some(2));
            assert_eq!(served.responses_by_target().iter().collect::<Vec<_>>(), [("Äpfel", 2)]);
            assert_eq!(served.responses_by_caller().iter().collect::<Vec<_>>(), [("ÉtÉ", 1), ("Été", 1)]);
        }
    }

    #[test]
    fn portable_fences_are_used_if_asked_for() {
        let metrics = Metrics::builder().portable_fences().build().unwrap();
        assert_eq!(metrics.fence_mode(), FenceMode::Portable);
    }

    #[test]
    fn a_cell_of_the_largest_registry_fits_beside_a_generation_number() {
        let limit = MetricsBuilder::LARGEST_SERIES_LIMIT;
        let limits = Limits { request_series: limit, delivery_series: limit, label_bytes: 1 };
        assert!(limits.cells() <= LARGEST_CELL as usize);
    }
}

//! How full a family is.

/// How many series of a family are in use, of how many there may be.
///
/// The overflow series are not counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupancy {
    series: u32,
    limit: u32,
}

impl Occupancy {
    pub(super) fn new((series, limit): (u32, u32)) -> Self {
        Self { series, limit }
    }

    /// Series in use just after the cut, in `[0, limit]`.
    #[must_use]
    pub fn series(&self) -> u32 {
        self.series
    }

    /// The series limit.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }
}

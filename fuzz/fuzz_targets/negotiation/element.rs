//! One element of a header's list: what is accepted, and how well it is liked.

use arbitrary::{Arbitrary, Result, Unstructured};

/// The quality that the protocol gives who has none.
const MOST: u16 = 1_000;

#[derive(Debug)]
pub(crate) struct Element<T> {
    pub(crate) accepted: T,
    /// In thousandths, in `[0, 1000]`; none if the header does not say.
    given: Option<u16>,
    is_spaced: bool,
}

impl<T> Element<T> {
    /// In thousandths.
    pub(crate) fn quality(&self) -> u16 {
        self.given.unwrap_or(MOST)
    }

    /// As it stands in a header, given the text of what is accepted.
    pub(crate) fn text(&self, accepted: &str) -> String {
        let space = if self.is_spaced { " " } else { "" };
        let quality = self.given.map_or_else(String::new, |given| {
            format!("{space};{space}q={}.{:03}", given / MOST, given % MOST)
        });
        format!("{space}{accepted}{quality}{space}")
    }
}

impl<'a, T: Arbitrary<'a>> Arbitrary<'a> for Element<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let accepted = u.arbitrary()?;
        // Few of them, so that some are equal.
        let given = u.choose(&[None, Some(0), Some(1), Some(500), Some(999), Some(MOST)]).copied()?;
        Ok(Self { accepted, given, is_spaced: u.arbitrary()? })
    }
}

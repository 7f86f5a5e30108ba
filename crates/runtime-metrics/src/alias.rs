//! From a label as callers write it to the label that is counted, remembered.
//!
//! Normalising allocates. A label that differs from its normal form, such as a principal ID in capitals, is
//! therefore normalised when it is first met and found without a lock or an allocation ever after. The table is
//! bounded: past its limit a label is normalised at each call.

use std::borrow::Cow;

use crate::hashing::LabelHash;
use crate::interner::Interner;

struct Alias {
    raw: Box<str>,
    normal: Box<str>,
}

pub(crate) struct Aliases {
    numbers: Interner,
    aliases: boxcar::Vec<Alias>,
}

impl Aliases {
    pub(crate) fn new(limit: u32, hasher: &LabelHash) -> Self {
        Self { numbers: Interner::new(limit, hasher), aliases: boxcar::Vec::new() }
    }

    /// The normal form of `raw`, if it is remembered.
    pub(crate) fn find(&self, hash: u64, raw: &str) -> Option<&str> {
        let number =
            self.numbers.find(hash, |number| self.at(number).is_some_and(|alias| *alias.raw == *raw))?;
        self.at(number).map(|alias| &*alias.normal)
    }

    /// Remembers `normal` as the normal form of `raw` if there is room, and gives it back.
    pub(crate) fn remember(&self, hash: u64, raw: &str, normal: String) -> Cow<'static, str> {
        self.numbers.meet(
            hash,
            |number| self.at(number).is_some_and(|alias| *alias.raw == *raw),
            // The interner makes at most `limit` numbers, a u32; they begin at 1.
            || Some(self.aliases.push(Alias { raw: raw.into(), normal: normal.as_str().into() }) as u32 + 1),
        );
        Cow::Owned(normal)
    }

    fn at(&self, number: u32) -> Option<&Alias> {
        self.aliases.get((number as usize).wrapping_sub(1))
    }
}

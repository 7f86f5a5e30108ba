//! Which series there are in one window, which cell each has, and which label gives way at a limit.
//!
//! A label is met once, under the lock of one shard of a map, and gets the next free cell; from then on every
//! thread finds it without a lock. Nothing is ever removed: a window's tables are dropped whole.
//!
//! # Order of publication
//!
//! A new series is stored in the [catalogue](crate::catalogue), then the count of published cells is raised (SeqCst),
//! then the index shows it (Release). So whoever adds to a cell does so after the count was raised: a collector that
//! would have to count the record reads a large enough count, and finds the labels.
//!
//! # Labels as given
//!
//! Most labels come in the form in which they are counted. So they are looked up as given first, and checked against the limits
//! and brought into their normal form only if they are not found: a label that is found is a normal one within the
//! limits, since no other is ever stored, and normalising it would change nothing.

#![allow(unsafe_code)] // asks the catalogue about cells that it has published

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::panic::RefUnwindSafe;
use std::sync::Arc;

use crate::alias::Aliases;
use crate::catalogue::{Catalogue, NO_GROUP};
use crate::hashing::LabelHash;
use crate::interner::Interner;
use crate::label::{LowerCase, OVERFLOW_LABEL, is_normal_ascii, normalise};
use crate::limits::{Limits, UNLABELLED_LIMIT};
use crate::phase::PhaseWord;
use crate::plans::Plans;
use crate::rejected::Rejected;
use crate::roster::{DeliveryRoster, RequestRoster, RosterCache};
use crate::series::{Names, Plan, PlanLabels, PlanNames, Series};
use crate::text::{Ends, Words};
use crate::unlabelled::UnlabelledCell;

/// The cell of the requests whose path is over a limit.
pub(crate) const REQUEST_OVERFLOW: u32 = 0;

/// The group of all paths. No plan has this cell.
const REQUESTS: u32 = REQUEST_OVERFLOW;

/// A raw label longer than this many times the byte limit is not worth remembering.
const LONGEST_ALIAS: usize = 2;

pub(crate) struct Tables {
    limits: Limits,
    lower_case: LowerCase,
    hash: LabelHash,
    /// Labels by cell. Requests are found in group [`REQUESTS`], deliveries in that of their plan's cell.
    catalogue: Catalogue,
    /// Path to cell.
    requests: Interner,
    plans: Plans,
    /// Plan and caller to cell.
    deliveries: Interner,
    /// Number of names to cell, for deliveries without labels.
    unlabelled: Interner,
    /// Deliveries without labels whose number of names has no cell.
    unlabelled_cell: UnlabelledCell,
    aliases: Aliases,
    rejected_requests: Rejected,
    rejected_deliveries: Rejected,
    overflow_label: Arc<str>,
    /// What snapshots have made of the labels.
    pub(crate) request_roster: RosterCache<RequestRoster>,
    pub(crate) delivery_roster: RosterCache<DeliveryRoster>,
}

// As for `Registry`, of which the tables are the part that snapshots share.
impl RefUnwindSafe for Tables {}

impl Tables {
    pub(crate) fn new(limits: Limits, hash: LabelHash) -> Self {
        let tables = Self {
            limits,
            // Follows Unicode's default algorithm with the final-sigma rule, as Python does.
            lower_case: str::to_lowercase,
            catalogue: Catalogue::new(limits.cells()),
            requests: Interner::new(limits.request_series, &hash),
            plans: Plans::new(limits, &hash),
            deliveries: Interner::new(limits.delivery_series, &hash),
            unlabelled: Interner::new(UNLABELLED_LIMIT, &hash),
            unlabelled_cell: UnlabelledCell::default(),
            aliases: Aliases::new(limits.delivery_series, &hash),
            rejected_requests: Rejected::new(),
            rejected_deliveries: Rejected::new(),
            overflow_label: OVERFLOW_LABEL.into(),
            request_roster: RosterCache::new(),
            delivery_roster: RosterCache::new(),
            hash,
        };
        let overflow = Series::Request { path: Arc::clone(&tables.overflow_label) };
        // The first of all: `REQUEST_OVERFLOW`.
        let _ = tables.catalogue.publish(NO_GROUP, overflow);
        tables
    }

    /// The same tables, before any label was met, with a lower-casing of one's own.
    pub(crate) fn lower_casing(self, lower_case: LowerCase) -> Self {
        Self { lower_case, ..self }
    }

    /// Cells that a stripe for these tables needs.
    pub(crate) fn cell_capacity(&self) -> usize {
        self.limits.cells()
    }

    /// Cells that may have counted something.
    pub(crate) fn published(&self) -> usize {
        self.catalogue.published()
    }

    /// The same; the checker of the models verifies that every publication happened before.
    #[cfg(runtime_metrics_loom)]
    pub(crate) fn published_before(&self) -> usize {
        self.catalogue.published_before()
    }

    /// The labels of a cell. Never `None` for a cell that counted something.
    pub(crate) fn series(&self, cell: u32) -> Option<&Series> {
        self.catalogue.get(cell)
    }

    /// The cell to count a request under, if it is found at once.
    #[inline]
    pub(crate) fn request_at_once(&self, path: &str) -> Option<u32> {
        self.find_at_once(&self.requests, REQUESTS, path)
    }

    /// The cell to count a request under.
    pub(crate) fn request(&self, path: &str) -> u32 {
        if path.len() > self.limits.label_bytes {
            return self.reject_request(path);
        }
        self.find_request(path).unwrap_or_else(|| self.meet_request(path))
    }

    /// The cell to count a delivery under, if it is found at once.
    #[inline]
    pub(crate) fn delivery_at_once(
        &self,
        endpoint: &str,
        target: &str,
        names: &[impl AsRef<str>],
        caller: &str,
    ) -> Option<u32> {
        let labels = PlanLabels { endpoint, target, names: names.iter().map(AsRef::as_ref) };
        let plan = self.plans.find_at_once(&self.catalogue, &self.hash, labels)?;
        self.delivery_of_at_once(plan, caller)
    }

    /// The cell to count a delivery of `plan` under, if it is found at once.
    #[inline]
    pub(crate) fn delivery_of_at_once(&self, plan: u32, caller: &str) -> Option<u32> {
        self.find_at_once(&self.deliveries, plan, caller)
    }

    /// The cell to count a delivery under, or `None` if there is no room for its labels.
    pub(crate) fn delivery(
        &self,
        endpoint: &str,
        target: &str,
        names: &[impl AsRef<str>],
        caller: &str,
    ) -> Option<u32> {
        let plan = self.plan(endpoint, target, names)?;
        Some(self.delivery_of(plan, caller))
    }

    /// The plan of these labels, or `None` if there is no room for it.
    pub(crate) fn plan(&self, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        let given = PlanLabels { endpoint, target, names: names.iter().map(AsRef::as_ref) };
        let at_once = self.plans.find_at_once(&self.catalogue, &self.hash, given.clone());
        at_once.or_else(|| self.find_plan(given)).or_else(|| {
            let (endpoint, target) = (&self.normal(endpoint), &self.normal(target));
            let counted = PlanLabels { endpoint, target, names: self.counted(names) };
            self.find_plan(counted.clone()).or_else(|| self.meet_plan(counted, names))
        })
    }

    /// The cell to count a delivery of `plan` under.
    pub(crate) fn delivery_of(&self, plan: u32, caller: &str) -> u32 {
        self.find_delivery(plan, caller).unwrap_or_else(|| {
            let caller = self.normal(caller);
            self.find_delivery(plan, &caller).unwrap_or_else(|| self.meet_delivery(plan, &caller))
        })
    }

    /// The cell to count a delivery without labels under; `None` if its number of names has none.
    pub(crate) fn unlabelled(&self, names: u64) -> Option<u32> {
        let hash = self.hash.hash_one(names);
        let matches = |cell| self.is_unlabelled(cell, names);
        self.unlabelled.find(hash, matches).or_else(|| {
            self.unlabelled
                .meet(hash, matches, || self.catalogue.publish(NO_GROUP, self.unlabelled_series(names)))
        })
    }

    /// Counts a delivery without labels whose number of names has no cell.
    pub(crate) fn count_unlabelled(&self, phase: &PhaseWord, names: u64) {
        self.unlabelled_cell.record(phase, names);
    }

    pub(crate) fn unlabelled_cell(&self) -> &UnlabelledCell {
        &self.unlabelled_cell
    }

    /// The cell of labels that another window's tables hold, if these have them too. Takes no lock.
    pub(crate) fn find(&self, series: &Series) -> Option<u32> {
        match series {
            Series::Request { path } if **path == *OVERFLOW_LABEL => Some(REQUEST_OVERFLOW),
            Series::Request { path } => self.find_request(path),
            Series::Delivery { plan, caller } => {
                let plan = self.find_plan(plan.labels()?)?;
                if **caller == *OVERFLOW_LABEL { Some(plan) } else { self.find_delivery(plan, caller) }
            }
        }
    }

    /// Takes the places that labels from another window's tables need, to be kept elsewhere. False if there are
    /// none left. Takes no lock. Places are taken generously: writers do not see what is kept elsewhere, and one
    /// plan takes a place for each of its callers there.
    pub(crate) fn take_places(&self, series: &Series) -> bool {
        match series {
            Series::Request { .. } => self.requests.take_place(),
            Series::Delivery { plan, caller } => {
                let Some(labels) = plan.labels() else { return false };
                // The caller's first: it is the first to give way.
                (**caller == *OVERFLOW_LABEL || self.deliveries.take_place())
                    && (self.find_plan(labels).is_some() || self.plans.interner().take_place())
            }
        }
    }

    /// The series that takes over records of `series` if there is no place for it.
    pub(crate) fn give_way(&self, series: &Series) -> Series {
        match series {
            Series::Delivery { plan, caller } if **caller != *OVERFLOW_LABEL => {
                Series::Delivery { plan: Arc::clone(plan), caller: Arc::clone(&self.overflow_label) }
            }
            Series::Delivery { plan, .. } => self.unlabelled_series(plan.width()),
            Series::Request { .. } => Series::Request { path: Arc::clone(&self.overflow_label) },
        }
    }

    /// Request series in use and their limit.
    pub(crate) fn request_occupancy(&self) -> (u32, u32) {
        (self.requests.taken(), self.requests.limit())
    }

    /// Delivery series in use and their limit.
    pub(crate) fn delivery_occupancy(&self) -> (u32, u32) {
        (self.deliveries.taken(), self.deliveries.limit())
    }

    pub(crate) fn rejected_requests(&self) -> Box<[Arc<str>]> {
        self.rejected_requests.labels()
    }

    pub(crate) fn rejected_deliveries(&self) -> Box<[Arc<str>]> {
        self.rejected_deliveries.labels()
    }

    // Meeting a label for the first time.

    #[cold]
    fn meet_request(&self, path: &str) -> u32 {
        if path == OVERFLOW_LABEL {
            return REQUEST_OVERFLOW;
        }
        let met = self.requests.meet(
            self.hash.of_label(REQUESTS, path),
            |cell| self.catalogue.is(cell, REQUESTS, path),
            || self.catalogue.publish(REQUESTS, Series::Request { path: path.into() }),
        );
        met.unwrap_or_else(|| self.reject_request(path))
    }

    #[cold]
    fn reject_request(&self, path: &str) -> u32 {
        self.rejected_requests.offer(path);
        REQUEST_OVERFLOW
    }

    /// `given` are the names as they came.
    #[cold]
    fn meet_plan<'a>(
        &self,
        counted: PlanLabels<'_, impl Names<'a>>,
        given: &[impl AsRef<str>],
    ) -> Option<u32> {
        for name in given.iter().map(AsRef::as_ref).filter(|name| name.len() > self.limits.label_bytes) {
            self.rejected_deliveries.offer(name);
        }
        let target = counted.target;
        let met = self.plans.meet(&self.catalogue, &self.hash, counted);
        if met.is_none() {
            self.rejected_deliveries.offer(target);
        }
        met
    }

    #[cold]
    fn meet_delivery(&self, plan: u32, caller: &str) -> u32 {
        if caller == OVERFLOW_LABEL {
            return plan;
        }
        let Some(Series::Delivery { plan: labels, .. }) = self.series(plan) else {
            return plan; // not reached: a plan's cell has its labels since before the plan was found
        };
        let series = || Series::Delivery { plan: Arc::clone(labels), caller: caller.into() };
        let met = self.deliveries.meet(
            self.hash.of_label(plan, caller),
            |cell| self.catalogue.is(cell, plan, caller),
            || self.catalogue.publish(plan, series()),
        );
        met.unwrap_or_else(|| {
            self.rejected_deliveries.offer(caller);
            plan
        })
    }

    // Finding a label that was met. A hash alone is never trusted.

    /// The cell of a short label that is found at the first look; mostly there is no other.
    #[inline(always)]
    fn find_at_once(&self, interner: &Interner, group: u32, label: &str) -> Option<u32> {
        match Ends::of(label)? {
            Ends::Long(long) => self.find_words_at_once(interner, group, &long),
            Ends::Short(short) => self.find_words_at_once(interner, group, &short),
        }
    }

    #[inline(always)]
    fn find_words_at_once<const N: usize>(
        &self,
        interner: &Interner,
        group: u32,
        label: &impl Words<N>,
    ) -> Option<u32> {
        let cell = interner.first(self.hash.of_short_label(group, label))?;
        // SAFETY: the interners' keys are met with cells that this catalogue has published; what is found at once is one of
        // them, or 0.
        unsafe { self.catalogue.is_short(cell, group, label) }.then_some(cell)
    }

    fn find_request(&self, path: &str) -> Option<u32> {
        let hash = self.hash.of_label(REQUESTS, path);
        self.requests.find(hash, |cell| self.catalogue.is(cell, REQUESTS, path))
    }

    fn find_plan<'a>(&self, labels: PlanLabels<'_, impl Names<'a>>) -> Option<u32> {
        self.plans.find(&self.catalogue, &self.hash, labels)
    }

    fn find_delivery(&self, plan: u32, caller: &str) -> Option<u32> {
        let hash = self.hash.of_label(plan, caller);
        self.deliveries.find(hash, |cell| self.catalogue.is(cell, plan, caller))
    }

    fn is_unlabelled(&self, cell: u32, names: u64) -> bool {
        let Some(Series::Delivery { plan, .. }) = self.series(cell) else { return false };
        plan.names == PlanNames::Unlabelled(names)
    }

    fn unlabelled_series(&self, names: u64) -> Series {
        Series::Delivery { plan: Arc::new(Plan::unlabelled(names)), caller: Arc::clone(&self.overflow_label) }
    }

    // Labels as they are counted.

    /// An endpoint, target or caller label.
    fn normal<'a>(&'a self, raw: &'a str) -> Cow<'a, str> {
        if is_normal_ascii(raw) {
            if raw.len() <= self.limits.label_bytes {
                return Cow::Borrowed(raw);
            }
        } else {
            let hash = self.hash.of_label(REQUESTS, raw);
            if let Some(normal) = self.aliases.find(hash, raw) {
                return Cow::Borrowed(normal);
            }
            if let Some(normal) = normalise(raw, self.limits.label_bytes, self.lower_case) {
                if raw.len() > LONGEST_ALIAS * self.limits.label_bytes {
                    return Cow::Owned(normal);
                }
                return self.aliases.remember(hash, raw, normal);
            }
        }
        self.rejected_deliveries.offer(raw);
        Cow::Borrowed(OVERFLOW_LABEL)
    }

    /// Config names.
    fn counted<'a, S: AsRef<str>>(&self, names: &'a [S]) -> impl Names<'a> + use<'a, S> {
        let limit = self.limits.label_bytes;
        names
            .iter()
            .map(AsRef::as_ref)
            .map(move |name| if name.len() > limit { OVERFLOW_LABEL } else { name })
    }
}

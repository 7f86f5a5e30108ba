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

use std::borrow::Cow;
use std::cell::LazyCell;
use std::hash::{BuildHasher, Hash};
use std::panic::RefUnwindSafe;
use std::sync::Arc;

use crate::alias::Aliases;
use crate::catalogue::{Catalogue, NO_GROUP};
use crate::hashing::LabelHash;
use crate::interner::Interner;
use crate::label::{OVERFLOW_LABEL, is_normal_ascii, normalise};
use crate::limits::{Limits, UNLABELLED_LIMIT};
use crate::phase::PhaseWord;
use crate::plan_room::PlanRoom;
use crate::rejected::Rejected;
use crate::series::{Plan, Series};
use crate::text::is_same;
use crate::unlabelled::UnlabelledCell;

/// The cell of the requests whose path is over a limit.
pub(crate) const REQUEST_OVERFLOW: u32 = 0;

/// The group of all paths. No plan has this cell.
const REQUESTS: u32 = REQUEST_OVERFLOW;

/// A raw label longer than this many times the byte limit is not worth remembering.
const LONGEST_ALIAS: usize = 2;

pub(crate) struct Tables {
    limits: Limits,
    hash: LabelHash,
    /// Labels by cell. Requests are found in group [`REQUESTS`], deliveries in that of their plan's cell.
    catalogue: Catalogue,
    /// Path to cell.
    requests: Interner<Arc<str>>,
    /// Plan to the cell of its deliveries to callers that are over a limit; the cell stands for the plan.
    plans: Interner<Arc<Plan>>,
    /// Plan and caller to cell.
    deliveries: Interner<(u32, Arc<str>)>,
    /// Number of names to cell, for deliveries without labels.
    unlabelled: Interner<u64>,
    /// Deliveries without labels whose number of names has no cell.
    unlabelled_cell: UnlabelledCell,
    aliases: Aliases,
    plan_room: PlanRoom,
    rejected_requests: Rejected,
    rejected_deliveries: Rejected,
    overflow_label: Arc<str>,
}

// As for `Registry`, of which the tables are the part that snapshots share.
impl RefUnwindSafe for Tables {}

impl Tables {
    pub(crate) fn new(limits: Limits, hash: LabelHash) -> Self {
        let tables = Self {
            limits,
            catalogue: Catalogue::new(limits.cells()),
            requests: Interner::new(limits.request_series, &hash),
            plans: Interner::new(limits.delivery_series, &hash),
            deliveries: Interner::new(limits.delivery_series, &hash),
            unlabelled: Interner::new(UNLABELLED_LIMIT, &hash),
            unlabelled_cell: UnlabelledCell::default(),
            aliases: Aliases::new(limits.delivery_series, &hash),
            plan_room: PlanRoom::new(limits.plan_bytes()),
            rejected_requests: Rejected::new(),
            rejected_deliveries: Rejected::new(),
            overflow_label: OVERFLOW_LABEL.into(),
            hash,
        };
        tables.catalogue.publish(NO_GROUP, Series::Request { path: Arc::clone(&tables.overflow_label) });
        tables
    }

    /// Cells that a stripe for these tables needs.
    pub(crate) fn cell_capacity(&self) -> usize {
        self.limits.cells()
    }

    /// Cells that may have counted something.
    pub(crate) fn published(&self) -> usize {
        self.catalogue.published()
    }

    /// The labels of a cell. Never `None` for a cell that counted something.
    pub(crate) fn series(&self, cell: u32) -> Option<&Series> {
        self.catalogue.get(cell)
    }

    /// The cell to count a request under.
    #[inline]
    pub(crate) fn request(&self, path: &str) -> u32 {
        if path.len() > self.limits.label_bytes {
            return self.reject_request(path);
        }
        let hash = self.hash.of_label(REQUESTS, path);
        match self.find_labelled(&self.requests, hash, REQUESTS, path) {
            Some(cell) => cell,
            None => self.meet_request(hash, path),
        }
    }

    /// The cell to count a delivery under, or `None` if there is no room for its labels.
    #[inline]
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
    #[inline]
    pub(crate) fn plan(&self, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        let given = || names.iter().map(AsRef::as_ref);
        let hash = self.hash_plan(endpoint, target, given());
        match self.find_plan(hash, endpoint, target, given()) {
            Some(plan) => Some(plan),
            None => self.meet_plan_as_counted(endpoint, target, names),
        }
    }

    /// The cell to count a delivery of `plan` under.
    #[inline]
    pub(crate) fn delivery_of(&self, plan: u32, caller: &str) -> u32 {
        let hash = self.hash.of_label(plan, caller);
        match self.find_labelled(&self.deliveries, hash, plan, caller) {
            Some(cell) => cell,
            None => self.meet_delivery_as_counted(plan, caller),
        }
    }

    /// The cell to count a delivery without labels under; `None` if its number of names has none.
    pub(crate) fn unlabelled(&self, names: u64) -> Option<u32> {
        let hash = self.hash.hash_one(names);
        let matches = |cell| self.is_unlabelled(cell, names);
        self.unlabelled.find(hash, matches).or_else(|| {
            let publish = || Some(self.catalogue.publish(NO_GROUP, Series::Unlabelled { names }));
            self.unlabelled.meet(hash, matches, || names, publish)
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
            Series::Request { path } => {
                self.find_labelled(&self.requests, self.hash.of_label(REQUESTS, path), REQUESTS, path)
            }
            Series::Delivery { plan, caller } => {
                let plan = self.find_same_plan(plan)?;
                if **caller == *OVERFLOW_LABEL {
                    return Some(plan);
                }
                self.find_labelled(&self.deliveries, self.hash.of_label(plan, caller), plan, caller)
            }
            Series::Unlabelled { .. } => None,
        }
    }

    /// Takes the places that labels from another window's tables need, to be kept elsewhere. False if there are
    /// none left. Takes no lock. Places are taken generously: writers do not see what is kept elsewhere, and one
    /// plan takes a place for each of its callers there.
    pub(crate) fn take_places(&self, series: &Series) -> bool {
        match series {
            Series::Request { .. } => self.requests.take_place(),
            Series::Delivery { plan, caller } => {
                // The caller's first: it is the first to give way.
                (**caller == *OVERFLOW_LABEL || self.deliveries.take_place())
                    && (self.find_same_plan(plan).is_some() || self.plans.take_place())
            }
            Series::Unlabelled { .. } => false,
        }
    }

    /// The series that takes over records of `series` if there is no place for it.
    pub(crate) fn give_way(&self, series: &Series) -> Series {
        match series {
            Series::Delivery { plan, caller } if **caller != *OVERFLOW_LABEL => {
                Series::Delivery { plan: Arc::clone(plan), caller: Arc::clone(&self.overflow_label) }
            }
            Series::Delivery { plan, .. } => Series::Unlabelled { names: plan.names.len() as u64 },
            Series::Unlabelled { names } => Series::Unlabelled { names: *names },
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
    #[inline(never)]
    fn meet_request(&self, hash: u64, path: &str) -> u32 {
        if path == OVERFLOW_LABEL {
            return REQUEST_OVERFLOW;
        }
        let met = self.requests.meet(
            hash,
            |cell| self.catalogue.is(cell, REQUESTS, path),
            || path.into(),
            || Some(self.catalogue.publish(REQUESTS, Series::Request { path: path.into() })),
        );
        met.unwrap_or_else(|| self.reject_request(path))
    }

    #[cold]
    #[inline(never)]
    fn reject_request(&self, path: &str) -> u32 {
        self.rejected_requests.offer(path);
        REQUEST_OVERFLOW
    }

    #[cold]
    #[inline(never)]
    fn meet_plan_as_counted(&self, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        let endpoint = self.normal(endpoint);
        let target = self.normal(target);
        let counted = || self.counted(names);
        let hash = self.hash_plan(&endpoint, &target, counted());
        let known = self.find_plan(hash, &endpoint, &target, counted());
        known.or_else(|| self.meet_plan(hash, &endpoint, &target, names))
    }

    fn meet_plan(&self, hash: u64, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        for name in names.iter().map(AsRef::as_ref).filter(|name| name.len() > self.limits.label_bytes) {
            self.rejected_deliveries.offer(name);
        }
        let labels = [endpoint, target].into_iter().chain(self.counted(names));
        let bytes = PlanRoom::needed(labels);
        let met = if self.plan_room.has(bytes) {
            // Made only if there may be a place for it.
            let plan = LazyCell::new(|| {
                let names = self.counted(names).map(Arc::from).collect();
                Arc::new(Plan { endpoint: endpoint.into(), target: target.into(), names })
            });
            let caller = &self.overflow_label;
            self.plans.meet(
                hash,
                |cell| self.is_plan(cell, endpoint, target, self.counted(names)),
                || Arc::clone(&plan),
                || {
                    let series = || Series::Delivery { plan: Arc::clone(&plan), caller: Arc::clone(caller) };
                    // Under the lock of the plan's shard: once for each plan.
                    self.plan_room.take(bytes).then(|| self.catalogue.publish(NO_GROUP, series()))
                },
            )
        } else {
            // Another thread may have met the plan meanwhile, with the last room there was.
            self.find_plan(hash, endpoint, target, self.counted(names))
        };
        if met.is_none() {
            self.rejected_deliveries.offer(target);
        }
        met
    }

    #[cold]
    #[inline(never)]
    fn meet_delivery_as_counted(&self, plan: u32, caller: &str) -> u32 {
        let caller = self.normal(caller);
        let hash = self.hash.of_label(plan, &caller);
        let known = self.find_labelled(&self.deliveries, hash, plan, &caller);
        known.unwrap_or_else(|| self.meet_delivery(hash, plan, &caller))
    }

    fn meet_delivery(&self, hash: u64, plan: u32, caller: &str) -> u32 {
        if caller == OVERFLOW_LABEL {
            return plan;
        }
        let Some(Series::Delivery { plan: labels, .. }) = self.series(plan) else {
            return plan; // not reached: a plan's cell has its labels since before the plan was found
        };
        let series = || Series::Delivery { plan: Arc::clone(labels), caller: caller.into() };
        let met = self.deliveries.meet(
            hash,
            |cell| self.catalogue.is(cell, plan, caller),
            || (plan, caller.into()),
            || Some(self.catalogue.publish(plan, series())),
        );
        met.unwrap_or_else(|| {
            self.rejected_deliveries.offer(caller);
            plan
        })
    }

    // Finding a label that was met. A hash alone is never trusted.

    #[inline]
    fn find_labelled<K: Clone + Eq + Hash>(
        &self,
        interner: &Interner<K>,
        hash: u64,
        group: u32,
        label: &str,
    ) -> Option<u32> {
        interner.find(hash, |cell| self.catalogue.is(cell, group, label))
    }

    #[inline]
    fn find_plan<'a>(
        &self,
        hash: u64,
        endpoint: &str,
        target: &str,
        names: impl ExactSizeIterator<Item = &'a str> + Clone,
    ) -> Option<u32> {
        self.plans.find(hash, |cell| self.is_plan(cell, endpoint, target, names.clone()))
    }

    fn find_same_plan(&self, plan: &Plan) -> Option<u32> {
        let names = plan.names.iter().map(|name| &**name);
        let hash = self.hash_plan(&plan.endpoint, &plan.target, names.clone());
        self.find_plan(hash, &plan.endpoint, &plan.target, names)
    }

    #[inline]
    fn is_plan<'a>(
        &self,
        cell: u32,
        endpoint: &str,
        target: &str,
        names: impl ExactSizeIterator<Item = &'a str>,
    ) -> bool {
        let Some(Series::Delivery { plan, .. }) = self.series(cell) else { return false };
        is_same(plan.endpoint.as_bytes(), endpoint.as_bytes())
            && is_same(plan.target.as_bytes(), target.as_bytes())
            && plan.names.len() == names.len()
            && plan.names.iter().zip(names).all(|(known, name)| is_same(known.as_bytes(), name.as_bytes()))
    }

    fn is_unlabelled(&self, cell: u32, names: u64) -> bool {
        matches!(self.series(cell), Some(Series::Unlabelled { names: known }) if *known == names)
    }

    #[inline]
    fn hash_plan<'a>(&self, endpoint: &'a str, target: &'a str, names: impl Iterator<Item = &'a str>) -> u64 {
        self.hash.of_labels([endpoint, target].into_iter().chain(names))
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
            if let Some(normal) = normalise(raw, self.limits.label_bytes) {
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
    fn counted<'a, S: AsRef<str>>(
        &self,
        names: &'a [S],
    ) -> impl ExactSizeIterator<Item = &'a str> + Clone + use<'a, S> {
        let limit = self.limits.label_bytes;
        names
            .iter()
            .map(AsRef::as_ref)
            .map(move |name| if name.len() > limit { OVERFLOW_LABEL } else { name })
    }
}

//! Which series there are in one window, which cell each has, and which label gives way at a limit.
//!
//! A label is met once, under the lock of one shard of a map, and gets the next free cell; from then on every
//! thread finds it without a lock. Nothing is ever removed: a window's tables are dropped whole.
//!
//! # Order of publication
//!
//! A new series is stored in the table of series, then the count of published cells is raised (SeqCst), then the
//! index shows it (Release). So whoever adds to a cell does so after the count was raised: a collector that
//! would have to count the record reads a large enough count, and finds the labels.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::hash::{BuildHasher, Hasher};
use std::panic::RefUnwindSafe;
use std::sync::Arc;

use crate::alias::Aliases;
use crate::hashing::LabelHash;
use crate::interner::Interner;
use crate::label::{OVERFLOW_LABEL, is_normal_ascii, normalise};
use crate::limits::{Limits, UNLABELLED_LIMIT};
use crate::plan_room::PlanRoom;
use crate::rejected::Rejected;
use crate::series::{Plan, Series};
use crate::sync::{AtomicU32, AtomicU64, Ordering};
use crate::unlabelled::UnlabelledCell;

/// The cell of the requests whose path is over a limit.
pub(crate) const REQUEST_OVERFLOW: u32 = 0;

/// A raw label longer than this many times the byte limit is not worth remembering.
const LONGEST_ALIAS: usize = 2;

pub(crate) struct Tables {
    limits: Limits,
    hasher: LabelHash,
    /// Labels by cell.
    series: boxcar::Vec<Series>,
    /// One more than the largest cell that was published.
    published: AtomicU32,
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
    pub(crate) fn new(limits: Limits, hasher: LabelHash) -> Self {
        let tables = Self {
            limits,
            series: boxcar::Vec::new(),
            published: AtomicU32::new(0),
            requests: Interner::new(limits.request_series, &hasher),
            plans: Interner::new(limits.delivery_series, &hasher),
            deliveries: Interner::new(limits.delivery_series, &hasher),
            unlabelled: Interner::new(UNLABELLED_LIMIT, &hasher),
            unlabelled_cell: UnlabelledCell::default(),
            aliases: Aliases::new(limits.delivery_series, &hasher),
            plan_room: PlanRoom::new(limits.plan_bytes()),
            rejected_requests: Rejected::new(),
            rejected_deliveries: Rejected::new(),
            overflow_label: OVERFLOW_LABEL.into(),
            hasher,
        };
        tables.publish(Series::Request { path: Arc::clone(&tables.overflow_label) });
        tables
    }

    /// Cells that a stripe for these tables needs.
    pub(crate) fn cell_capacity(&self) -> usize {
        self.limits.cells()
    }

    /// Cells that may have counted something.
    pub(crate) fn published(&self) -> usize {
        // SeqCst: pairs with `publish`; see the module documentation.
        self.published.load(Ordering::SeqCst) as usize
    }

    /// The labels of a cell. Never `None` for a cell that counted something.
    #[inline]
    pub(crate) fn series(&self, cell: usize) -> Option<&Series> {
        self.series.get(cell)
    }

    /// The cell to count a request under.
    #[inline]
    pub(crate) fn request(&self, path: &str) -> u32 {
        if path.len() > self.limits.label_bytes {
            return self.reject_request(path);
        }
        let hash = self.hash_label(path);
        match self.find_request(hash, path) {
            Some(cell) => cell,
            None => self.meet_request(hash, path),
        }
    }

    /// The plan of these labels, or `None` if there is no room for it.
    pub(crate) fn plan(&self, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        let endpoint = self.normal(endpoint);
        let target = self.normal(target);
        let hash = self.hash_plan(&endpoint, &target, names);
        let known = self.find_plan(hash, &endpoint, &target, names);
        known.or_else(|| self.meet_plan(hash, &endpoint, &target, names))
    }

    /// The cell to count a delivery of `plan` under.
    pub(crate) fn delivery_of(&self, plan: u32, caller: &str) -> u32 {
        let caller = self.normal(caller);
        let hash = self.hash_delivery(plan, &caller);
        let known = self.find_delivery(hash, plan, &caller);
        known.unwrap_or_else(|| self.meet_delivery(hash, plan, &caller))
    }

    /// The cell to count a delivery without labels under; `None` if its number of names has none.
    pub(crate) fn unlabelled(&self, names: u64) -> Option<u32> {
        let hash = self.hasher.hash_one(names);
        let matches = |cell| self.is_unlabelled(cell, names);
        self.unlabelled.find(hash, matches).or_else(|| {
            let publish = || Some(self.publish(Series::Unlabelled { names }));
            self.unlabelled.meet(hash, matches, || names, publish)
        })
    }

    /// Counts a delivery without labels whose number of names has no cell.
    pub(crate) fn count_unlabelled(&self, scan_word: &AtomicU64, names: u64) {
        self.unlabelled_cell.record(scan_word, names);
    }

    pub(crate) fn unlabelled_cell(&self) -> &UnlabelledCell {
        &self.unlabelled_cell
    }

    /// The cell of labels that another window's tables hold, if these have them too. Takes no lock.
    pub(crate) fn find(&self, series: &Series) -> Option<u32> {
        match series {
            Series::Request { path } if **path == *OVERFLOW_LABEL => Some(REQUEST_OVERFLOW),
            Series::Request { path } => self.find_request(self.hash_label(path), path),
            Series::Delivery { plan, caller } => {
                let cell = self.find_same_plan(plan)?;
                if **caller == *OVERFLOW_LABEL {
                    return Some(cell);
                }
                self.find_delivery(self.hash_delivery(cell, caller), cell, caller)
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
            |cell| self.is_request(cell, path),
            || path.into(),
            || Some(self.publish(Series::Request { path: path.into() })),
        );
        met.unwrap_or_else(|| self.reject_request(path))
    }

    #[cold]
    fn reject_request(&self, path: &str) -> u32 {
        self.rejected_requests.offer(path);
        REQUEST_OVERFLOW
    }

    #[cold]
    #[inline(never)]
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
                |cell| self.is_plan(cell, endpoint, target, names),
                || Arc::clone(&plan),
                || {
                    let series = || Series::Delivery { plan: Arc::clone(&plan), caller: Arc::clone(caller) };
                    // Under the lock of the plan's shard: once for each plan.
                    self.plan_room.take(bytes).then(|| self.publish(series()))
                },
            )
        } else {
            // Another thread may have met the plan meanwhile, with the last room there was.
            self.find_plan(hash, endpoint, target, names)
        };
        if met.is_none() {
            self.rejected_deliveries.offer(target);
        }
        met
    }

    #[cold]
    #[inline(never)]
    fn meet_delivery(&self, hash: u64, plan: u32, caller: &str) -> u32 {
        if caller == OVERFLOW_LABEL {
            return plan;
        }
        let Some(Series::Delivery { plan: labels, .. }) = self.series(plan as usize) else {
            return plan; // not reached: a plan's cell has its labels since before the plan was found
        };
        let met = self.deliveries.meet(
            hash,
            |cell| self.is_delivery(cell, labels, caller),
            || (plan, caller.into()),
            || Some(self.publish(Series::Delivery { plan: Arc::clone(labels), caller: caller.into() })),
        );
        met.unwrap_or_else(|| {
            self.rejected_deliveries.offer(caller);
            plan
        })
    }

    /// Stores the labels of a new cell and counts it in.
    fn publish(&self, series: Series) -> u32 {
        // The limits keep the number of cells far below u32::MAX (see `MetricsBuilder::build`).
        let cell = self.series.push(series) as u32;
        self.published.fetch_max(cell + 1, Ordering::SeqCst);
        cell
    }

    // Finding a label that was met.

    #[inline]
    fn find_request(&self, hash: u64, path: &str) -> Option<u32> {
        self.requests.find(hash, |cell| self.is_request(cell, path))
    }

    fn find_plan(&self, hash: u64, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> Option<u32> {
        self.plans.find(hash, |cell| self.is_plan(cell, endpoint, target, names))
    }

    fn find_same_plan(&self, plan: &Plan) -> Option<u32> {
        let hash = self.hash_plan(&plan.endpoint, &plan.target, &plan.names);
        self.find_plan(hash, &plan.endpoint, &plan.target, &plan.names)
    }

    fn find_delivery(&self, hash: u64, plan: u32, caller: &str) -> Option<u32> {
        let Some(Series::Delivery { plan, .. }) = self.series(plan as usize) else { return None };
        self.deliveries.find(hash, |cell| self.is_delivery(cell, plan, caller))
    }

    // Comparing the labels of a cell: a hash alone is never trusted.

    #[inline]
    fn is_request(&self, cell: u32, path: &str) -> bool {
        matches!(self.series(cell as usize), Some(Series::Request { path: known }) if **known == *path)
    }

    fn is_plan(&self, cell: u32, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> bool {
        let Some(Series::Delivery { plan, .. }) = self.series(cell as usize) else { return false };
        *plan.endpoint == *endpoint
            && *plan.target == *target
            && plan.names.len() == names.len()
            && plan.names.iter().zip(self.counted(names)).all(|(known, name)| **known == *name)
    }

    fn is_delivery(&self, cell: u32, plan: &Arc<Plan>, caller: &str) -> bool {
        let Some(Series::Delivery { plan: known_plan, caller: known }) = self.series(cell as usize) else {
            return false;
        };
        Arc::ptr_eq(known_plan, plan) && **known == *caller
    }

    fn is_unlabelled(&self, cell: u32, names: u64) -> bool {
        matches!(self.series(cell as usize), Some(Series::Unlabelled { names: known }) if *known == names)
    }

    // Labels and hashes. Composite hashes are length-delimited: ("ab", "c") is not ("a", "bc").

    /// An endpoint, target or caller label as it is counted.
    fn normal<'a>(&'a self, raw: &'a str) -> Cow<'a, str> {
        if is_normal_ascii(raw) {
            if raw.len() <= self.limits.label_bytes {
                return Cow::Borrowed(raw);
            }
        } else {
            let hash = self.hash_label(raw);
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

    /// Config names as they are counted.
    fn counted<'a, S: AsRef<str>>(&self, names: &'a [S]) -> impl Iterator<Item = &'a str> + use<'a, S> {
        let limit = self.limits.label_bytes;
        names
            .iter()
            .map(AsRef::as_ref)
            .map(move |name| if name.len() > limit { OVERFLOW_LABEL } else { name })
    }

    #[inline]
    fn hash_label(&self, label: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(label.as_bytes());
        hasher.finish()
    }

    fn hash_delivery(&self, plan: u32, caller: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u32(plan);
        hasher.write(caller.as_bytes());
        hasher.finish()
    }

    fn hash_plan(&self, endpoint: &str, target: &str, names: &[impl AsRef<str>]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for label in [endpoint, target].into_iter().chain(self.counted(names)) {
            hasher.write_usize(label.len());
            hasher.write(label.as_bytes());
        }
        hasher.finish()
    }
}

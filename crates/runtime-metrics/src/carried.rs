//! Late records of earlier generations, which the present window counts. Touched under the collector's lock only.

use crate::series::{PlanNames, Series};
use crate::tables::Tables;
use crate::unlabelled::Unlabelled;

#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// Counts of series that the window's tables have, by cell.
    counts: Vec<u64>,
    /// Counts of series that they did not have when the late record was found. Each took its places there, so
    /// there are never more than the series limits allow.
    late: Vec<(Series, u64)>,
    pub(crate) unlabelled: Unlabelled,
    /// When a delivery was last counted here, in nanoseconds of the monotonic clock; 0 for never.
    pub(crate) last_delivery: u64,
}

impl Carried {
    /// Counts `events` late records of `series` in the window of `tables`. Takes no lock that a writer takes.
    pub(crate) fn add(&mut self, series: &Series, events: u64, tables: &Tables) {
        if let Series::Delivery { plan, .. } = series
            && let PlanNames::Unlabelled(names) = plan.names
        {
            self.unlabelled.add(events, names);
        } else if let Some(cell) = tables.find(series) {
            let cell = cell as usize;
            self.counts.resize(self.counts.len().max(cell + 1), 0);
            self.counts[cell] = self.counts[cell].wrapping_add(events);
        } else if let Some((_, count)) = self.late.iter_mut().find(|(late, _)| late == series) {
            *count = count.wrapping_add(events);
        } else if tables.take_places(series) {
            self.late.push((series.clone(), events));
        } else {
            self.add(&tables.give_way(series), events, tables);
        }
    }

    /// Adds the counts by cell to `counts`.
    pub(crate) fn add_to(&self, counts: &mut Vec<u64>) {
        // A late record may have found a cell that was published after the scan read the tables.
        counts.resize(counts.len().max(self.counts.len()), 0);
        for (count, carried) in counts.iter_mut().zip(&self.counts) {
            *count = count.wrapping_add(*carried);
        }
    }

    /// The counts of series that have no cell.
    pub(crate) fn late(&self) -> &[(Series, u64)] {
        &self.late
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::hashing::label_hash;
    use crate::label::OVERFLOW_LABEL;
    use crate::limits::Limits;
    use crate::series::{Plan, PlanLabels};

    fn tables(limit: u32) -> Tables {
        let limits = Limits { request_series: limit, delivery_series: limit, label_bytes: 64 };
        Tables::new(limits, label_hash())
    }

    fn request(path: &str) -> Series {
        Series::Request { path: path.into() }
    }

    fn delivery(target: &str, caller: &str) -> Series {
        let plan = Plan::new(PlanLabels { endpoint: "run-time", target, names: ["a", "b"].into_iter() });
        Series::Delivery { plan: Arc::new(plan), caller: caller.into() }
    }

    fn unlabelled(names: u64) -> Series {
        Series::Delivery { plan: Arc::new(Plan::unlabelled(names)), caller: OVERFLOW_LABEL.into() }
    }

    #[test]
    fn a_late_record_of_a_known_series_is_added_to_its_cell() {
        let tables = tables(2);
        let home = tables.request("/");
        let plan = tables.plan("run-time", "api", &["a", "b"]).unwrap();
        let call = tables.delivery_of(plan, "me");
        let mut carried = Carried::default();
        carried.add(&request("/"), 2, &tables);
        carried.add(&delivery("api", "me"), 3, &tables);
        carried.add(&delivery("api", OVERFLOW_LABEL), 4, &tables);
        // A reading from before any cell was published.
        let mut counts = Vec::new();
        carried.add_to(&mut counts);
        assert_eq!((counts[home as usize], counts[call as usize], counts[plan as usize]), (2, 3, 4));
        assert!(carried.late().is_empty());
    }

    #[test]
    fn a_late_record_of_a_new_series_takes_its_places() {
        let tables = tables(1);
        let mut carried = Carried::default();
        carried.add(&request("/late"), 2, &tables);
        carried.add(&request("/late"), 1, &tables);
        carried.add(&delivery("api", "me"), 5, &tables);
        assert_eq!(carried.late(), [(request("/late"), 3), (delivery("api", "me"), 5)]);
        assert_eq!(tables.request("/new"), tables.request(OVERFLOW_LABEL), "the only place is taken");
        assert_eq!(tables.plan("run-time", "website", &["a"]), None, "the only place is taken");
    }

    #[test]
    fn a_late_record_of_a_new_plan_keeps_it_when_only_the_caller_has_no_place() {
        let tables = tables(2);
        let plan = tables.plan("run-time", "web", &["a"]).unwrap();
        tables.delivery_of(plan, "me");
        tables.delivery_of(plan, "you");
        let mut carried = Carried::default();
        carried.add(&delivery("api", "me"), 3, &tables);
        assert_eq!(carried.late(), [(delivery("api", OVERFLOW_LABEL), 3)], "the caller is given up first");
        assert_eq!(tables.plan("run-time", "other", &["a"]), None, "the last place is taken");
    }

    #[test]
    fn a_late_record_that_finds_no_place_gives_up_the_caller_first_and_is_never_lost() {
        let tables = tables(1);
        tables.request("/");
        let plan = tables.plan("run-time", "api", &["a", "b"]).unwrap();
        tables.delivery_of(plan, "me");
        let mut carried = Carried::default();
        carried.add(&request("/late"), 2, &tables);
        carried.add(&delivery("api", "you"), 3, &tables);
        carried.add(&delivery("website", "me"), 4, &tables);
        carried.add(&unlabelled(7), 1, &tables);
        let mut counts = vec![0; tables.published()];
        carried.add_to(&mut counts);
        assert_eq!((counts[0], counts[plan as usize]), (2, 3));
        assert_eq!(carried.unlabelled, Unlabelled { responses: 5, values: 15 });
        assert!(carried.late().is_empty());
    }
}

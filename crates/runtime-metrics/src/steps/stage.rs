//! The stages of a cut, and how they are told from one another while the thread that takes it stands still.

use super::gate::Stop;
use crate::registry::Registry;

/// The bytes of a cell.
const CELL: usize = size_of::<u64>();

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    Snapshot,
    Reset,
}

/// How far a cut is, in order. The collector's lock is held from `Locked` to `Published`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// The lock is free; a reset makes the next generation.
    Beginning,
    /// The scan is not open yet.
    Locked,
    /// The same; a reset has put the next generation beside the current one, for threads to enter.
    Listed,
    /// The scan is open, and the first pass has read no cell.
    Opened,
    /// The scan is open, and the first pass is at its cells.
    FirstPass,
    /// The scan is closed, and the second pass has read no cell. In a reset the next generation is current from here on.
    Closed,
    /// The second pass is at its cells or past them: at those of earlier generations, at late records, at stripes that are taken
    /// back, at the snapshot.
    Building,
    /// A reset has put the earlier generation off the list.
    Narrowed,
    /// The snapshot is the latest.
    Published,
    /// The lock is free again.
    Released,
}

impl Cut {
    /// The stages that each cut of this kind stops in.
    pub(super) fn stages(self) -> &'static [Stage] {
        use Stage::*;
        match self {
            Self::Snapshot => &[Locked, Opened, FirstPass, Closed, Building, Published],
            Self::Reset => {
                &[Beginning, Locked, Listed, Opened, FirstPass, Closed, Building, Narrowed, Published]
            }
        }
    }
}

/// One cut, from stop to stop.
pub(super) struct Walk<'a> {
    registry: &'a Registry,
    cut: Cut,
    /// Before the cut: its number, the generation's, and its cells.
    sequence: u64,
    number: u64,
    cells: usize,
    /// The stage at the last stop, and how many stops there were in it.
    stage: Option<(Stage, u32)>,
    /// The first pass has taken a list for the cells of a seat; the second one for the sums.
    has_lists: [bool; 2],
}

impl<'a> Walk<'a> {
    pub(super) fn beginning(registry: &'a Registry, cut: Cut) -> Self {
        let generation = registry.open_generation();
        let cells = generation.tables.published();
        let seats = generation.seats().len();
        // So that the pass's list of lists is of another size than that of a seat's cells.
        assert!(cells > 3 * seats, "{cells} cells, {seats} seats");
        let sequence = registry.latest().sequence();
        Self { registry, cut, sequence, number: generation.number, cells, stage: None, has_lists: [false; 2] }
    }

    /// The number of this cut.
    pub(super) fn sequence(&self) -> u64 {
        self.sequence + 1
    }

    /// The stage at the next stop. Fails if the stages do not come in order.
    pub(super) fn stage_at(&mut self, stop: Stop) -> Stage {
        let stage = self.look(stop);
        let count = match self.stage {
            Some((last, _)) if stage < last => panic!("{stage:?} after {last:?}"),
            Some((last, count)) if stage == last => count + 1,
            _ => 1,
        };
        self.stage = Some((stage, count));
        stage
    }

    /// How many stops there were so far in the stage of the last one.
    pub(super) fn stops_in_stage(&self) -> u32 {
        self.stage.map_or(0, |(_, count)| count)
    }

    fn look(&mut self, stop: Stop) -> Stage {
        let state = self.registry.state();
        let phase = self.registry.phase().load();
        let is_listed = state.open.load().len() > 1;
        let is_published = state.latest.load().sequence() > self.sequence;
        let has_moved = phase.number() != self.number;
        let was_opened = self.stage.is_some_and(|(last, _)| last >= Stage::Opened);
        if !state.is_collecting() {
            return if is_published { Stage::Released } else { Stage::Beginning };
        }
        if is_published {
            return Stage::Published;
        }
        if phase.is_scanning() {
            return if self.is_past_list(0, stop) { Stage::FirstPass } else { Stage::Opened };
        }
        if !was_opened {
            return if is_listed { Stage::Listed } else { Stage::Locked };
        }
        assert_eq!(has_moved, self.cut == Cut::Reset);
        if has_moved && !is_listed {
            return Stage::Narrowed;
        }
        if self.is_past_list(1, stop) { Stage::Building } else { Stage::Closed }
    }

    /// Whether a pass had its list before this stop. It takes it and then reads, without a stop in between.
    fn is_past_list(&mut self, pass: usize, stop: Stop) -> bool {
        let had_list = self.has_lists[pass];
        self.has_lists[pass] |= stop.taken == self.cells * CELL;
        had_list
    }
}

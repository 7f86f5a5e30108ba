//! Who does what: small programs of writers and one of the collector.

use crate::layout::Layout;

/// What a writer does; each of these takes several steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// One record into a cell.
    Record { by: By, cell: u8 },
    /// Stores what it knows to have returned into its own flag (Release).
    RaiseFlag,
    /// Loads the flag of a writer (Acquire), whatever it holds.
    ReadFlag { of: u8 },
    /// Gives its seat up, as a thread does that ends.
    GiveUp,
    /// Claims a seat if it has no owner.
    Claim { seat: u8 },
}

/// How a record finds its cell, which decides what it checks when it enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Loads `open`.
    Handle,
    /// Loads W.
    Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scan {
    Snapshot,
    Reset,
}

/// One thread that records.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    /// The place that it takes in each generation.
    pub(crate) place: u8,
    /// It has a seat, and knows its cells, from the start.
    pub(crate) is_seated: bool,
    pub(crate) tasks: Vec<Task>,
}

/// What runs beside what.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) layout: Layout,
    pub(crate) scripts: Vec<Script>,
    pub(crate) scans: Vec<Scan>,
    /// Records announce themselves and check `open`. Left out where no stripe is ever taken away: nobody reads
    /// these fields there.
    pub(crate) announces: bool,
    /// Records are also compared by the time at which they return and begin, not only by what their threads
    /// can know of each other.
    pub(crate) in_real_time: bool,
}

const BY_HANDLE: Task = Task::Record { by: By::Handle, cell: 0 };
const BY_LABEL: Task = Task::Record { by: By::Label, cell: 0 };

fn seated(place: u8, tasks: &[Task]) -> Script {
    Script { place, is_seated: true, tasks: tasks.to_vec() }
}

fn unseated(place: u8, tasks: &[Task]) -> Script {
    Script { place, is_seated: false, tasks: tasks.to_vec() }
}

fn scenario(name: &'static str, scripts: Vec<Script>, scans: &[Scan]) -> Scenario {
    let resets = scans.iter().filter(|&&scan| scan == Scan::Reset).count();
    let records = scripts.iter().flat_map(|script| &script.tasks);
    let cells = records.filter_map(|task| match task {
        Task::Record { cell, .. } => Some(cell + 1),
        _ => None,
    });
    let layout = Layout {
        writers: scripts.len() as u8,
        generations: 1 + resets as u8,
        places: scripts.iter().map(|script| script.place + 1).max().unwrap_or(1),
        cells: cells.max().unwrap_or(1),
    };
    Scenario { name, layout, scripts, scans: scans.to_vec(), announces: resets > 0, in_real_time: false }
}

impl Scenario {
    /// Records of two threads in a causal chain, as often as the chain can be told apart, and two scans.
    pub(crate) fn chain() -> Self {
        let first = seated(0, &[BY_HANDLE, Task::RaiseFlag, BY_HANDLE, Task::RaiseFlag]);
        let read = Task::ReadFlag { of: 0 };
        let second = seated(1, &[read, BY_HANDLE, read, BY_HANDLE]);
        scenario("chain", vec![first, second], &[Scan::Snapshot; 2])
    }

    /// The same with the seats the other way round in the list.
    pub(crate) fn chain_backwards() -> Self {
        let mut backwards = Self::chain();
        backwards.name = "chain backwards";
        backwards.scripts[0].place = 1;
        backwards.scripts[1].place = 0;
        backwards
    }

    /// Two threads that know nothing of each other, compared by the clock on the wall.
    pub(crate) fn real_time() -> Self {
        let scripts = vec![seated(0, &[BY_HANDLE]), seated(1, &[BY_HANDLE; 2])];
        Self { in_real_time: true, ..scenario("real time", scripts, &[Scan::Snapshot; 2]) }
    }

    /// The same, with as many records of both.
    pub(crate) fn real_time_in_full() -> Self {
        let scripts = (0..2).map(|place| seated(place, &[BY_HANDLE; 2])).collect();
        Self { in_real_time: true, ..scenario("real time, in full", scripts, &[Scan::Snapshot; 2]) }
    }

    /// One thread that alternates between two cells.
    pub(crate) fn two_cells() -> Self {
        let other = Task::Record { by: By::Handle, cell: 1 };
        scenario("two cells", vec![seated(0, &[BY_HANDLE, other, BY_HANDLE])], &[Scan::Snapshot; 2])
    }

    /// A writer that may sleep between its look at W and its store to B, over several scans.
    pub(crate) fn stale_forward() -> Self {
        scenario("stale forward", vec![seated(0, &[BY_HANDLE; 3])], &[Scan::Snapshot; 3])
    }

    /// A thread that takes a seat at any moment, its place being before that of the thread that is there already: two
    /// threads that push at once may show in either order.
    pub(crate) fn new_seat() -> Self {
        let first = seated(1, &[BY_HANDLE, Task::RaiseFlag]);
        let second = unseated(0, &[Task::ReadFlag { of: 0 }, BY_HANDLE, BY_HANDLE]);
        scenario("new seat", vec![first, second], &[Scan::Snapshot; 2])
    }

    /// The same with the new thread's records as the cause.
    pub(crate) fn new_cause() -> Self {
        let first = seated(0, &[Task::ReadFlag { of: 1 }, BY_HANDLE]);
        let second = unseated(1, &[BY_HANDLE, Task::RaiseFlag]);
        scenario("new cause", vec![first, second], &[Scan::Snapshot; 2])
    }

    /// A thread that ends, and another that takes over its seat if it finds it free.
    pub(crate) fn hand_over() -> Self {
        let first = seated(0, &[BY_HANDLE, BY_HANDLE, Task::GiveUp]);
        let second = unseated(1, &[Task::Claim { seat: 0 }, BY_HANDLE]);
        scenario("hand-over", vec![first, second], &[Scan::Snapshot; 2])
    }

    /// A thread that records by handle while its generation ends, drains and is retired.
    pub(crate) fn reset_by_handle() -> Self {
        let scans = [Scan::Reset, Scan::Snapshot, Scan::Snapshot];
        scenario("reset, by handle", vec![seated(0, &[BY_HANDLE; 3])], &scans)
    }

    /// The same, by label.
    pub(crate) fn reset_by_label() -> Self {
        let scans = [Scan::Reset, Scan::Snapshot, Scan::Snapshot];
        scenario("reset, by label", vec![seated(0, &[BY_LABEL; 3])], &scans)
    }

    /// A thread that meets its first generation while that ends: it may open its seat after the reset.
    pub(crate) fn reset_new_seat() -> Self {
        let scans = [Scan::Reset, Scan::Snapshot, Scan::Snapshot];
        scenario("reset, new seat", vec![unseated(0, &[BY_HANDLE; 3])], &scans)
    }

    /// Two resets: two generations drain at once.
    pub(crate) fn two_resets() -> Self {
        let scans = [Scan::Reset, Scan::Reset, Scan::Snapshot];
        scenario("two resets", vec![seated(0, &[BY_HANDLE, BY_LABEL, BY_HANDLE])], &scans)
    }

    /// A causal chain over a reset: the cause by label, which sees the new number first, the effect by handle.
    pub(crate) fn reset_chain() -> Self {
        let first = seated(0, &[BY_LABEL, Task::RaiseFlag]);
        let second = seated(1, &[Task::ReadFlag { of: 0 }, BY_HANDLE]);
        scenario("reset, chain", vec![first, second], &[Scan::Reset, Scan::Snapshot])
    }

    /// A chain over a reset, with a later cut in which the old generation may be retired.
    pub(crate) fn reset_beside_another() -> Self {
        let first = seated(0, &[BY_LABEL, Task::RaiseFlag]);
        let second = seated(1, &[Task::ReadFlag { of: 0 }, BY_HANDLE]);
        let scans = [Scan::Reset, Scan::Snapshot, Scan::Snapshot];
        scenario("reset, chain, later", vec![first, second], &scans)
    }

    /// Those that take a second or less.
    pub(crate) fn all_small() -> Vec<Self> {
        vec![
            Self::two_cells(),
            Self::stale_forward(),
            Self::new_cause(),
            Self::hand_over(),
            Self::reset_by_handle(),
            Self::reset_by_label(),
            Self::reset_new_seat(),
        ]
    }
}

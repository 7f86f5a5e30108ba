//! A violating execution for readers.

use crate::layout::{Content, Layout};
use crate::machine::{Location, Order, Store};
use crate::model::Model;
use crate::scenario::Task;
use crate::state::{Action, COLLECTOR, State};
use crate::witness::Witnesses;
use crate::word;

/// What happens when `action` follows `before`.
pub(crate) fn describe(model: &Model, before: &State, action: Action) -> String {
    let layout = model.scenario.layout;
    let mut after = before.clone();
    model.apply(&mut after, action, &mut Witnesses::default());
    match action {
        Action::Drain(thread, position) => {
            let store = before.storage.waiting(thread)[position];
            format!("{}: {} reaches memory", name(thread), stored(layout, store))
        }
        Action::Barrier(thread) => {
            let stores = all_stored(layout, before.storage.waiting(thread));
            format!("{}: the barrier comes; {stores} reaches memory", name(thread))
        }
        Action::Step(COLLECTOR) => {
            let collector = &before.collector;
            let step = format!("{:?} of scan {}", collector.phase(model), collector.sequence());
            let mut line =
                format!("{}: {step}{}", name(COLLECTOR), new_stores(layout, before, &after, COLLECTOR));
            if after.collector.scan > before.collector.scan {
                line += &format!("; the cut: {:?}", &after.collector.credited[..usize::from(layout.slots())]);
            } else {
                line += &read(layout, before, &after);
            }
            if after.freed != before.freed {
                line += "; a generation is retired";
            }
            line
        }
        Action::Step(thread) => {
            let writer = &before.writers[thread];
            let task = model.scenario.scripts[thread].tasks[usize::from(writer.task)];
            let step = match task {
                Task::Record { .. } => {
                    let record = model.record_number(thread, writer.task) + 1;
                    format!("{:?} of record {record}", model.path.step(writer))
                }
                task => format!("{task:?}"),
            };
            let returned =
                if after.records.returned == before.records.returned { "" } else { "; it returns" };
            format!("{}: {step}{}{returned}", name(thread), new_stores(layout, before, &after, thread))
        }
    }
}

fn name(thread: usize) -> String {
    if thread == COLLECTOR { "collector".to_owned() } else { format!("writer {}", thread + 1) }
}

/// What a step put into its thread's buffer.
fn new_stores(layout: Layout, before: &State, after: &State, thread: usize) -> String {
    let known = before.storage.waiting(thread).len();
    match after.storage.waiting(thread).get(known..) {
        Some(new) if !new.is_empty() => format!("; buffers {}", all_stored(layout, new)),
        _ => String::new(),
    }
}

/// What a step of the collector read.
fn read(layout: Layout, before: &State, after: &State) -> String {
    let (before, after) = (&before.collector, &after.collector);
    let slots = 0..usize::from(layout.slots());
    let mut line = String::new();
    for slot in slots {
        if before.a[slot] != after.a[slot] {
            line += &format!("; reads a[{slot}] = {}", after.a[slot]);
        }
        if before.b[slot] != after.b[slot] {
            line += &format!("; reads b[{slot}] = {}", after.b[slot]);
        }
    }
    line
}

fn all_stored(layout: Layout, stores: &[Store]) -> String {
    let stores: Vec<_> = stores.iter().map(|&store| stored(layout, store)).collect();
    if stores.is_empty() { "nothing".to_owned() } else { stores.join(", ") }
}

fn stored(layout: Layout, store: Store) -> String {
    let release = if store.order == Order::Release { " (Release)" } else { "" };
    let value = match layout.content(store.location) {
        Content::Word => word::describe(store.value),
        _ => store.value.to_string(),
    };
    format!("{} = {value}{release}", place(layout, store.location))
}

fn place(layout: Layout, location: Location) -> String {
    match layout.content(location) {
        Content::Word => "W".to_owned(),
        Content::Listed => "the seat list".to_owned(),
        Content::Flag(writer) => format!("the flag of writer {}", writer + 1),
        Content::Busy(seat) => format!("busy[{seat}]"),
        Content::Open(seat) => format!("open[{seat}]"),
        Content::Mark(seat) => format!("mark[{seat}]"),
        Content::Owned(seat) => format!("owned[{seat}]"),
        Content::Counted(slot) => format!("A[{slot}]"),
        Content::Forwarded(slot) => format!("B[{slot}]"),
    }
}

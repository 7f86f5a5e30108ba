//! Where everything stands in the modelled memory.
//!
//! A *seat* is a place in a generation, a *slot* is a cell of a seat. All are small numbers, generation by
//! generation; a location is a number too.

use crate::machine::{LOCATIONS, Location};

/// The shared word W.
pub(crate) const WORD: Location = 0;
/// The list of seats: one bit for each.
pub(crate) const LISTED: Location = 1;
const FLAGS: Location = 2;

/// What a location holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Word,
    Listed,
    Flag(u8),
    Busy(u8),
    Open(u8),
    Mark(u8),
    Owned(u8),
    Counted(u8),
    Forwarded(u8),
}

/// How many of everything there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) writers: u8,
    pub(crate) generations: u8,
    /// Seats in each generation.
    pub(crate) places: u8,
    /// Cells of each seat.
    pub(crate) cells: u8,
}

impl Layout {
    pub(crate) fn seats(self) -> u8 {
        self.generations * self.places
    }

    pub(crate) fn slots(self) -> u8 {
        self.seats() * self.cells
    }

    pub(crate) fn locations(self) -> usize {
        let locations = usize::from(self.field(self.seats(), 0));
        assert!(locations <= LOCATIONS, "the scenario needs {locations} locations");
        locations
    }

    /// Generations are numbered from 1.
    pub(crate) fn seat_at(self, generation: u8, place: u8) -> u8 {
        (generation - 1) * self.places + place
    }

    pub(crate) fn generation_of(self, seat: u8) -> u8 {
        seat / self.places + 1
    }

    pub(crate) fn slot(self, seat: u8, cell: u8) -> u8 {
        seat * self.cells + cell
    }

    pub(crate) fn seat_of(self, slot: u8) -> u8 {
        slot / self.cells
    }

    pub(crate) fn flag(self, writer: u8) -> Location {
        FLAGS + writer
    }

    pub(crate) fn busy(self, seat: u8) -> Location {
        self.field(seat, 0)
    }

    pub(crate) fn open(self, seat: u8) -> Location {
        self.field(seat, 1)
    }

    pub(crate) fn mark(self, seat: u8) -> Location {
        self.field(seat, 2)
    }

    pub(crate) fn owned(self, seat: u8) -> Location {
        self.field(seat, 3)
    }

    /// A of a slot.
    pub(crate) fn counted(self, slot: u8) -> Location {
        self.field(self.seat_of(slot), 4 + slot % self.cells)
    }

    /// B of a slot.
    pub(crate) fn forwarded(self, slot: u8) -> Location {
        self.field(self.seat_of(slot), 4 + self.cells + slot % self.cells)
    }

    pub(crate) fn content(self, location: Location) -> Content {
        match location {
            WORD => Content::Word,
            LISTED => Content::Listed,
            flag if flag < FLAGS + self.writers => Content::Flag(flag - FLAGS),
            field => {
                let field = field - FLAGS - self.writers;
                let (seat, field) = (field / self.stride(), field % self.stride());
                match field {
                    0 => Content::Busy(seat),
                    1 => Content::Open(seat),
                    2 => Content::Mark(seat),
                    3 => Content::Owned(seat),
                    cell if cell < 4 + self.cells => Content::Counted(self.slot(seat, cell - 4)),
                    cell => Content::Forwarded(self.slot(seat, cell - 4 - self.cells)),
                }
            }
        }
    }

    /// The generation whose stripes hold the location: only the cells are freed, the rest of a seat stays.
    pub(crate) fn stripe_generation(self, location: Location) -> Option<u8> {
        match self.content(location) {
            Content::Counted(slot) | Content::Forwarded(slot) => Some(self.generation_of(self.seat_of(slot))),
            _ => None,
        }
    }

    fn stride(self) -> u8 {
        4 + 2 * self.cells
    }

    fn field(self, seat: u8, field: u8) -> Location {
        FLAGS + self.writers + seat * self.stride() + field
    }
}

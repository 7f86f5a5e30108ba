//! Models of the core for the checker `loom`, which runs each in every order of its threads' steps, and with every value
//! that a load may return by the C++20 memory model.
//!
//! They run the code of this crate but for two steps: with portable fences a store and a `fence(SeqCst)` stand in place of
//! one read-modify-write, since the checker takes sequentially consistent *accesses* for acquiring and releasing ones. Left
//! out are what a thread remembers of its seats (`thread`), what is fetched by way of `ArcSwap` and `DashMap` (which are taken
//! for correct), and asymmetric fences, which no such checker knows: `tests/tso` is their model.
//!
//! ```sh
//! just loom
//! ```

mod hand_over;
mod interning;
mod publishing;
mod reset;
mod scan;
mod world;
mod writing;

//! A soak: everything that can be done to a registry, at once and for long, with every count compared.
//!
//! Threads record in every way there is, others take snapshots and resets, are born and end, flood the registries
//! with labels that nobody has seen, and fork. Each keeps an [`account`] of what it has recorded, apart from the
//! registry. Every cut becomes an [`observation`], and all observations of one registry are entered in a
//! [`ledger`] in the order of the cuts' numbers, where they are checked against the accounts:
//!
//! | rule | broken if |
//! |---|---|
//! | 1, 2 | a total differs from the sum by a label ([`sums`]) |
//! | 3 | a cut lacks a record that had returned before it was asked for, or holds one that had not begun when it was returned |
//! | 4 | of two threads that take turns, the second has more records in a cut than the first, or two fewer |
//! | 5 | a count is lower than at the cut before: totals and accounts always, all labels ([`counts`]) now and then |
//! | 6 | a cut taken while nothing was in progress differs from the accounts by a single record |
//!
//! The checks are functions of what was observed, so that tests show what each of them catches. What is checked
//! since the start includes the windows that have ended: resets hide nothing.
//!
//! Only the public interface of the library is used.

pub mod account;
pub mod activity;
pub mod actor;
pub mod allocator;
pub mod auditor;
pub mod bounds;
pub mod cast;
pub mod child;
pub mod churn;
pub mod control;
pub mod counts;
pub mod documents;
pub mod filler;
pub mod flood;
pub mod forker;
pub mod fullness;
pub mod ledger;
pub mod link;
pub mod memory;
pub mod observation;
pub mod reader;
pub mod report;
pub mod resetter;
pub mod run;
pub mod scene;
pub mod sums;
pub mod taker;
pub mod totals;
pub mod violation;
pub mod writer;

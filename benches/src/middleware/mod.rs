//! What a service pays for counting its requests: the exp worker with one middleware or another, or none, under load from outside.

mod contestant;
mod conversation;
mod instructions;
mod listening;
mod served;
mod service;
mod turn;

pub use contestant::Middleware;
pub use conversation::Conversation;
pub use instructions::of_an_answer;
pub use listening::serve;
pub use served::Served;
pub use turn::{Turn, TurnError};

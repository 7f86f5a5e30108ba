//! The routes: what a service that counts shows of itself.

mod answer;
mod base_path;
mod builder;
mod desk;
mod documents;
mod error;
mod events;
mod facts;
mod guard;
mod handlers;
mod host;
mod live;
mod pace;
mod places;
mod query;
mod recent;
mod refusal;
mod router;
mod sampler;
mod shared;
mod snapshots;
mod source;
mod token;
mod viewer;
mod whole;

pub use builder::RoutesBuilder;
pub use error::RoutesError;
pub use router::Routes;

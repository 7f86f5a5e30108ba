//! A thread of a soak.

use std::fmt::Debug;
use std::sync::Arc;

use super::scene::Scene;

/// Does one thing in a scene until the soak ends.
pub trait Actor: Debug + Send {
    /// What the actor does, in a word.
    fn name(&self) -> &'static str;

    /// Does it until [`Control::go_on`](super::control::Control::go_on) says to end.
    fn run(self: Box<Self>, scene: &Arc<Scene>);
}

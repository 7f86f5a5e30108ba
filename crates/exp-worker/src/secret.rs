//! A value that must not be shown by accident.

use std::fmt;

/// Something secret: its `Debug` text is `[redacted]`, and it has no `Display` and no serialisation of its
/// own.
///
/// The only way to the value is [`expose`](Self::expose), which is easy to search for.
///
/// ```
/// use exp_worker::secret::Secret;
///
/// let secret = Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// assert_eq!(*secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Takes the value into custody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for an answer or a comparison; never for a log, a metric or an error.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

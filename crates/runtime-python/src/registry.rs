//! The process's registry.

use once_cell::race::OnceBox;
use runtime_metrics::Metrics;

use crate::lower_case::lower_case;

/// The registry of the module's functions, with the default limits. Built when the module is imported.
#[inline]
pub(crate) fn global() -> &'static Metrics {
    static GLOBAL: OnceBox<Metrics> = OnceBox::new();
    GLOBAL.get_or_init(build)
}

#[cold]
fn build() -> Box<Metrics> {
    let builder = Metrics::builder().lower_case(lower_case);
    // An unknown value of the environment variable is taken for `portable`, which is safe everywhere, as in the core.
    let built = builder.clone().build().or_else(|_| builder.portable_fences().build());
    #[allow(clippy::expect_used)]
    // the default limits are in range, and who chooses the fences asks no variable
    Box::new(built.expect("a registry with the defaults"))
}

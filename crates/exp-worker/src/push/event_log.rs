//! What the log says of pushes: a few lines for each outage, however long it lasts.

use runtime_exposition::push::PushEvent;

use crate::seconds::Seconds;

/// Says what happened to the pushes to `receiver`, as the page names it.
pub(super) fn log(receiver: &'static str, event: &PushEvent) {
    match event {
        PushEvent::Retrying { address, error, .. } => {
            tracing::warn!(receiver, address = &**address, error, "a push fails; it is tried again");
        }
        PushEvent::Failing { address, error, .. } => {
            tracing::warn!(receiver, address = &**address, error, "pushes fail; they go on");
        }
        PushEvent::Recovered { address, failed, .. } => {
            tracing::info!(receiver, address = &**address, failed, "pushes arrive again");
        }
        PushEvent::Remarked { address, rejected_points, remark, .. } => {
            tracing::warn!(
                receiver,
                address = &**address,
                rejected_points,
                remark,
                "a push arrived, with a remark"
            );
        }
        PushEvent::Abandoned { address, records, how, error, .. } => {
            let how = how.name();
            tracing::warn!(
                receiver,
                address = &**address,
                records,
                how,
                error,
                "an interval is not pushed again"
            );
        }
        PushEvent::LastPushDelayed { address, error, left, .. } => {
            let left = Seconds(*left);
            tracing::warn!(
                receiver,
                address = &**address,
                error,
                "the last push fails; it is tried for up to {left}"
            );
        }
        PushEvent::LastPushFailed { address, error, .. } => {
            tracing::warn!(receiver, address = &**address, error, "the last push did not arrive");
        }
        PushEvent::FarewellFailed { address, error, .. } => {
            tracing::warn!(receiver, address = &**address, error, "the group was not deleted");
        }
        // Better in the words of the library than not at all.
        other => tracing::info!(receiver, event = ?other, "news of the pushes"),
    }
}

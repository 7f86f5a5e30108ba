//! What the log says of pushes: a few lines for each outage, however long it lasts.

use runtime_exposition::push::PushEvent;

use super::receiver::Receiver;

pub(super) fn log(Receiver { name, address, .. }: &Receiver, event: &PushEvent) {
    match event {
        PushEvent::Failing { error, .. } => {
            tracing::warn!(receiver = name, address, error, "pushes fail; they go on");
        }
        PushEvent::Recovered { failed, .. } => {
            tracing::info!(receiver = name, address, failed, "pushes arrive again");
        }
        PushEvent::Remarked { rejected_points, remark, .. } => {
            tracing::warn!(
                receiver = name,
                address,
                rejected_points,
                remark,
                "a push arrived, with a remark"
            );
        }
        // Better in the words of the library than not at all.
        other => tracing::info!(receiver = name, address, event = ?other, "news of the pushes"),
    }
}

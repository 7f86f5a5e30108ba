//! Pushes to a Prometheus Pushgateway.
//!
//! Source: [Pushgateway, "API"](https://github.com/prometheus/pushgateway/blob/v1.5.0/README.md#api).
//!
//! The page of a snapshot in text format 0.0.4, with what the process takes and with how the pushes fared up to then, is sent by `PUT` to `/metrics/job/<job>/instance_id/<id>`, which replaces the group of that job and
//! process life: counts are cumulative, and a page that was sent twice, or in doubt, does no harm. The gateway keeps a group until somebody deletes it; it
//! does not know that a process ended. [`delete_on_shutdown`](PushgatewayConfigBuilder::delete_on_shutdown) deletes it at a clean end.
//!
//! The labels of the group are put on every series, `instance_id` among them: it tells the processes of one service apart where
//! several push, and is not `instance`, which scrapers overwrite.

mod config;
mod grouping;
mod receiver;

pub use config::{PushgatewayConfig, PushgatewayConfigBuilder};

//! The page that a scraper reads.

use runtime_exposition::Exposition;
use runtime_metrics::Snapshot;

use crate::day::Options;
use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::reader::Page;

/// Fails unless the page shows what the snapshot holds, and the texts of the options.
pub(crate) fn check(options: &Options, exposition: &Exposition, snapshot: &Snapshot) {
    let mut text = String::new();
    exposition.prometheus_text(snapshot, &mut text);
    let page = Page::read(&text);
    let family = |stem: &str| page.family(&format!("{}_{stem}", options.namespace));

    let requests = family("http_requests_total");
    assert_eq!(requests.series(), expected_requests(options.request_label, snapshot));
    assert_eq!(requests.sum(), snapshot.requests().total_requests());
    let (callers, served) = (options.caller_labels, snapshot.served_config());
    let deliveries = family("config_deliveries_total");
    assert_eq!(deliveries.series(), expected_deliveries(callers, snapshot));
    assert_eq!(deliveries.sum(), served.responses_total());
    let values = family("config_values_served_total");
    assert_eq!(values.series(), expected_values(callers, snapshot));
    assert_eq!(values.sum(), served.values_total());

    let info = page.only("target_info");
    let build = page.only(&format!("{}_build_info", options.namespace));
    for (shown, text) in [
        (info.label("service_name"), &options.service_name),
        (info.label("service_version"), &options.service_version),
        (build.label("version"), &options.service_version),
        (build.label("revision"), &options.revision),
    ] {
        // What is empty is left out.
        assert_eq!(shown.unwrap_or(""), text);
    }
}

//! The two text formats.

use runtime_exposition::Exposition;
use runtime_metrics::Snapshot;

/// Fails unless both formats have the same samples, but that OpenMetrics says of each counter since when it counts.
pub(crate) fn check(exposition: &Exposition, snapshot: &Snapshot) {
    let (mut plain, mut page) = (String::new(), String::new());
    exposition.prometheus_text(snapshot, &mut plain);
    exposition.openmetrics_text(snapshot, &mut page);
    let body = page.strip_suffix("# EOF\n").expect("the end is marked");
    let mut lines = samples(body);
    for sample in samples(&plain) {
        assert_eq!(lines.next(), Some(sample));
        let name = sample.split(['{', ' ']).next().unwrap();
        if let Some(family) = name.strip_suffix("_total") {
            let created = lines.next().expect("when it was 0");
            let labels = &sample[name.len()..sample.rfind(' ').unwrap()];
            let value = created.strip_prefix(&format!("{family}_created{labels} ")).expect("the same labels");
            assert!(value.parse::<f64>().is_ok(), "{created}");
        }
    }
    assert_eq!(lines.next(), None);
}

fn samples(page: &str) -> impl Iterator<Item = &str> {
    page.split_terminator('\n').filter(|line| !line.starts_with('#'))
}

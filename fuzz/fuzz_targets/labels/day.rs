//! What one input says.

use arbitrary::{Arbitrary, Result, Unstructured};
use runtime_exposition::{CallerLabels, Exposition, ExpositionError, RequestLabel};

use crate::model::Limits;
use crate::text::Text;

/// Records past this are not read: they find nothing that fewer do not.
const MOST_OPERATIONS: usize = 64;

/// Limits, what is recorded under them, and how it is shown.
#[derive(Debug)]
pub(crate) struct Day {
    pub(crate) limits: Limits,
    pub(crate) options: Options,
    pub(crate) operations: Vec<Operation>,
}

#[derive(Debug)]
pub(crate) enum Operation {
    Request(String),
    Delivery { endpoint: String, target: String, names: Vec<String>, caller: String },
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) namespace: String,
    pub(crate) request_label: RequestLabel,
    pub(crate) caller_labels: CallerLabels,
    pub(crate) service_name: String,
    pub(crate) service_version: String,
    pub(crate) revision: String,
    pub(crate) environment: String,
}

impl Options {
    /// None if the namespace is none.
    pub(crate) fn exposition(&self) -> Option<Exposition> {
        let built = Exposition::builder()
            .namespace(self.namespace.as_str())
            .service_name(self.service_name.as_str())
            .service_version(self.service_version.as_str())
            .revision(self.revision.as_str())
            .request_label(self.request_label)
            .caller_labels(self.caller_labels)
            .build();
        match built {
            Ok(exposition) => {
                assert!(is_namespace(&self.namespace), "{:?}", self.namespace);
                Some(exposition)
            }
            Err(ExpositionError::Namespace(error)) => {
                assert!(!is_namespace(&self.namespace), "{error}");
                None
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
fn is_namespace(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl<'a> Arbitrary<'a> for Day {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let limits = Limits {
            request_series: u.int_in_range(1..=12)?,
            delivery_series: u.int_in_range(1..=12)?,
            label_bytes: if u.ratio(1, 2)? { 1_024 } else { u.int_in_range(1..=80)? },
        };
        let options = u.arbitrary()?;
        let mut operations = Vec::new();
        while !u.is_empty() && operations.len() < MOST_OPERATIONS {
            operations.push(u.arbitrary()?);
        }
        Ok(Self { limits, options, operations })
    }
}

impl<'a> Arbitrary<'a> for Options {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = || u.arbitrary().map(|Text(text)| text);
        let (service_name, service_version, revision, environment) = (text()?, text()?, text()?, text()?);
        Ok(Self {
            namespace: if u.ratio(7, 8)? { "exp".to_owned() } else { u.arbitrary::<Text>()?.0 },
            request_label: *u.choose(&[RequestLabel::Route, RequestLabel::Path])?,
            caller_labels: *u.choose(&[CallerLabels::Shown, CallerLabels::Hashed, CallerLabels::Dropped])?,
            service_name,
            service_version,
            revision,
            environment,
        })
    }
}

impl<'a> Arbitrary<'a> for Operation {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let Text(label) = u.arbitrary()?;
        if u.arbitrary()? {
            return Ok(Self::Request(label));
        }
        let count = u.int_in_range(0..=4)?;
        Ok(Self::Delivery {
            endpoint: label,
            target: u.arbitrary::<Text>()?.0,
            names: (0..count).map(|_| u.arbitrary().map(|Text(name)| name)).collect::<Result<_>>()?,
            caller: u.arbitrary::<Text>()?.0,
        })
    }
}

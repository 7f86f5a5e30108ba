//! What the environment says about the service.

use crate::error::PairsError;
use crate::pairs;
use crate::service::configured;

const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";

/// Attributes of the service's resource, as whoever runs it sets them by OpenTelemetry's variables `OTEL_RESOURCE_ATTRIBUTES` and
/// `OTEL_SERVICE_NAME`: for [`ExpositionBuilder::resource_variables`](crate::ExpositionBuilder::resource_variables), so that every page and every push names the same
/// service.
///
/// Source: OpenTelemetry specification, "Resource SDK" and "SDK environment variables": `OTEL_SERVICE_NAME` goes before a `service.name` of the other; a variable
/// that is empty counts as not set.
///
/// ```
/// use runtime_exposition::{Exposition, ResourceVariables};
///
/// let exposition = Exposition::builder().service_name("exp").resource_variables(ResourceVariables::from_env()?).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceVariables(Vec<(Box<str>, Box<str>)>);

impl ResourceVariables {
    /// Reads the variables of this process.
    ///
    /// # Errors
    ///
    /// [`PairsError`] when one of them cannot be read; it names the variable and quotes no value.
    pub fn from_env() -> Result<Self, PairsError> {
        Self::from_variables(&|name| std::env::var_os(name).map(|text| text.to_string_lossy().into_owned()))
    }

    /// Reads the variables, looked up by a function.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_variables(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, PairsError> {
        let list = lookup(ATTRIBUTES).unwrap_or_default();
        let mut attributes = pairs::parse(ATTRIBUTES, &list)?;
        let name = lookup(SERVICE_NAME).unwrap_or_default();
        attributes.push(("service.name".to_owned(), name.trim().to_owned()));
        let given =
            attributes.into_iter().filter_map(|(key, value)| Some((configured(key)?, configured(value)?)));
        Ok(Self(given.collect()))
    }

    pub(crate) fn into_attributes(self) -> Vec<(Box<str>, Box<str>)> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &str, name: &str) -> Result<Vec<(String, String)>, PairsError> {
        let lookup = |variable: &str| match variable {
            ATTRIBUTES => Some(attributes.to_owned()),
            SERVICE_NAME => Some(name.to_owned()),
            _ => None,
        };
        let read = ResourceVariables::from_variables(&lookup)?.into_attributes();
        Ok(read.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    #[test]
    fn the_name_of_its_own_variable_comes_last_and_empty_values_do_not_come() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read("service.name=a,team=a%2Cb,empty=", " shop ").unwrap(),
            [pair("service.name", "a"), pair("team", "a,b"), pair("service.name", "shop")]
        );
        assert_eq!(read("", " ").unwrap(), []);
        assert_eq!(ResourceVariables::from_variables(&|_| None).unwrap(), ResourceVariables::default());
    }

    #[test]
    fn what_cannot_be_read_names_the_variable_and_is_not_quoted() {
        let message = read("s3cret", "").unwrap_err().to_string();
        assert!(
            message.starts_with("OTEL_RESOURCE_ATTRIBUTES has at its entry 1 no `=`; remedy: "),
            "{message}"
        );
    }
}

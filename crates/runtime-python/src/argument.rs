//! Arguments that are texts, and what is raised for those that are not.

use std::borrow::Cow;

use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::text::utf8;

/// An argument, as error messages name it.
#[derive(Clone, Copy)]
pub(crate) struct Argument {
    pub(crate) function: &'static str,
    pub(crate) name: &'static str,
}

impl Argument {
    /// The text that was given for a path, which the seed counts as it is.
    #[inline]
    pub(crate) fn path<'a>(self, given: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, str>> {
        match given.cast::<PyString>() {
            Ok(text) => utf8(text),
            Err(_) => Err(self.type_error("str", given)),
        }
    }

    /// The text that was given for a label, whose `strip` the seed calls.
    #[inline]
    pub(crate) fn label<'a>(self, given: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, str>> {
        match given.cast::<PyString>() {
            Ok(text) => utf8(text),
            Err(_) => Err(self.no_label(given)),
        }
    }

    /// What is raised for something else than was `wanted`.
    #[cold]
    pub(crate) fn type_error(self, wanted: &str, given: &Bound<'_, PyAny>) -> PyErr {
        PyTypeError::new_err(self.message(wanted, given))
    }

    #[cold]
    fn no_label(self, given: &Bound<'_, PyAny>) -> PyErr {
        match given.hasattr("strip") {
            Ok(false) => PyAttributeError::new_err(self.message("str", given)),
            Ok(true) => self.type_error("str", given),
            Err(raised) => raised,
        }
    }

    fn message(self, wanted: &str, given: &Bound<'_, PyAny>) -> String {
        let Self { function, name } = self;
        let kind = given.get_type();
        let kind = kind
            .name()
            .map_or(Cow::Borrowed("another type"), |name| name.to_string_lossy().into_owned().into());
        format!("{function}() argument '{name}' must be {wanted}, not {kind}")
    }
}

//! The config names of a delivery.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use smallvec::SmallVec;

use crate::argument::Argument;
use crate::text::utf8;

/// As many names need no allocation.
const FEW: usize = 32;

/// Names, kept alive: another thread may change the list that they came in.
type Held<'py> = SmallVec<[Bound<'py, PyString>; FEW]>;

/// The same in UTF-8.
type Texts<'a> = SmallVec<[&'a str; FEW]>;

/// Gives `record` the names that an object holds: one that has a length and can be iterated over, as the seed asks for.
///
/// Lists and tuples are read directly. Any other object, a subclass of these included, is asked, which runs its code.
#[inline]
pub(crate) fn with_names<T>(
    argument: Argument,
    given: &Bound<'_, PyAny>,
    record: impl FnOnce(&[&str]) -> T,
) -> PyResult<T> {
    if let Ok(tuple) = given.cast_exact::<PyTuple>()
        && let Some(texts) = texts_of_tuple(tuple)
    {
        return Ok(record(&texts));
    }
    let names = held(argument, given)?;
    if let Some(texts) = texts(&names) {
        return Ok(record(&texts));
    }
    let texts = names.iter().map(utf8).collect::<PyResult<Vec<_>>>()?;
    let texts: Texts<'_> = texts.iter().map(|text| &**text).collect();
    Ok(record(&texts))
}

/// `None` if some item is no text, or has no form in UTF-8.
#[inline]
fn texts_of_tuple<'a>(tuple: &'a Bound<'_, PyTuple>) -> Option<Texts<'a>> {
    let mut texts = Texts::new();
    texts.extend(tuple.iter_borrowed().map_while(|item| <&str>::extract(item).ok()));
    (texts.len() == tuple.len()).then_some(texts)
}

/// `None` if some text has no form in UTF-8.
#[inline]
fn texts<'a>(names: &'a [Bound<'_, PyString>]) -> Option<Texts<'a>> {
    let mut texts = Texts::new();
    texts.extend(names.iter().map_while(|name| name.to_str().ok()));
    (texts.len() == names.len()).then_some(texts)
}

#[inline]
fn held<'py>(argument: Argument, given: &Bound<'py, PyAny>) -> PyResult<Held<'py>> {
    let mut names = Held::new();
    if let Ok(list) = given.cast_exact::<PyList>() {
        let mut wrong = None;
        // Nothing else is written in the loop: it is most of what a delivery costs here. The list's own iterator would ask for the length at each item.
        let items = (0..list.len()).map_while(|place| list.get_item(place).ok());
        names.extend(items.map_while(|item| item.cast_into().map_err(|item| wrong = Some(item)).ok()));
        return match wrong {
            Some(item) => Err(no_text(argument, &item.into_inner())),
            None => Ok(names),
        };
    }
    if let Err(raised) = given.len() {
        let py = given.py();
        if !raised.is_instance_of::<PyTypeError>(py) {
            return Err(raised);
        }
        let error = argument.type_error("a sequence of str", given);
        error.set_cause(py, Some(raised));
        return Err(error);
    }
    for item in given.try_iter()? {
        names.push(item?.cast_into().map_err(|item| no_text(argument, &item.into_inner()))?);
    }
    Ok(names)
}

#[cold]
fn no_text(argument: Argument, item: &Bound<'_, PyAny>) -> PyErr {
    argument.type_error("a sequence of str, and every item of it str", item)
}

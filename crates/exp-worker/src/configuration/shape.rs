//! The configuration file as serde sees it.
//!
//! Rules that serde's derives do not know (names, duplicates) are checked while parsing, so that serde_json
//! adds line and column. Their messages begin with [`OWN_MESSAGE`] and are the only ones that are passed on
//! word by word: serde's own texts quote the offending value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{Configuration, KeyList, Target};
use crate::name::{NAME_PATTERN, Name};
use crate::secret::Secret;

/// What the messages of this module begin with; cause and remedy follow, parted by [`REMEDY`].
pub(super) const OWN_MESSAGE: &str = "exp-worker: ";
/// Parts the cause from the remedy in a message of this module.
pub(super) const REMEDY: &str = "; remedy: ";

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileShape {
    targets: NameMap<Object<TargetShape>>,
    values: NameMap<Secret<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TargetShape {
    #[serde(default)]
    build_time: DocumentShape,
    #[serde(default)]
    run_time: DocumentShape,
    #[serde(default)]
    feature_flags: NameMap<bool>,
}

#[derive(Default, serde::Deserialize)]
#[serde(try_from = "Object<ListsShape>")]
struct DocumentShape(KeyList);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ListsShape {
    #[serde(default)]
    required: Vec<Name>,
    #[serde(default)]
    optional: Vec<Name>,
}

impl From<FileShape> for Configuration {
    fn from(file: FileShape) -> Self {
        let targets = file.targets.0.into_iter().map(|(name, Object(shape))| (name, shape.into())).collect();
        Self { targets, values: file.values.0 }
    }
}

impl From<TargetShape> for Target {
    fn from(shape: TargetShape) -> Self {
        Self {
            build_time: shape.build_time.0,
            run_time: shape.run_time.0,
            feature_flags: shape.feature_flags.0,
        }
    }
}

impl TryFrom<Object<ListsShape>> for DocumentShape {
    type Error = String;

    fn try_from(Object(shape): Object<ListsShape>) -> Result<Self, String> {
        let mut met = BTreeSet::new();
        for name in shape.required.iter().chain(&shape.optional) {
            if !met.insert(name) {
                return Err(own_message(
                    &format!("the document that ends here lists the key {name} twice"),
                    "list each key once, as required or as optional",
                ));
            }
        }
        Ok(Self(KeyList { required: shape.required, optional: shape.optional }))
    }
}

/// A struct that is written as an object. (serde's derive takes a list of its fields as well.)
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(access)).map(Object)
    }
}

/// An object whose keys are names, each of them once.
struct NameMap<V>(BTreeMap<Name, V>);

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for NameMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NameMapVisitor(PhantomData))
    }
}

struct NameMapVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for NameMapVisitor<V> {
    type Value = NameMap<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(name) = access.next_key::<Name>()? {
            if map.contains_key(name.as_str()) {
                return Err(A::Error::custom(own_message(
                    &format!("the name {name} is there twice in one object"),
                    "keep one of the two",
                )));
            }
            map.insert(name, access.next_value()?);
        }
        Ok(NameMap(map))
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
                Name::parse(text).map_err(|_| {
                    E::custom(own_message(
                        "a name here is not allowed",
                        &format!("give it 1 to 64 characters that match {NAME_PATTERN}"),
                    ))
                })
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de> Deserialize<'de> for Secret<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

fn own_message(cause: &str, remedy: &str) -> String {
    format!("{OWN_MESSAGE}{cause}{REMEDY}{remedy}")
}

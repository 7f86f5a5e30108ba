//! Where a configuration comes from.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Configuration, LoadError};
use crate::one_line::OneLine;

/// The most bytes that a configuration file may have.
pub const MAX_FILE_BYTES: u64 = 4 * 1_024 * 1_024;

/// The text of the compiled-in sample: a configuration file to begin with.
pub const SAMPLE: &str = include_str!("../sample.json");

/// Where a worker's configuration comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A JSON file, read again at every load.
    File(PathBuf),
    /// The sample that is compiled in: targets `api` and `website`, no real secret.
    Sample,
}

impl Source {
    /// The file, or the sample when none is named.
    pub fn from_option(file: Option<PathBuf>) -> Self {
        file.map_or(Self::Sample, Self::File)
    }

    /// Reads and checks the configuration. Blocks on the file system.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which names the file, the line, the cause and the remedy; never a value.
    pub fn load(&self) -> Result<Configuration, LoadError> {
        match self {
            Self::File(path) => {
                let text = read(path)?;
                Configuration::parse(&text).map_err(|error| LoadError::Faulty { path: path.clone(), error })
            }
            Self::Sample => Configuration::parse(SAMPLE.as_bytes())
                .map_err(|error| LoadError::Faulty { path: PathBuf::from("(compiled-in sample)"), error }),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => OneLine(path).fmt(f),
            Self::Sample => f.write_str("compiled-in sample"),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let unreadable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => LoadError::Missing { path: path.to_owned() },
        _ => LoadError::Unreadable { path: path.to_owned(), source },
    };
    // Looked at before it is opened: opening a pipe without a writer never returns.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(LoadError::NotAFile { path: path.to_owned() });
    }
    let mut text = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(LoadError::TooLarge { path: path.to_owned(), limit: MAX_FILE_BYTES });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentKind;

    #[test]
    fn the_sample_is_sound_and_every_document_of_it_is_complete() {
        let sample = Source::Sample.load().unwrap();
        let names: Vec<&str> = sample.targets().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["api", "website"]);
        assert!((18..=24).contains(&sample.key_count()), "{}", sample.key_count());
        for (_, target) in sample.targets() {
            assert!(!target.feature_flags().is_empty());
            for kind in DocumentKind::ALL {
                assert!(!target.keys(kind).required().is_empty());
                assert!(target.keys(kind).required().iter().all(|key| sample.value(key.as_str()).is_some()));
            }
        }
    }

    #[test]
    fn a_directory_a_missing_file_and_a_device_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for (path, cause) in [
            (folder.path().to_owned(), "not a regular file"),
            (folder.path().join("nothing-here.json"), "there is no such file"),
            (PathBuf::from("/dev/zero"), "not a regular file"),
        ] {
            let message = Source::File(path.clone()).load().unwrap_err().to_string();
            assert!(message.contains(path.to_str().unwrap()), "{message}");
            assert!(message.contains(cause) && message.contains("remedy: "), "{message}");
        }
    }

    #[test]
    fn a_file_over_the_size_limit_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(MAX_FILE_BYTES + 1).unwrap();
        let error = Source::File(file.path().to_owned()).load().unwrap_err();
        assert!(matches!(error, LoadError::TooLarge { limit: MAX_FILE_BYTES, .. }), "{error}");
    }
}

//! An HTTP answer, read to its last byte.

use std::io::{BufRead, Read};

use flate2::read::GzDecoder;
use serde_json::Value;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// As it was before it was compressed.
    pub(crate) body: String,
}

impl Answer {
    /// Reads one answer; `has_body` is false after HEAD.
    pub(crate) fn read(from: &mut impl BufRead, has_body: bool) -> std::io::Result<Self> {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| {
            std::io::Error::new(std::io::ErrorKind::UnexpectedEof, format!("no answer: {line:?}"))
        })?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            from.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Self { status, headers, body: String::new() };
        if has_body {
            let sent = answer.read_body(from)?;
            let body = match answer.header("content-encoding") {
                Some("gzip") => read_all(GzDecoder::new(&*sent))?,
                Some("zstd") => read_all(zstd::Decoder::new(&*sent)?)?,
                Some(other) => panic!("{other}"),
                None => sent,
            };
            answer.body = String::from_utf8(body).expect("answers are UTF-8");
        }
        Ok(answer)
    }

    fn read_body(&self, from: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if let Some(length) = self.header("content-length") {
            body.resize(length.parse().expect("a length"), 0);
            from.read_exact(&mut body)?;
        } else if self.header("transfer-encoding") == Some("chunked") {
            loop {
                let mut size = String::new();
                from.read_line(&mut size)?;
                let size = usize::from_str_radix(size.trim_end(), 16).expect("the size of a chunk");
                let mut chunk = vec![0; size + 2];
                from.read_exact(&mut chunk)?;
                body.extend_from_slice(&chunk[..size]);
                if size == 0 {
                    break;
                }
            }
        }
        Ok(body)
    }

    /// The only header of this name; panics when it is there twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let first = found.next();
        assert!(found.next().is_none(), "{name} is there twice: {self:?}");
        first
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The text of `{"error": "…"}`, which must be all there is.
    pub(crate) fn error(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        let json = self.json();
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "{self:?}");
        json["error"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

fn read_all(mut from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    from.read_to_end(&mut all)?;
    Ok(all)
}

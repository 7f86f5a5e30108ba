//! An HTTP answer, read to its last byte.

use std::io::BufRead;

use serde_json::Value;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
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
        if has_body && let Some(length) = answer.header("content-length") {
            let mut body = vec![0; length.parse().expect("a length")];
            from.read_exact(&mut body)?;
            answer.body = String::from_utf8(body).expect("answers are UTF-8");
        }
        Ok(answer)
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

//! Server-sent events, cut out of bytes that arrive in pieces. Source: HTML Living Standard, section 9.2.6.

/// One event. What it is called is empty where nothing was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

/// An event that is longer than is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {most} bytes, which is the most that is read")]
pub(crate) struct TooLong {
    pub(crate) most: usize,
}

/// What came of a stream so far.
#[derive(Debug)]
pub(crate) struct EventText {
    /// Bytes of an event: line in progress, name and data together.
    most: usize,
    line: Vec<u8>,
    name: Vec<u8>,
    data: Option<Vec<u8>>,
    /// A line ended with CR: an LF that comes next belongs to it.
    after_return: bool,
    is_first_line: bool,
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl EventText {
    /// Keeps at most so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            line: Vec::new(),
            name: Vec::new(),
            data: None,
            after_return: false,
            is_first_line: true,
        }
    }

    /// Takes a piece, and returns the events that it completes.
    pub(crate) fn push(&mut self, mut piece: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        while let Some(&first) = piece.first() {
            if std::mem::take(&mut self.after_return) && first == b'\n' {
                piece = &piece[1..];
                continue;
            }
            let end = piece.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            self.keep(&piece[..end.unwrap_or(piece.len())])?;
            let Some(end) = end else { break };
            self.after_return = piece[end] == b'\r';
            piece = &piece[end + 1..];
            events.extend(self.end_line());
        }
        Ok(events)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let kept = self.line.len() + self.name.len() + self.data.as_ref().map_or(0, Vec::len);
        if bytes.len() > self.most.saturating_sub(kept) {
            return Err(TooLong { most: self.most });
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if self.is_first_line => rest,
            _ => &line,
        };
        self.is_first_line = false;
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Event { name, data });
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match (field, &mut self.data) {
            (b"data", Some(data)) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            (b"data", data @ None) => *data = Some(value.to_vec()),
            (b"event", _) => self.name = value.to_vec(),
            // A comment, or nothing that is needed here.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.into(), data: data.into() }
    }

    const TEXT: &str = "\u{feff}retry: 2000\n\n: comment\nid: a.7\nevent: snapshot\ndata: {\"é\":1}\n\n:\n\n\
        data:one\r\ndata:  two\r\n\r\ndata\rdata\r\rother: x\nevent\ndata: last\n\ndata: never ended\n";

    fn expected() -> Vec<Event> {
        vec![event("snapshot", "{\"é\":1}"), event("", "one\n two"), event("", "\n"), event("", "last")]
    }

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_parted() {
        let bytes = TEXT.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut text = EventText::new(1_000);
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                let events: Vec<_> = pieces.iter().flat_map(|piece| text.push(piece).unwrap()).collect();
                assert_eq!(events, expected(), "parted at {first} and {second}");
            }
        }
        let mut text = EventText::new(1_000);
        let events: Vec<_> = bytes.iter().flat_map(|byte| text.push(&[*byte]).unwrap()).collect();
        assert_eq!(events, expected());
    }

    #[test]
    fn an_event_without_end_is_refused_at_the_limit_in_whatever_lines_it_comes() {
        assert_eq!(EventText::new(8).push(b"data: 123"), Err(TooLong { most: 8 }));
        assert_eq!(EventText::new(9).push(b"data: 123"), Ok(vec![]));
        for endless in [&b"data: 1\n"[..], b":", b"event:xxxxxxxxxxxxxxxxx"] {
            let mut text = EventText::new(100);
            assert!((0..101).any(|_| text.push(endless).is_err()), "{endless:?}");
        }
    }

    #[test]
    fn many_short_events_are_no_long_one() {
        let mut text = EventText::new(16);
        for _ in 0..1_000 {
            assert_eq!(text.push(b"data: 1\n\n").unwrap(), [event("", "1")]);
        }
    }
}

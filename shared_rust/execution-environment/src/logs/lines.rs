//! Bytes into lines.

/// Longer lines are split: CloudWatch Logs takes no event above 256 KiB.
pub const MAX_LINE: usize = 256 * 1024;

#[derive(Default)]
pub struct Lines {
    /// The beginning of a line whose end has not come yet; shorter than [`MAX_LINE`].
    partial: Vec<u8>,
}

impl Lines {
    /// Gives each complete line to `report`, without its end; bytes that are not UTF-8 are replaced.
    pub fn push(&mut self, mut bytes: &[u8], report: &mut impl FnMut(&str)) {
        while !bytes.is_empty() {
            let room = MAX_LINE - self.partial.len();
            let window = &bytes[..bytes.len().min(room)];
            match window.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    self.partial.extend_from_slice(&window[..end]);
                    bytes = &bytes[end + 1..];
                    self.emit(report);
                }
                None => {
                    self.partial.extend_from_slice(window);
                    bytes = &bytes[window.len()..];
                    if self.partial.len() == MAX_LINE {
                        self.emit(report);
                    }
                }
            }
        }
    }

    /// Gives what is left to `report` as if its line had ended.
    pub fn flush(&mut self, report: &mut impl FnMut(&str)) {
        if !self.partial.is_empty() {
            self.emit(report);
        }
    }

    fn emit(&mut self, report: &mut impl FnMut(&str)) {
        let line = self.partial.strip_suffix(b"\r").unwrap_or(&self.partial);
        report(&String::from_utf8_lossy(line));
        self.partial.clear();
        // One long line must not hold its memory for good.
        self.partial.shrink_to(4096);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut all = Vec::new();
        for piece in pieces {
            lines.push(piece, &mut |line| all.push(line.to_owned()));
        }
        lines.flush(&mut |line| all.push(line.to_owned()));
        all
    }

    #[test]
    fn lines_are_put_together_from_pieces() {
        assert_eq!(split(&[b"a", b"b\nc\r\n\n", b"d"]), ["ab", "c", "", "d"]);
    }

    #[test]
    fn a_long_line_is_split_and_loses_nothing() {
        let long = vec![b'x'; MAX_LINE * 2 + 3];
        let lines = split(&[&long, b"\nend\n"]);
        assert_eq!(
            lines.iter().map(String::len).collect::<Vec<_>>(),
            [MAX_LINE, MAX_LINE, 3, 3]
        );
    }

    #[test]
    fn bytes_that_are_no_text_do_not_stop_it() {
        assert_eq!(split(&[b"\xff\xfe\n"]), ["\u{fffd}\u{fffd}"]);
    }
}

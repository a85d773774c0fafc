//! Bodies of HTTP/1.1 that come in chunks (RFC 9112, section 7.1), for clients that do as little as possible.

use anyhow::{Context as _, Result, ensure};

/// Reads the chunks of one body as it grows.
#[derive(Debug, Default)]
pub struct Chunks {
    /// How much of the body is read.
    at: usize,
    /// The content so far.
    pub content: Vec<u8>,
}

impl Chunks {
    /// Reads on in the body, which is everything that came so far. Answers whether it is complete: its last chunk is
    /// empty, and an empty line ends what may follow it.
    ///
    /// # Errors
    /// When this is no body in chunks.
    pub fn read(&mut self, body: &[u8]) -> Result<bool> {
        loop {
            let rest = &body[self.at..];
            let Some(line) = rest.windows(2).position(|two| two == b"\r\n") else { return Ok(false) };
            let size = size(&rest[..line])?;
            let content = line + 2;
            if size == 0 {
                // Fields may follow the last chunk; then comes an empty line. The line's own end counts where none do.
                return Ok(rest[line..].windows(4).any(|four| four == b"\r\n\r\n"));
            }
            let Some(end) = rest.get(content + size..content + size + 2) else { return Ok(false) };
            ensure!(end == b"\r\n", "a chunk is longer than it says");
            self.content.extend_from_slice(&rest[content..content + size]);
            self.at += content + size + 2;
        }
    }
}

/// The size in a chunk's first line; what follows a semicolon says nothing about it.
fn size(line: &[u8]) -> Result<usize> {
    let line = std::str::from_utf8(line)?;
    let size = line.split(';').next().unwrap_or_default().trim();
    usize::from_str_radix(size, 16).with_context(|| format!("{size:?} is no size of a chunk"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a body that comes byte by byte; answers its content and after how many bytes it was complete.
    fn read(body: &[u8]) -> (Vec<u8>, Option<usize>) {
        let mut chunks = Chunks::default();
        let complete = (0..=body.len()).find(|came| chunks.read(&body[..*came]).expect("chunks"));
        (chunks.content, complete)
    }

    #[test]
    fn a_body_ends_with_its_empty_chunk_and_not_with_bytes_that_look_like_it() {
        let inside = b"c\r\nx0\r\n\r\ny0\r\n\r\n\r\n3;name=value\r\nend\r\n0\r\n\r\n";
        assert!(inside[..15].ends_with(b"0\r\n\r\n"), "content that ends as a body does");
        assert_eq!(read(inside), (b"x0\r\n\r\ny0\r\n\r\nend".to_vec(), Some(inside.len())));
        // A size that ends with 0, and a chunk whose content is one line end.
        let tens = b"10\r\n0123456789abcdef\r\n2\r\n\r\n\r\n0\r\n\r\n";
        assert_eq!(read(tens), (b"0123456789abcdef\r\n".to_vec(), Some(tens.len())));
        assert_eq!(read(b"0\r\n\r\n"), (vec![], Some(5)));
        assert_eq!(read(b"0\r\nserver-timing: a\r\n\r\n"), (vec![], Some(23)));
        assert_eq!(read(b"0\r\n").1, None);
        assert_eq!(read(b"5\r\nabc").1, None);
    }

    #[test]
    fn what_is_no_body_in_chunks_is_an_error() {
        for wrong in [&b"x\r\nabc"[..], b"\r\n\r\n", b"2\r\nabcd\r\n", b"-1\r\n"] {
            assert!(Chunks::default().read(wrong).is_err(), "{wrong:?}");
        }
    }
}

//! Bodies that are sent while they are made.

use std::{
    fs::File,
    future::Future,
    io::{self, Read as _},
};

use axum::body::{Body, Bytes};
use futures_util::stream;

use super::{Cell, Csv};
use crate::error::Error;

/// How much of a file is read at once.
const PIECE: usize = 64 * 1024;

/// A CSV file: what `csv` holds, the first rows, then every batch as the reader takes it. An error in the middle breaks
/// the download off, so that nobody takes half a table for a whole one.
pub(super) fn csv<N, F>(mut csv: Csv, first: Vec<Vec<Cell>>, next: N) -> Body
where
    N: FnMut() -> F + Send + 'static,
    F: Future<Output = Result<Vec<Vec<Cell>>, Error>> + Send + 'static,
{
    let is_more = !first.is_empty();
    csv.rows(&first);
    let state = (csv, next, is_more, true);
    Body::from_stream(stream::try_unfold(state, async |(mut csv, mut next, is_more, is_first)| {
        if is_first {
            let piece = Bytes::from(csv.take());
            return Ok(Some((piece, (csv, next, is_more, false))));
        }
        if !is_more {
            return Ok(None);
        }
        let rows = next().await.map_err(|error| {
            tracing::error!(error = %error, "a download broke off");
            io::Error::other("the rows cannot be read")
        })?;
        if rows.is_empty() {
            return Ok::<_, io::Error>(None);
        }
        csv.rows(&rows);
        let piece = Bytes::from(csv.take());
        Ok(Some((piece, (csv, next, true, false))))
    }))
}

/// A file from where it stands.
pub(super) fn file(file: File) -> Body {
    Body::from_stream(stream::try_unfold(file, async |mut file| {
        // A local temporary file that was just written is in memory: reading it does not wait.
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece)?;
        piece.truncate(read);
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
    }))
}

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
pub(super) fn csv<S, N, F>(mut csv: Csv, (first, then): (Vec<Vec<Cell>>, S), next: N) -> Body
where
    S: Send + 'static,
    N: FnMut(S) -> F + Send + 'static,
    F: Future<Output = Result<(Vec<Vec<Cell>>, S), Error>> + Send + 'static,
{
    let from = (!first.is_empty()).then_some(then);
    csv.rows(&first);
    Body::from_stream(stream::try_unfold((csv, next, from), async |(mut csv, mut next, from)| {
        // What was read with the last step goes out first; then the next rows are read.
        let ready = csv.take();
        if !ready.is_empty() {
            return Ok(Some((Bytes::from(ready), (csv, next, from))));
        }
        let Some(from) = from else { return Ok(None) };
        let (rows, then) = next(from).await.map_err(|error| {
            tracing::error!(error = %error, "a download broke off");
            io::Error::other("the rows cannot be read")
        })?;
        if rows.is_empty() {
            return Ok::<_, io::Error>(None);
        }
        csv.rows(&rows);
        let piece = Bytes::from(csv.take());
        Ok(Some((piece, (csv, next, Some(then)))))
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

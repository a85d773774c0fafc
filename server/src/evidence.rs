//! The folder in which evidence files lie, under random names: nothing in it is served by its path, and no name that
//! somebody sent is ever part of one.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration as Wait,
};

use axum::{
    body::Body,
    extract::multipart::{Field, MultipartError},
    http::StatusCode,
};
use futures_util::stream;
use model::evidence::{HEAD, LARGEST, Media};
use time::{Duration, OffsetDateTime};
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::watch,
};

use crate::{
    clock,
    error::Error,
    http::hex,
    store::{Result, Store},
};

/// A file without a row is an upload that broke off, or one whose row is gone; younger ones may still get their row.
const LEFT_BEHIND: Duration = Duration::hours(1);
/// How often such files are looked for.
const LOOK: Wait = Wait::from_secs(60 * 60);
/// How much of a file is in memory when it is sent.
const PIECE: usize = 64 * 1024;

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than [`LARGEST`].
    TooLarge,
    /// By its content neither PDF, PNG nor JPEG.
    Kind,
    /// There is nothing in it.
    Empty,
}

/// A file that was written and has no row yet. It is removed when this is dropped, unless it is [kept](Self::keep).
#[derive(Debug)]
pub struct Taken {
    path: PathBuf,
    kept: bool,
    /// The random name.
    pub file: String,
    /// What it is.
    pub media: Media,
    /// Its size.
    pub bytes: u64,
}

impl Taken {
    /// Its row is stored: it stays.
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if !self.kept {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

impl Folder {
    /// The folder at this path; it is made when the first file comes.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Writes a file as it arrives, looks at what it is, and stops at the limit. What was refused is read to its end,
    /// so that a browser comes to see why.
    ///
    /// # Errors
    /// When the upload breaks off or the disk fails; nothing is left then.
    pub async fn receive(
        &self,
        field: &mut Field<'_>,
    ) -> std::result::Result<std::result::Result<Taken, Refused>, Error> {
        let mut head: Vec<u8> = Vec::with_capacity(HEAD);
        let mut open: Option<(Taken, File)> = None;
        while let Some(chunk) = piece(field).await? {
            let Some(chunk) = chunk else { return Ok(Err(Refused::TooLarge)) };
            let mut rest = &chunk[..];
            if open.is_none() {
                head.extend_from_slice(rest);
                if head.len() < HEAD {
                    continue;
                }
                let Some(media) = Media::of(&head) else { return refuse(field, Refused::Kind).await };
                open = Some(self.create(media).await?);
                rest = &head;
            }
            let Some((taken, file)) = &mut open else { continue };
            taken.bytes += rest.len() as u64;
            if taken.bytes > LARGEST {
                drop(open);
                return refuse(field, Refused::TooLarge).await;
            }
            file.write_all(rest).await.map_err(anyhow::Error::from)?;
        }
        let Some((taken, mut file)) = open else {
            return Ok(Err(if head.is_empty() { Refused::Empty } else { Refused::Kind }));
        };
        file.flush().await.map_err(anyhow::Error::from)?;
        file.sync_all().await.map_err(anyhow::Error::from)?;
        // The name must be as durable as the content before a row tells of it.
        File::open(&self.0).await.map_err(anyhow::Error::from)?.sync_all().await.map_err(anyhow::Error::from)?;
        Ok(Ok(taken))
    }

    async fn create(&self, media: Media) -> std::result::Result<(Taken, File), Error> {
        fs::create_dir_all(&self.0).await.map_err(anyhow::Error::from)?;
        let name = hex(&clock::secret::<32>());
        let path = self.0.join(&name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(anyhow::Error::from)?;
        Ok((Taken { path, kept: false, file: name, media, bytes: 0 }, file))
    }

    /// The content of a file, in pieces.
    ///
    /// # Errors
    /// When there is no such file.
    pub async fn open(&self, file: &str) -> io::Result<Body> {
        let file = File::open(self.0.join(file)).await?;
        let pieces = stream::try_unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            Ok::<_, io::Error>((read > 0).then_some((piece, file)))
        });
        Ok(Body::from_stream(pieces))
    }

    /// Removes a file whose row is gone. When it cannot be removed now, [`Self::sweep`] does it later.
    pub async fn remove(&self, file: &str) {
        if let Err(error) = fs::remove_file(self.0.join(file)).await {
            tracing::warn!(%error, "an evidence file cannot be removed");
        }
    }

    /// Removes files that no row tells of and that are older than an hour; answers how many.
    ///
    /// # Errors
    /// When the database fails. What cannot be read or removed in the folder is left for the next time.
    pub async fn sweep(&self, store: &Store, now: OffsetDateTime) -> Result<usize> {
        let mut gone = 0;
        let Ok(mut entries) = fs::read_dir(&self.0).await else { return Ok(0) };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let written = match entry.metadata().await.and_then(|file| file.modified()) {
                Ok(written) => OffsetDateTime::from(written),
                Err(_) => continue,
            };
            let Ok(name) = entry.file_name().into_string() else { continue };
            let is_ours = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_ours && now - written > LEFT_BEHIND && !store.is_evidence(&name).await? {
                gone += usize::from(fs::remove_file(entry.path()).await.is_ok());
            }
        }
        Ok(gone)
    }

    /// Sweeps now and every hour, until `stop` changes or its sender is gone.
    pub async fn keep_tidy(self, store: Store, mut stop: watch::Receiver<()>) {
        loop {
            match self.sweep(&store, clock::now()).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "evidence files without a row were removed"),
                Err(error) => tracing::error!(%error, "the folder of evidence cannot be tidied"),
            }
            tokio::select! {
                _ = stop.changed() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}

/// The next piece of a field; the inner none: the body is larger than its route takes.
async fn piece(field: &mut Field<'_>) -> std::result::Result<Option<Option<Vec<u8>>>, Error> {
    let is_too_large = |error: &MultipartError| error.status() == StatusCode::PAYLOAD_TOO_LARGE;
    match field.chunk().await {
        Ok(chunk) => Ok(chunk.map(|chunk| Some(chunk.to_vec()))),
        Err(error) if is_too_large(&error) => Ok(Some(None)),
        Err(_) => Err(Error::BadRequest("the upload broke off")),
    }
}

/// Reads what is left of a field and forgets it.
async fn refuse<T>(field: &mut Field<'_>, why: Refused) -> std::result::Result<std::result::Result<T, Refused>, Error> {
    while let Some(Some(_)) = piece(field).await? {}
    Ok(Err(why))
}

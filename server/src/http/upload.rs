//! Forms with a file: small fields are kept, the file goes to the disk while it arrives.

use axum::extract::Multipart;

use super::forms::{LIMIT, Pairs};
use crate::{
    error::Error,
    evidence::{Folder, Refused, Taken},
};

/// What is read of a form with an evidence file: more than the largest file, so that the page says what is wrong with
/// a larger one.
pub const MOST: usize = 32 * 1024 * 1024;

/// A form with a file.
#[derive(Debug)]
pub struct Upload {
    /// Its other fields.
    pub fields: Pairs,
    /// The name that was sent with the file, and the file or why it was not taken; none: no file was chosen.
    pub file: Option<(String, Result<Taken, Refused>)>,
}

/// Reads a form whose file is in the field `file`.
///
/// # Errors
/// When the form is damaged, breaks off or has larger fields than any of ours, or the disk fails. Nothing is left on
/// the disk then.
pub async fn read(folder: &Folder, mut form: Multipart) -> Result<Upload, Error> {
    let mut upload = Upload { fields: Pairs::default(), file: None };
    let mut left = LIMIT;
    while let Some(mut field) = form.next_field().await.map_err(|_| Error::BadRequest("the form is damaged"))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let mut value = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|_| Error::BadRequest("the upload broke off"))? {
                left = left.checked_sub(chunk.len()).ok_or(Error::TooLarge)?;
                value.extend_from_slice(&chunk);
            }
            upload.fields.0.push((name, String::from_utf8_lossy(&value).into_owned()));
            continue;
        }
        if upload.file.is_some() {
            return Err(Error::BadRequest("more files than the form has fields"));
        }
        let sent = field.file_name().unwrap_or_default().chars().take(1_000).collect::<String>();
        let received = folder.receive(&mut field).await?;
        // A browser sends an empty file without a name when none was chosen.
        if !(sent.is_empty() && matches!(received, Err(Refused::Empty))) {
            upload.file = Some((sent, received));
        }
    }
    Ok(upload)
}

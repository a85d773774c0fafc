//! What identifies an enterprise and how to reach it: tax code, legal form, telephone, mail.

mod contact;
mod legal_form;
mod tax_code;

pub use contact::{Email, Phone, Unreachable};
pub use legal_form::{LegalForm, UnknownLegalForm};
pub use tax_code::{TaxCode, TaxCodeError};

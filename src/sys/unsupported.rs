//! Systems other than Linux: a refusal that says what to do instead.

use super::{Isolation, SysError};

pub fn isolation() -> Result<Box<dyn Isolation>, SysError> {
    Err(SysError::Unsupported)
}

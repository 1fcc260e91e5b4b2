//! The Python module `s3_admin._core`: `s3-admin` for Python. Its Python face is in `python/s3_admin`.

mod errors;
mod functions;
mod runtime;

use pyo3::prelude::*;

#[pymodule]
mod _core {
    #[pymodule_export]
    use super::functions::{audit_buckets, bucket_details, list_buckets, usage, warm_up};
}

//! Settings that the template gives a function as environment variables.

use lambda_runtime::Error;

/// The value of a variable that must be set.
pub fn required(name: &str) -> Result<String, Error> {
    std::env::var(name).map_err(|_| {
        format!("the environment variable {name} is not set: see template.yaml").into()
    })
}

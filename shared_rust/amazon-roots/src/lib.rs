//! Whom a function has to trust.
//!
//! Reading and parsing all of a system's roots is most of what an AWS client costs in INIT (4 ms of CPU of 6). A
//! function that talks to AWS needs five.

/// The five roots that AWS's own endpoints are signed by.
pub const PEM: &[u8] = include_bytes!("amazon-roots.pem");

/// Variables that name certificates, or an endpoint that need not be AWS's.
pub const OVERRIDES: [&str; 8] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SQS",
];

/// Whether [`PEM`] is all that is needed: in a Lambda function where none of [`OVERRIDES`] is set.
pub fn suffice(is_set: impl Fn(&str) -> bool) -> bool {
    is_set("AWS_LAMBDA_FUNCTION_NAME") && !OVERRIDES.into_iter().any(is_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffice_with(variables: &[&str]) -> bool {
        suffice(|name| variables.contains(&name))
    }

    #[test]
    fn a_function_on_aws_trusts_amazon() {
        assert!(suffice_with(&["AWS_LAMBDA_FUNCTION_NAME"]));
    }

    #[test]
    fn other_endpoints_and_machines_trust_the_system() {
        assert!(!suffice_with(&[]));
        for name in OVERRIDES {
            assert!(!suffice_with(&["AWS_LAMBDA_FUNCTION_NAME", name]), "{name}");
        }
    }
}

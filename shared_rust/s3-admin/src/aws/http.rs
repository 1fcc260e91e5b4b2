//! The HTTP client below the SDK: rustls with `ring`.
//!
//! The SDK's default, aws-lc, spends about 24 ms of CPU on jitter entropy when it first needs a random number:
//! 325 ms at 128 MB of memory, in the first call after a cold start. The feature `aws-lc` has it all the same, for
//! `./poe bench variants`.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::env;

#[cfg(not(feature = "aws-lc"))]
const CRYPTO: CryptoMode = CryptoMode::Ring;
#[cfg(feature = "aws-lc")]
const CRYPTO: CryptoMode = CryptoMode::AwsLc;

/// A client that trusts Amazon's roots in a Lambda function, and the system's or those of `SSL_CERT_FILE` elsewhere.
pub fn client() -> SharedHttpClient {
    let builder = Builder::new().tls_provider(Provider::rustls(CRYPTO));
    let context = TlsContext::builder()
        .with_trust_store(trust_store(|name| env::var_os(name).is_some()))
        .build();
    match context {
        Ok(context) => builder.tls_context(context).build_https(),
        Err(error) => {
            tracing::warn!(%error, "the system's certificates are used");
            builder.build_https()
        }
    }
}

/// [`amazon_roots`] in a function, and the system's elsewhere.
fn trust_store(is_set: impl Fn(&str) -> bool) -> TrustStore {
    if amazon_roots::suffice(is_set) {
        TrustStore::empty().with_pem_certificate(amazon_roots::PEM)
    } else {
        TrustStore::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts_the_system(variables: &[&str]) -> bool {
        let store = format!("{:?}", trust_store(|name| variables.contains(&name)));
        store.contains("enable_native_roots: true")
    }

    #[test]
    fn a_function_on_aws_trusts_amazon_and_others_the_system() {
        assert!(!trusts_the_system(&["AWS_LAMBDA_FUNCTION_NAME"]));
        assert!(trusts_the_system(&[]));
        assert!(trusts_the_system(&[
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_ENDPOINT_URL"
        ]));
    }

    #[test]
    fn amazons_roots_can_be_read() {
        // The client parses them as it is built, and would panic on a bad one.
        let store = TrustStore::empty().with_pem_certificate(amazon_roots::PEM);
        let context = TlsContext::builder().with_trust_store(store).build();
        Builder::new()
            .tls_provider(Provider::rustls(CRYPTO))
            .tls_context(context.unwrap())
            .build_https();
    }
}

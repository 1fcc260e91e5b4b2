//! The HTTP client below the SDK: rustls with `ring`.
//!
//! The SDK's default, aws-lc, spends about 24 ms of CPU on jitter entropy when it first needs a random number:
//! 325 ms at 128 MB of memory, in the first call after a cold start.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// A client that trusts the system's certificates, or those of `SSL_CERT_FILE`.
pub fn client() -> SharedHttpClient {
    Builder::new()
        .tls_provider(Provider::rustls(CryptoMode::Ring))
        .build_https()
}

//! HTTPS, made when it is first needed: reading certificates is most of what a client costs.

use super::{Answer, Error};
use http::Request;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A connection that was kept for longer has probably been closed at the other end, while this one was frozen.
const IDLE: Duration = Duration::from_secs(20);
/// The longest answer that is read: a secret has at most 64 KiB.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

type Inner = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

pub struct Https {
    roots: Roots,
    client: OnceLock<Inner>,
}

/// Whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Roots {
    Amazon,
    Bundle(PathBuf),
    System,
}

impl Https {
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            roots: Roots::from_variables(variable),
            client: OnceLock::new(),
        }
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, Error> {
        let client = match self.client.get() {
            Some(client) => client,
            None => {
                let made = self.roots.client()?;
                self.client.get_or_init(|| made)
            }
        };
        let response = client
            .request(request)
            .await
            .map_err(|error| Error::Transport(with_causes(&error)))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES)
            .collect()
            .await
            .map_err(|error| Error::Transport(error.to_string()))?;
        Ok(Answer {
            status,
            body: body.to_bytes(),
        })
    }
}

impl Roots {
    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        if amazon_roots::suffice(|name| variable(name).is_some()) {
            return Self::Amazon;
        }
        // SSL_CERT_FILE and SSL_CERT_DIR are part of how the system's are found.
        match variable("AWS_CA_BUNDLE").filter(|path| !path.is_empty()) {
            Some(path) => Self::Bundle(path.into()),
            None => Self::System,
        }
    }

    fn certificates(&self) -> Vec<CertificateDer<'static>> {
        match self {
            Self::Amazon => CertificateDer::pem_slice_iter(amazon_roots::PEM)
                .filter_map(Result::ok)
                .collect(),
            Self::Bundle(path) => {
                rustls_native_certs::load_certs_from_paths(Some(path), None).certs
            }
            Self::System => rustls_native_certs::load_native_certs().certs,
        }
    }

    fn client(&self) -> Result<Inner, Error> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.certificates());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Transport(error.to_string()))?
            .with_root_certificates(store)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        // The end of a call must not wait for the acknowledgement of its beginning.
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(1)
            .build(connector))
    }
}

/// hyper's own words are "client error (Connect)": the reason is in what caused it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(variables: &[(&str, &str)]) -> Roots {
        Roots::from_variables(|name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn amazons_five_are_enough_on_aws() {
        let on_aws = roots(&[("AWS_LAMBDA_FUNCTION_NAME", "f")]);
        assert_eq!(on_aws, Roots::Amazon);
        assert_eq!(on_aws.certificates().len(), 5);
        assert!(on_aws.client().is_ok());
    }

    #[test]
    fn a_bundle_goes_before_the_system() {
        let function = ("AWS_LAMBDA_FUNCTION_NAME", "f");
        let bundle = roots(&[
            function,
            ("AWS_CA_BUNDLE", "/b.pem"),
            ("SSL_CERT_FILE", "/s.pem"),
        ]);
        assert_eq!(bundle, Roots::Bundle("/b.pem".into()));
        assert_eq!(
            roots(&[function, ("SSL_CERT_FILE", "/s.pem")]),
            Roots::System
        );
        assert_eq!(roots(&[]), Roots::System);
    }

    #[tokio::test]
    async fn a_failure_says_why() {
        let https = Https::from_variables(|_| None);
        let request = Request::post("http://127.0.0.1:1/")
            .body(Full::default())
            .unwrap();
        let error = https.send(request).await.unwrap_err();
        assert!(error.to_string().contains("refused"), "{error}");
    }
}

//! Signed calls of AWS's JSON protocols, without an SDK.

mod client;
mod endpoint;
mod signature;

use client::Https;
use http::Request;
use http_body_util::Full;
use hyper::body::Bytes;
use std::time::Duration;

pub use endpoint::Service;

/// Calls AWS with the function's credentials. Nothing is connected, read or parsed before the first call.
pub struct Aws {
    https: Https,
    signer: signature::Signer,
}

/// What AWS said, whatever it was.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there are no credentials in the environment")]
    NoCredentials,
    #[error("'{0}' is no address of a service")]
    Endpoint(String),
    #[error("the request could not be signed: {0}")]
    Signature(String),
    #[error("no answer: {0}")]
    Transport(String),
    #[error("no answer within {} ms", .0.as_millis())]
    TooLate(Duration),
}

impl Aws {
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            https: Https::from_variables(&variable),
            signer: signature::Signer::from_variables(&variable),
        }
    }

    /// Calls `target` (`AmazonSQS.SendMessageBatch`) of a service.
    ///
    /// # Errors
    /// There was no answer; an answer that tells of an error is none.
    pub async fn call(
        &self,
        service: &Service,
        target: &'static str,
        body: Vec<u8>,
        patience: Duration,
    ) -> Result<Answer, Error> {
        let body = Bytes::from(body);
        let mut request = Request::post(service.endpoint.as_str())
            .header("content-type", service.content_type)
            .header("x-amz-target", target)
            .body(Full::new(body.clone()))
            .map_err(|_| Error::Endpoint(service.endpoint.clone()))?;
        self.signer.sign(&mut request, service.name, &body)?;
        tokio::time::timeout(patience, self.https.send(request))
            .await
            .map_err(|_| Error::TooLate(patience))?
    }
}

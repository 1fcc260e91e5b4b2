//! Signature version 4, with AWS's own crate.

use super::Error;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use http::Request;
use std::time::SystemTime;

/// The function's credentials, which Lambda never changes within an environment.
pub struct Signer {
    credentials: Option<Credentials>,
    region: String,
}

impl Signer {
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let credentials = variable("AWS_ACCESS_KEY_ID")
            .zip(variable("AWS_SECRET_ACCESS_KEY"))
            .map(|(id, secret)| {
                Credentials::new(
                    id,
                    secret,
                    variable("AWS_SESSION_TOKEN"),
                    None,
                    "environment",
                )
            });
        Self {
            credentials,
            region: variable("AWS_REGION")
                .or_else(|| variable("AWS_DEFAULT_REGION"))
                .unwrap_or_default(),
        }
    }

    pub fn sign<B>(
        &self,
        request: &mut Request<B>,
        service: &str,
        body: &[u8],
    ) -> Result<(), Error> {
        let failed = |error: &dyn std::error::Error| Error::Signature(error.to_string());
        let identity = self.credentials.clone().ok_or(Error::NoCredentials)?.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| failed(&error))?
            .into();
        let headers = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new(
            request.method().as_str(),
            request.uri().to_string(),
            headers,
            SignableBody::Bytes(body),
        )
        .map_err(|error| failed(&error))?;
        let (instructions, _) = sign(signable, &params)
            .map_err(|error| failed(&error))?
            .into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(variables: &[(&str, &str)]) -> Result<Request<()>, Error> {
        let signer = Signer::from_variables(|name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let mut request = Request::post("https://sqs.eu-west-1.amazonaws.com/")
            .body(())
            .unwrap();
        signer.sign(&mut request, "sqs", b"{}").map(|()| request)
    }

    #[test]
    fn a_request_is_signed_for_service_and_region() {
        let request = signed(&[
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_REGION", "eu-west-1"),
        ])
        .unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"));
        assert!(authorization.contains("/eu-west-1/sqs/aws4_request"));
        assert_eq!(request.headers()["x-amz-security-token"], "token");
    }

    #[test]
    fn without_credentials_nothing_is_signed() {
        assert!(matches!(
            signed(&[("AWS_ACCESS_KEY_ID", "AKID")]),
            Err(Error::NoCredentials)
        ));
    }
}

//! HMAC-SHA-256 for `jsonwebtoken` from `ring`, which TLS brings in anyway.
//!
//! The crate's own back ends would compile a second crypto library (aws-lc, or RSA and three elliptic curves)
//! for algorithms that these tokens never use: any other than HS256 is refused here as well.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, new_error};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::hmac;
use signature::{Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // Only JSON Web Keys need these.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the provider of the process; later calls do nothing.
pub fn install() {
    // An error means that it is installed already.
    let _ = PROVIDER.install_default();
}

struct HmacSha256(hmac::Key);

impl HmacSha256 {
    fn new(
        algorithm: Algorithm,
        family: AlgorithmFamily,
        secret: &[u8],
    ) -> Result<Box<Self>, Error> {
        if algorithm != Algorithm::HS256 || family != AlgorithmFamily::Hmac {
            return Err(new_error(ErrorKind::InvalidAlgorithm));
        }
        Ok(Box::new(Self(hmac::Key::new(hmac::HMAC_SHA256, secret))))
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Ok(HmacSha256::new(*algorithm, key.family(), key.as_bytes())?)
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let DecodingKeyKind::SecretOrDer(secret) = key.kind() else {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    };
    Ok(HmacSha256::new(*algorithm, key.family(), secret)?)
}

impl Signer<Vec<u8>> for HmacSha256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for HmacSha256 {
    /// In constant time.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

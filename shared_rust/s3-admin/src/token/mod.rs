//! Session tokens: JWTs signed with HMAC-SHA-256, for 15 minutes.

mod ring_hmac;

use crate::ports::Role;
use crate::timestamp::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use std::fmt;

pub const ISSUER: &str = "s3-admin";
pub const AUDIENCE: &str = "s3-admin-api";
pub const LIFETIME_SECONDS: i64 = 900;

/// A signing key and its id. Its `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SigningKey {
    pub kid: String,
    key: String,
}

impl SigningKey {
    pub fn new(kid: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            kid: kid.into(),
            key: key.into(),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// The key that signs, and the one before it that is still accepted, so that keys rotate without signing
/// anyone out. This is the JSON of the secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SigningKeys {
    #[serde(flatten)]
    pub current: SigningKey,
    #[serde(default)]
    pub previous: Option<SigningKey>,
}

impl SigningKeys {
    /// Reads the secret; `None` when it is not the JSON that the template makes.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn by_id(&self, kid: &str) -> Option<&SigningKey> {
        let previous = self.previous.iter();
        std::iter::once(&self.current)
            .chain(previous)
            .find(|key| key.kid == kid)
    }
}

/// Whom a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub username: String,
    pub role: Role,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    role: Role,
    iat: i64,
    exp: i64,
}

/// What is read of a token; the audience is checked before that, and may be a list.
#[derive(Deserialize)]
struct CheckedClaims {
    /// Checked before that too, but there a list of issuers would do.
    #[serde(rename = "iss")]
    _iss: String,
    sub: String,
    role: Role,
    exp: f64,
    #[serde(default)]
    nbf: f64,
}

/// A new token.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    pub token: String,
    pub expires_at: Timestamp,
    pub role: Role,
}

/// Why a token is refused; all the same to a client, told apart in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token cannot be read")]
    Unreadable,
    #[error("the token names a key that is not known")]
    UnknownKey,
    #[error("the token is not valid")]
    Invalid,
    #[error("the token has expired")]
    Expired,
}

/// Signs a token for `identity` with the current key.
pub fn issue(
    identity: &Identity,
    keys: &SigningKeys,
    now: Timestamp,
) -> Result<Session, TokenError> {
    ring_hmac::install();
    let expires_at = now.plus_seconds(LIFETIME_SECONDS);
    let claims = Claims {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: &identity.username,
        role: identity.role,
        iat: now.unix(),
        exp: expires_at.unix(),
    };
    let header = Header {
        kid: Some(keys.current.kid.clone()),
        ..Header::new(Algorithm::HS256)
    };
    let key = EncodingKey::from_secret(keys.current.key.as_bytes());
    let token = encode(&header, &claims, &key).map_err(|_| TokenError::Invalid)?;
    Ok(Session {
        token,
        expires_at,
        role: identity.role,
    })
}

/// The id of the key that a token says it was signed with; nothing of the token is checked.
pub fn key_id(token: &str) -> Result<String, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Unreadable)?;
    header.kid.ok_or(TokenError::Unreadable)
}

/// Checks signature, algorithm, issuer, audience and times, with no leeway.
pub fn check(token: &str, keys: &SigningKeys, now: Timestamp) -> Result<Identity, TokenError> {
    ring_hmac::install();
    let key = keys.by_id(&key_id(token)?).ok_or(TokenError::UnknownKey)?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    // Times are checked below against `now`, as PyJWT does: a token is no longer good in the second it expires,
    // and any JSON number is a time.
    validation.validate_nbf = false;
    validation.validate_exp = false;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let decoding = DecodingKey::from_secret(key.key.as_bytes());
    let claims = decode::<CheckedClaims>(token, &decoding, &validation)
        .map_err(|_| TokenError::Invalid)?
        .claims;
    if claims.sub.is_empty() {
        return Err(TokenError::Invalid);
    }
    // Seconds of this century are whole numbers for a float, and a fraction is cut off.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let now = now.unix() as f64;
    if claims.exp.trunc() <= now {
        return Err(TokenError::Expired);
    }
    if claims.nbf.trunc() > now {
        return Err(TokenError::Invalid);
    }
    Ok(Identity {
        username: claims.sub,
        role: claims.role,
    })
}

#[cfg(test)]
mod tests;

//! Signing in.

use crate::authorization::authenticate;
use crate::ports::{Keys, Users};
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use crate::token::{self, Session};

/// How to sign in, sent with every 401 (RFC 9110).
pub const CHALLENGE: &str = r#"Bearer realm="s3-admin", Basic realm="s3-admin", charset="UTF-8""#;

/// A new session for a username and password.
pub async fn sign_in(
    users: &impl Users,
    keys: &impl Keys,
    username: &str,
    password: &str,
    now: Timestamp,
) -> Result<Session, Problem> {
    let identity = authenticate(users, username, password).await?;
    let identity = identity.ok_or_else(|| {
        Problem::new(401, "wrong username or password").with_header("WWW-Authenticate", CHALLENGE)
    })?;
    token::issue(&identity, &keys.to_sign().await?, now)
        .map_err(|_| Problem::new(502, "the signing key cannot be used"))
}

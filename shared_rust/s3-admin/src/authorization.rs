//! Who is calling: a token, or a username and password.

use crate::credentials::Credentials;
use crate::password::PasswordHash;
use crate::ports::{Keys, ServiceError, Users};
use crate::timestamp::Timestamp;
use crate::token::{self, Identity};

/// The user with this name and password, unless disabled.
///
/// An unknown user costs one password check as well, so that the time does not tell who exists.
pub async fn authenticate(
    users: &impl Users,
    username: &str,
    password: &str,
) -> Result<Option<Identity>, ServiceError> {
    // DynamoDB takes no empty key, and no user has one.
    let user = if username.is_empty() {
        None
    } else {
        users.find(username).await?
    };
    let hash = user
        .as_ref()
        .map_or_else(PasswordHash::nobody, |user| user.password.clone());
    let matches = hash.verify(password);
    Ok(user
        .filter(|user| matches && !user.disabled)
        .map(|user| Identity {
            username: user.username,
            role: user.role,
        }))
}

/// The caller behind an `Authorization` header; `None` when it does not hold good credentials.
pub async fn identify(
    header: &str,
    users: &impl Users,
    keys: &impl Keys,
    now: Timestamp,
) -> Result<Option<Identity>, ServiceError> {
    match Credentials::parse(header) {
        None => Ok(None),
        Some(Credentials::Basic { username, password }) => {
            authenticate(users, &username, &password).await
        }
        Some(Credentials::Bearer(token)) => {
            let Ok(kid) = token::key_id(&token) else {
                return Ok(None);
            };
            let checked = token::check(&token, &keys.to_check(&kid).await?, now);
            if let Err(error) = &checked {
                tracing::info!(reason = %error, "token refused");
            }
            Ok(checked.ok())
        }
    }
}

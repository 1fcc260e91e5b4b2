//! Users, and the keys that their tokens are signed with.

use super::ServiceError;
use crate::password::PasswordHash;
use crate::token::SigningKeys;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A user of the API.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub username: String,
    /// Unreadable hashes match no password.
    pub password: PasswordHash,
    pub role: Role,
    pub disabled: bool,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads, and makes presigned URLs.
    Viewer,
    /// Everything.
    Admin,
}

impl Role {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "viewer" => Some(Self::Viewer),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Admin => "admin",
        }
    }
}

/// Finds users by name.
#[async_trait]
pub trait Users: Sync {
    async fn find(&self, username: &str) -> Result<Option<User>, ServiceError>;
}

/// Finds the keys that tokens are signed with.
#[async_trait]
pub trait Keys: Sync {
    /// The keys, fresh enough to sign with.
    async fn to_sign(&self) -> Result<SigningKeys, ServiceError>;

    /// The keys to check a token with that names `kid`, looked up again when they lack it.
    async fn to_check(&self, kid: &str) -> Result<SigningKeys, ServiceError>;
}

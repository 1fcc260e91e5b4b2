//! Users and signing keys in memory.

use crate::ports::{Keys, ServiceError, User, Users};
use crate::token::SigningKeys;
use async_trait::async_trait;
use std::collections::HashMap;

/// A table of users.
#[derive(Default)]
pub struct MemoryUsers(HashMap<String, User>);

impl MemoryUsers {
    pub fn put(&mut self, user: User) {
        self.0.insert(user.username.clone(), user);
    }
}

#[async_trait]
impl Users for MemoryUsers {
    async fn find(&self, username: &str) -> Result<Option<User>, ServiceError> {
        Ok(self.0.get(username).cloned())
    }
}

/// Keys that do not change.
pub struct MemoryKeys(pub SigningKeys);

#[async_trait]
impl Keys for MemoryKeys {
    async fn to_sign(&self) -> Result<SigningKeys, ServiceError> {
        Ok(self.0.clone())
    }

    async fn to_check(&self, _kid: &str) -> Result<SigningKeys, ServiceError> {
        Ok(self.0.clone())
    }
}

//! Users in DynamoDB.

use super::errors::service_error;
use crate::password::PasswordHash;
use crate::ports::{Role, Service, ServiceError, User, Users};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The table of users: partition key `username`.
pub struct DynamoUsers {
    client: Client,
    table: String,
}

impl DynamoUsers {
    pub fn new(config: &SdkConfig, table: impl Into<String>) -> Self {
        Self {
            client: Client::new(config),
            table: table.into(),
        }
    }
}

#[async_trait]
impl Users for DynamoUsers {
    async fn find(&self, username: &str) -> Result<Option<User>, ServiceError> {
        let key = AttributeValue::S(username.to_owned());
        // A user that was just disabled must be out at once.
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("username", key)
            .consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| service_error(Service::DynamoDb, &error))?;
        Ok(answer.item.and_then(|item| read(&item)))
    }
}

/// A record that cannot be read is nobody's.
fn read(item: &HashMap<String, AttributeValue>) -> Option<User> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    Some(User {
        username: text("username")?.clone(),
        password: PasswordHash::new(text("password_hash")?),
        role: Role::parse(text("role")?)?,
        disabled: item
            .get("disabled")
            .and_then(|value| value.as_bool().ok())
            .copied()
            .unwrap_or(false),
    })
}

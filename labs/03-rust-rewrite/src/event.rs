//! API Gateway's proxy event (REST API), as far as these functions read it.

use s3_admin::params::Query;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The event of one request. A member that is missing or null is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProxyEvent {
    #[serde(deserialize_with = "or_default")]
    pub http_method: String,
    /// The route's path as the template has it, `/buckets/{bucket}` for example.
    #[serde(deserialize_with = "or_default")]
    pub resource: String,
    #[serde(deserialize_with = "or_default")]
    path_parameters: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    multi_value_query_string_parameters: BTreeMap<String, Vec<String>>,
    pub body: Option<String>,
    pub is_base64_encoded: bool,
    #[serde(deserialize_with = "or_default")]
    request_context: RequestContext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RequestContext {
    request_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    authorizer: Caller,
}

/// Who is calling, as the authorizer says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Caller {
    pub username: Option<String>,
    pub role: Option<String>,
}

impl ProxyEvent {
    pub fn path_parameter(&self, name: &str) -> &str {
        self.path_parameters.get(name).map_or("", String::as_str)
    }

    /// Takes the query out of the event.
    pub fn take_query(&mut self) -> Query {
        Query::new(std::mem::take(
            &mut self.multi_value_query_string_parameters,
        ))
    }

    pub const fn caller(&self) -> &Caller {
        &self.request_context.authorizer
    }

    /// API Gateway's id of the request, or Lambda's.
    pub fn request_id(&self, lambda_request_id: &str) -> String {
        self.request_context
            .request_id
            .as_deref()
            .unwrap_or(lambda_request_id)
            .to_owned()
    }
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

//! The IAM policy that the authorizer answers. API Gateway caches it for a caller and uses it for every route,
//! so it covers all that a role may do, not the one method that was asked for.

use crate::ports::Role;
use crate::token::Identity;
use serde::Serialize;

/// The answer of a REQUEST authorizer. IAM denies what no statement allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorizerAnswer {
    #[serde(rename = "principalId")]
    principal_id: String,
    #[serde(rename = "policyDocument")]
    policy_document: PolicyDocument,
    context: Context,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct PolicyDocument {
    #[serde(rename = "Version")]
    version: &'static str,
    #[serde(rename = "Statement")]
    statement: [Statement; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Statement {
    #[serde(rename = "Action")]
    action: &'static str,
    #[serde(rename = "Effect")]
    effect: &'static str,
    #[serde(rename = "Resource")]
    resource: Vec<String>,
}

/// What the functions behind the authorizer get to know of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Context {
    username: String,
    role: Role,
}

/// Allows `identity` what its role may do on the stage that `method_arn` belongs to
/// (`arn:aws:execute-api:region:account:api/stage/METHOD/path`); `None` when that is no such ARN.
pub fn allow(identity: &Identity, method_arn: &str) -> Option<AuthorizerAnswer> {
    let mut parts = method_arn.split('/');
    let (api, stage) = (parts.next()?, parts.next()?);
    let routes: &[&str] = match identity.role {
        Role::Admin => &["*"],
        Role::Viewer => &["GET/*", "POST/buckets/*/object-url"],
    };
    let resource = routes
        .iter()
        .map(|route| format!("{api}/{stage}/{route}"))
        .collect();
    let statement = Statement {
        action: "execute-api:Invoke",
        effect: "Allow",
        resource,
    };
    Some(AuthorizerAnswer {
        principal_id: identity.username.clone(),
        policy_document: PolicyDocument {
            version: "2012-10-17",
            statement: [statement],
        },
        context: Context {
            username: identity.username.clone(),
            role: identity.role,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ARN: &str = "arn:aws:execute-api:us-east-1:000000000000:abc123/prod/GET/buckets/one";

    fn identity(role: Role) -> Identity {
        Identity {
            username: "ada".to_owned(),
            role,
        }
    }

    #[test]
    fn covers_the_whole_stage_for_a_role() {
        let stage = "arn:aws:execute-api:us-east-1:000000000000:abc123/prod";
        let answer = serde_json::to_value(allow(&identity(Role::Viewer), ARN)).unwrap();
        let resources = json!([
            format!("{stage}/GET/*"),
            format!("{stage}/POST/buckets/*/object-url")
        ]);
        assert_eq!(
            answer["policyDocument"]["Statement"][0]["Resource"],
            resources
        );
        assert_eq!(
            answer["context"],
            json!({"username": "ada", "role": "viewer"})
        );
        let answer = serde_json::to_value(allow(&identity(Role::Admin), ARN)).unwrap();
        assert_eq!(
            answer["policyDocument"]["Statement"][0]["Resource"],
            json!([format!("{stage}/*")])
        );
    }

    #[test]
    fn an_odd_arn_allows_nothing() {
        assert_eq!(allow(&identity(Role::Admin), "arn"), None);
    }
}

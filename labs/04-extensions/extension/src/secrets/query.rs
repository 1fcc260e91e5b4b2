//! Which secret is asked for.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Secrets Manager's own bound of an id.
const MAX_ID_BYTES: usize = 2048;

/// A secret, and which version of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
    pub refresh_now: bool,
}

impl Query {
    /// Names that are not known are passed over, as AWS's extension does.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut query = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value).ok_or("the query is no UTF-8")?;
            if value.len() > MAX_ID_BYTES || value.chars().any(char::is_control) {
                return Err("a value is too long or has control characters");
            }
            match name {
                "secretId" => query.secret_id = value,
                "versionId" => query.version_id = Some(value),
                "versionStage" => query.version_stage = Some(value),
                "refreshNow" => query.refresh_now = value == "true",
                _ => {}
            }
        }
        if query.secret_id.is_empty() {
            return Err("'secretId' is required");
        }
        Ok(query)
    }

    /// The body of `GetSecretValue`.
    pub fn to_call(&self) -> String {
        let mut call = Map::new();
        call.insert("SecretId".to_owned(), self.secret_id.clone().into());
        for (name, value) in [
            ("VersionId", &self.version_id),
            ("VersionStage", &self.version_stage),
        ] {
            if let Some(value) = value {
                call.insert(name.to_owned(), value.clone().into());
            }
        }
        Value::Object(call).to_string()
    }

    pub fn asks_same(&self, other: &Self) -> bool {
        (&self.secret_id, &self.version_id, &self.version_stage)
            == (&other.secret_id, &other.version_id, &other.version_stage)
    }
}

fn decoded(value: &str) -> Option<String> {
    let value = value.replace('+', " ");
    let text = percent_decode_str(&value).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_comes_with_or_without_escapes() {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf";
        let plain = Query::parse(&format!("secretId={arn}")).unwrap();
        let escaped = Query::parse(&format!("secretId={}", arn.replace(':', "%3A"))).unwrap();
        assert_eq!(plain, escaped);
        assert_eq!(plain.to_call(), format!("{{\"SecretId\":\"{arn}\"}}"));
    }

    #[test]
    fn a_version_is_part_of_the_question() {
        let one = Query::parse("secretId=a&versionStage=AWSPREVIOUS").unwrap();
        let other = Query::parse("secretId=a").unwrap();
        assert!(!one.asks_same(&other));
        assert_eq!(
            one.to_call(),
            r#"{"SecretId":"a","VersionStage":"AWSPREVIOUS"}"#
        );
    }

    #[test]
    fn refreshing_asks_for_the_same() {
        let now = Query::parse("secretId=a&refreshNow=true").unwrap();
        assert!(now.refresh_now);
        assert!(now.asks_same(&Query::parse("secretId=a&other=1").unwrap()));
    }

    #[test]
    fn what_names_no_secret_is_refused() {
        let long = format!("secretId={}", "x".repeat(2_049));
        for text in [
            "",
            "secretId=",
            "secretid=a",
            "secretId=%ff",
            "secretId=a%0Ab",
            long.as_str(),
        ] {
            assert!(Query::parse(text).is_err(), "{text}");
        }
    }
}

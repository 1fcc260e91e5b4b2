//! Whether a bucket policy refuses plain HTTP.

use serde_json::Value;

/// Whether a statement denies everyone everything without TLS; false for a policy that cannot be read.
pub fn enforces_tls(policy: &str) -> bool {
    let document: Value = serde_json::from_str(policy).unwrap_or_default();
    document
        .get("Statement")
        .is_some_and(|statements| items(statements).iter().any(denies_without_tls))
}

fn denies_without_tls(statement: &Value) -> bool {
    statement["Effect"] == "Deny"
        && is_everyone(&statement["Principal"])
        && (holds(&statement["Action"], "*") || holds(&statement["Action"], "s3:*"))
        && is_without_tls(&statement["Condition"]["Bool"])
}

fn is_everyone(principal: &Value) -> bool {
    holds(
        if principal.is_object() {
            &principal["AWS"]
        } else {
            principal
        },
        "*",
    )
}

fn is_without_tls(conditions: &Value) -> bool {
    let mut keys = conditions.as_object().into_iter().flatten();
    keys.any(|(key, value)| {
        key.eq_ignore_ascii_case("aws:SecureTransport")
            && (holds(value, "false") || items(value).contains(&Value::Bool(false)))
    })
}

fn holds(value: &Value, text: &str) -> bool {
    items(value).iter().any(|item| item == text)
}

/// In a policy, a list of one may be written without the list.
fn items(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(change: impl FnOnce(&mut Value)) -> String {
        let mut statement = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
        change(&mut statement);
        json!({"Statement": [{"Effect": "Allow"}, statement]}).to_string()
    }

    #[test]
    fn the_forms_that_enforce_it() {
        assert!(enforces_tls(&policy(|_| ())));
        assert!(enforces_tls(&policy(
            |it| it["Principal"] = json!({"AWS": ["*"]})
        )));
        assert!(enforces_tls(&policy(
            |it| it["Action"] = json!(["s3:GetObject", "*"])
        )));
        assert!(enforces_tls(&policy(
            |it| it["Condition"] = json!({"Bool": {"AWS:securetransport": [false]}})
        )));
        let one = policy(|_| ()).replace(r#"{"Effect":"Allow"},"#, "");
        assert!(
            enforces_tls(&one.replace(['[', ']'], "")),
            "a statement that is not in a list"
        );
    }

    #[test]
    fn what_does_not_enforce_it() {
        assert!(!enforces_tls(&policy(|it| it["Effect"] = json!("Allow"))));
        assert!(!enforces_tls(&policy(
            |it| it["Principal"] = json!({"AWS": "arn:aws:iam::1:root"})
        )));
        assert!(!enforces_tls(&policy(
            |it| it["Action"] = json!("s3:GetObject")
        )));
        assert!(!enforces_tls(&policy(
            |it| it["Condition"] = json!({"Bool": {"aws:SecureTransport": "true"}})
        )));
        assert!(!enforces_tls(&policy(|it| it["Condition"] = json!([]))));
        for text in [
            "",
            "null",
            "[]",
            "{",
            r#"{"Statement": 1}"#,
            r#"{"Statement": [1, "x"]}"#,
        ] {
            assert!(!enforces_tls(text), "{text}");
        }
    }
}

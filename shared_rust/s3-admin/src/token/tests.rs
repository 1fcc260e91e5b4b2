use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_unix(1_769_860_800);

fn keys() -> SigningKeys {
    let old = SigningKey::new("1", "b".repeat(32));
    SigningKeys {
        current: SigningKey::new("2", "a".repeat(32)),
        previous: Some(old),
    }
}

fn admin() -> Identity {
    Identity {
        username: "ada".to_owned(),
        role: Role::Admin,
    }
}

fn signed(header: &Value, claims: &Value, key: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
    let signature = ring::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "role": "admin",
           "iat": NOW.unix(), "exp": NOW.unix() + LIFETIME_SECONDS})
}

fn with(name: &str, value: Value) -> Value {
    let mut changed = claims();
    changed[name] = value;
    changed
}

#[test]
fn a_token_is_good_until_it_expires() {
    let session = issue(&admin(), &keys(), NOW).unwrap();
    assert_eq!(session.expires_at, NOW.plus_seconds(900));
    assert_eq!(check(&session.token, &keys(), NOW), Ok(admin()));
    assert_eq!(
        check(&session.token, &keys(), NOW.plus_seconds(899)),
        Ok(admin())
    );
    assert_eq!(
        check(&session.token, &keys(), NOW.plus_seconds(900)),
        Err(TokenError::Expired)
    );
}

#[test]
fn the_previous_key_is_still_good() {
    let old = SigningKeys {
        current: SigningKey::new("1", "b".repeat(32)),
        previous: None,
    };
    let token = issue(&admin(), &old, NOW).unwrap().token;
    assert_eq!(check(&token, &keys(), NOW), Ok(admin()));
    let rotated_twice = SigningKeys {
        current: SigningKey::new("3", "c".repeat(32)),
        previous: None,
    };
    assert_eq!(
        check(&token, &rotated_twice, NOW),
        Err(TokenError::UnknownKey)
    );
}

#[test]
fn a_token_made_by_hand_is_good_when_all_is_right() {
    let token = signed(
        &json!({"alg": "HS256", "kid": "2"}),
        &claims(),
        &"a".repeat(32),
    );
    assert_eq!(check(&token, &keys(), NOW), Ok(admin()));
}

#[test]
fn claims_may_have_the_other_forms_of_the_standard() {
    let header = json!({"alg": "HS256", "kid": "2"});
    let audiences = with("aud", json!(["x", AUDIENCE]));
    let fraction = with("exp", json!(NOW.unix() as f64 + 1.5));
    for claims in [audiences, fraction] {
        assert_eq!(
            check(&signed(&header, &claims, &"a".repeat(32)), &keys(), NOW),
            Ok(admin())
        );
    }
}

#[test]
fn forged_tokens_are_refused() {
    let key = "a".repeat(32);
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "2"});
    let cases = [
        ("another key", signed(&header, &claims(), &"x".repeat(32))),
        (
            "the other key's id",
            signed(&json!({"alg": "HS256", "kid": "1"}), &claims(), &key),
        ),
        (
            "no algorithm",
            signed(&json!({"alg": "none", "kid": "2"}), &claims(), &key),
        ),
        (
            "HS512",
            signed(&json!({"alg": "HS512", "kid": "2"}), &claims(), &key),
        ),
        (
            "RS256",
            signed(&json!({"alg": "RS256", "kid": "2"}), &claims(), &key),
        ),
        (
            "no key id",
            signed(&json!({"alg": "HS256"}), &claims(), &key),
        ),
        (
            "another issuer",
            signed(&header, &with("iss", json!("x")), &key),
        ),
        (
            "another audience",
            signed(&header, &with("aud", json!("x")), &key),
        ),
        (
            "no audience",
            signed(&header, &with("aud", Value::Null), &key),
        ),
        (
            "no expiry",
            signed(&header, &with("exp", Value::Null), &key),
        ),
        (
            "not yet valid",
            signed(&header, &with("nbf", json!(4_102_444_800_i64)), &key),
        ),
        (
            "not before a text",
            signed(&header, &with("nbf", json!("1")), &key),
        ),
        (
            "a list of issuers",
            signed(&header, &with("iss", json!(["s3-admin"])), &key),
        ),
        (
            "an unknown role",
            signed(&header, &with("role", json!("root")), &key),
        ),
        (
            "a subject that is no text",
            signed(&header, &with("sub", json!(1)), &key),
        ),
        (
            "an empty subject",
            signed(&header, &with("sub", json!("")), &key),
        ),
        (
            "no signature",
            signed(&header, &claims(), &key)
                .rsplit_once('.')
                .unwrap()
                .0
                .to_owned()
                + ".",
        ),
        ("no token", "x".to_owned()),
        ("nothing", String::new()),
    ];
    for (name, token) in cases {
        assert!(check(&token, &keys(), NOW).is_err(), "{name}");
    }
}

#[test]
fn a_time_is_any_number() {
    let header = json!({"alg": "HS256", "kid": "2"});
    let key = keys().current.key;
    for time in [json!(-1), json!(0.5), json!(0)] {
        let token = signed(&header, &with("nbf", time.clone()), &key);
        assert!(check(&token, &keys(), NOW).is_ok(), "{time}");
    }
}

#[test]
fn keys_are_read_from_the_secret_and_not_shown() {
    let keys = SigningKeys::from_json(
        r#"{"kid":"2","key":"secret","previous":{"kid":"1","key":"older"}}"#,
    )
    .unwrap();
    assert_eq!(keys.by_id("1").unwrap().kid, "1");
    assert!(!format!("{keys:?}").contains("secret"));
    assert!(!format!("{keys:?}").contains("older"));
    assert!(
        SigningKeys::from_json(r#"{"kid":"1","key":"x"}"#)
            .unwrap()
            .previous
            .is_none()
    );
    assert!(SigningKeys::from_json("{}").is_none());
}

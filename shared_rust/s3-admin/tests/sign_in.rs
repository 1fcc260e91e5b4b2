//! Signing in and being recognised, over users and keys in memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt;
use s3_admin::authorization::identify;
use s3_admin::memory::{MemoryKeys, MemoryUsers};
use s3_admin::password::PasswordHash;
use s3_admin::ports::{Role, User};
use s3_admin::sessions::sign_in;
use s3_admin::timestamp::Timestamp;
use s3_admin::token::{Identity, SigningKey, SigningKeys};

/// scrypt (ln=4, to be fast) of `pass:word`, made with Python's hashlib.
const HASH: &str =
    "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dMrf852uYQds+f2gaGEJ5oVVTpcf3/5X5d/OERvvLRQ";

fn users() -> MemoryUsers {
    let mut users = MemoryUsers::default();
    for (username, disabled) in [("ada", false), ("bob", true)] {
        let password = PasswordHash::new(HASH);
        users.put(User {
            username: username.to_owned(),
            password,
            role: Role::Viewer,
            disabled,
        });
    }
    users
}

fn keys() -> MemoryKeys {
    MemoryKeys(SigningKeys {
        current: SigningKey::new("1", "k".repeat(32)),
        previous: None,
    })
}

fn who(header: &str) -> Option<Identity> {
    identify(header, &users(), &keys(), Timestamp::now())
        .now_or_never()
        .unwrap()
        .unwrap()
}

#[test]
fn a_session_is_recognised() {
    let session = sign_in(&users(), &keys(), "ada", "pass:word", Timestamp::now())
        .now_or_never()
        .unwrap()
        .unwrap();
    assert_eq!(session.role, Role::Viewer);
    let ada = Some(Identity {
        username: "ada".to_owned(),
        role: Role::Viewer,
    });
    assert_eq!(who(&format!("Bearer {}", session.token)), ada);
    assert_eq!(
        who(&format!("Basic {}", STANDARD.encode("ada:pass:word"))),
        ada
    );
}

#[test]
fn who_may_not_sign_in() {
    for (username, password) in [
        ("ada", "wrong"),
        ("bob", "pass:word"),
        ("eve", "pass:word"),
        ("", "pass:word"),
    ] {
        let refused = sign_in(&users(), &keys(), username, password, Timestamp::now())
            .now_or_never()
            .unwrap();
        let problem = refused.err().unwrap();
        assert_eq!(
            (problem.status, problem.detail.as_str()),
            (401, "wrong username or password")
        );
        assert!(
            problem
                .header("WWW-Authenticate")
                .unwrap()
                .starts_with("Bearer ")
        );
        assert_eq!(
            who(&format!(
                "Basic {}",
                STANDARD.encode(format!("{username}:{password}"))
            )),
            None
        );
    }
    assert_eq!(who("Bearer x.y.z"), None);
}

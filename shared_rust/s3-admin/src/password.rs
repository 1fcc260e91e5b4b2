//! Passwords: scrypt, in the PHC string format.

use scrypt::Scrypt;
use scrypt::password_hash::PasswordVerifier;
use scrypt::phc::PasswordHash as Phc;
use std::fmt;

/// No password has this hash. Checking against it costs an unknown user's caller as much time as a wrong
/// password does, so that the time does not tell who exists.
const NOBODY: &str =
    "$scrypt$ln=14,r=8,p=1$q2ShJ0K1gv6YToZ+2roVEg$Ym0ZechQN0HiII2/0drj4FRoftbqySmlZeE36aaLGt4";

/// A stored hash, `$scrypt$ln=14,r=8,p=1$<salt>$<hash>`. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The hash that nothing matches.
    pub fn nobody() -> Self {
        Self::new(NOBODY)
    }

    /// Compares in constant time. A hash that cannot be read matches nothing.
    pub fn verify(&self, password: &str) -> bool {
        Phc::new(&self.0).is_ok_and(|hash| {
            Scrypt::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's `hashlib.scrypt` for the password `pa:ss wörd`.
    const KNOWN: &str =
        "$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$uTJGR0w3WDQcrh+dylovhyxazcHqxkbvcqB5osXXI0c";

    #[test]
    fn agrees_with_python() {
        assert!(PasswordHash::new(KNOWN).verify("pa:ss wörd"));
        assert!(!PasswordHash::new(KNOWN).verify("pa:ss word"));
        assert!(!PasswordHash::new(KNOWN).verify(""));
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        for text in [
            "",
            "plain",
            "$scrypt$ln=14,r=8,p=1$AAAA",
            "$argon2id$v=19$m=16,t=2,p=1$MTIzNDU2Nzg$mWvPdcmCu+s",
        ] {
            assert!(!PasswordHash::new(text).verify("plain"), "{text}");
        }
        assert!(!PasswordHash::nobody().verify(""));
    }

    #[test]
    fn is_not_shown() {
        assert_eq!(
            format!("{:?}", PasswordHash::new(KNOWN)),
            "PasswordHash(..)"
        );
    }
}

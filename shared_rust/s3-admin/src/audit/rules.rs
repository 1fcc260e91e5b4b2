//! The rules. Each looks one setting up and says what is wrong with it.

use super::Finding;
use super::tls::enforces_tls;
use crate::ports::{Buckets, PublicAccessBlock, ServiceError};

/// In the order in which findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    PublicAccess,
    PublicPolicy,
    Encryption,
    Versioning,
    AccessLogging,
    Lifecycle,
    Tls,
}

pub const RULES: [Rule; 7] = [
    Rule::PublicAccess,
    Rule::PublicPolicy,
    Rule::Encryption,
    Rule::Versioning,
    Rule::AccessLogging,
    Rule::Lifecycle,
    Rule::Tls,
];

impl Rule {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PublicAccess => "public-access-not-blocked",
            Self::PublicPolicy => "policy-public",
            Self::Encryption => "no-default-encryption",
            Self::Versioning => "no-versioning",
            Self::AccessLogging => "no-access-logging",
            Self::Lifecycle => "no-lifecycle",
            Self::Tls => "tls-not-enforced",
        }
    }

    const fn severity(self) -> &'static str {
        match self {
            Self::PublicPolicy => "critical",
            Self::PublicAccess => "high",
            Self::Encryption | Self::Versioning | Self::Tls => "medium",
            Self::AccessLogging | Self::Lifecycle => "low",
        }
    }

    pub const fn finding(self, detail: String) -> Finding {
        Finding {
            rule: self.name(),
            severity: self.severity(),
            detail,
        }
    }

    /// What is wrong with the bucket, or `None`.
    pub async fn check(
        self,
        s3: &impl Buckets,
        bucket: &str,
    ) -> Result<Option<String>, ServiceError> {
        let fault = match self {
            Self::PublicAccess => return Ok(not_blocked(s3.public_access_block(bucket).await?)),
            Self::PublicPolicy => {
                let public = s3
                    .policy_status(bucket)
                    .await?
                    .is_some_and(|status| status.is_public);
                public.then_some("the bucket policy makes the bucket public")
            }
            Self::Encryption => s3
                .encryption(bucket)
                .await?
                .is_none()
                .then_some("no default encryption is set"),
            Self::Versioning => match s3.versioning(bucket).await?.as_deref() {
                Some("Enabled") => None,
                Some(_) => Some("versioning is suspended"),
                None => Some("versioning has never been enabled"),
            },
            Self::AccessLogging => {
                (!s3.access_logging(bucket).await?).then_some("server access logs are not written")
            }
            Self::Lifecycle => {
                let rules = s3.lifecycle_rules(bucket).await?.unwrap_or(0);
                (rules == 0).then_some("no lifecycle rule is set")
            }
            Self::Tls => {
                let enforced = s3
                    .policy(bucket)
                    .await?
                    .as_deref()
                    .is_some_and(enforces_tls);
                (!enforced).then_some("no policy statement denies requests without TLS")
            }
        };
        Ok(fault.map(str::to_owned))
    }
}

fn not_blocked(block: Option<PublicAccessBlock>) -> Option<String> {
    let block = block.unwrap_or_default();
    let switches = [
        ("block_public_acls", block.block_public_acls),
        ("ignore_public_acls", block.ignore_public_acls),
        ("block_public_policy", block.block_public_policy),
        ("restrict_public_buckets", block.restrict_public_buckets),
    ];
    let off: Vec<_> = switches
        .into_iter()
        .filter(|(_, on)| !on)
        .map(|(name, _)| name)
        .collect();
    (!off.is_empty()).then(|| format!("not blocked: {}", off.join(", ")))
}

//! A bucket's lifecycle rules: what they are, how a request's are read and checked, and the three things that can be
//! done with them.

mod node;
mod parse;
mod rule;

pub use parse::parse_rules;
pub use rule::{
    Expiration, Filter, NoncurrentExpiration, NoncurrentTransition, Rule, STORAGE_CLASSES,
    Transition, When,
};

use crate::ports::{Lifecycles, ServiceError, StoredRules};
use crate::problem::Problem;

/// Codes by which S3 refuses rules for a reason that is not checked here.
const REFUSED: [&str; 3] = ["InvalidArgument", "InvalidRequest", "MalformedXML"];

/// The rules in S3's order. Fails rather than leaves something out, since whoever puts back what was read would lose it.
pub async fn lifecycle_rules(s3: &impl Lifecycles, bucket: &str) -> Result<Vec<Rule>, Problem> {
    let stored = s3.lifecycle(bucket).await;
    match stored.map_err(|error| error.about_bucket(bucket))? {
        StoredRules::Rules(rules) => Ok(rules),
        StoredRules::Unknown(pointer) => Err(Problem::new(
            409,
            format!("bucket '{bucket}' has a lifecycle that cannot be shown here: {pointer}"),
        )),
    }
}

/// Replaces all rules. S3 has no configuration without rules, so that none means no configuration.
pub async fn put_lifecycle_rules(
    s3: &impl Lifecycles,
    bucket: &str,
    rules: &[Rule],
) -> Result<(), Problem> {
    if rules.is_empty() {
        return delete_lifecycle_rules(s3, bucket).await;
    }
    let put = s3.put_lifecycle(bucket, rules).await;
    put.map_err(|error| refused(error, bucket))
}

/// Removes all rules, if there are any.
pub async fn delete_lifecycle_rules(s3: &impl Lifecycles, bucket: &str) -> Result<(), Problem> {
    let deleted = s3.delete_lifecycle(bucket).await;
    deleted.map_err(|error| error.about_bucket(bucket))
}

fn refused(error: ServiceError, bucket: &str) -> Problem {
    if error.is_code(&REFUSED) {
        let code = error.short_code();
        return Problem::new(422, format!("S3 refuses the rules ({code})"));
    }
    error.about_bucket(bucket)
}

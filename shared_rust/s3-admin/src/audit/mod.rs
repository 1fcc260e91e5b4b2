//! What is amiss with the buckets' settings: buckets × settings, a wide fan-out of small calls.

mod rules;
mod tls;

use crate::buckets::CONCURRENCY;
use crate::ports::{Buckets, ServiceError};
use futures_util::stream::{self, StreamExt};
use rules::{RULES, Rule};
use serde::Serialize;
use std::collections::BTreeMap;

/// What was found in one bucket, in the order of the rules. `errors` has the service's code for each rule that
/// could not be checked, and for `region`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditedBucket {
    pub name: String,
    pub region: Option<String>,
    pub findings: Vec<Finding>,
    pub errors: BTreeMap<&'static str, String>,
}

/// A rule that a bucket breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: &'static str,
    pub detail: String,
}

/// One call that is still to be made.
#[derive(Clone, Copy)]
enum LookUp {
    Region,
    Rule(Rule),
}

/// What a call gave: text is a region, or what is wrong.
struct LookedUp {
    bucket: String,
    look_up: LookUp,
    answer: Result<Option<String>, ServiceError>,
}

/// Every bucket, sorted by name. A bucket that vanished meanwhile is left out.
pub async fn audit_buckets(s3: &impl Buckets) -> Result<Vec<AuditedBucket>, ServiceError> {
    let mut calls = Vec::new();
    let mut by_bucket = BTreeMap::new();
    for entry in s3.list().await? {
        let look_ups = RULES.into_iter().map(LookUp::Rule).chain([LookUp::Region]);
        calls.extend(look_ups.map(|look_up| (entry.name.clone(), look_up)));
        by_bucket.insert(entry.name, Vec::new());
    }
    let answers = stream::iter(calls).map(|(bucket, look_up)| look_up.call(s3, bucket));
    let answers: Vec<_> = answers.buffer_unordered(CONCURRENCY).collect().await;
    for answer in answers {
        by_bucket
            .entry(answer.bucket.clone())
            .or_default()
            .push(answer);
    }
    Ok(by_bucket
        .into_iter()
        .filter_map(|(name, answers)| audited(name, answers))
        .collect())
}

impl LookUp {
    async fn call(self, s3: &impl Buckets, bucket: String) -> LookedUp {
        let answer = match self {
            Self::Region => s3.region(&bucket).await.map(Some),
            Self::Rule(rule) => rule.check(s3, &bucket).await,
        };
        LookedUp {
            bucket,
            look_up: self,
            answer,
        }
    }
}

fn audited(name: String, mut answers: Vec<LookedUp>) -> Option<AuditedBucket> {
    answers.sort_by_key(|answer| match answer.look_up {
        LookUp::Region => 0,
        LookUp::Rule(rule) => 1 + rule as usize,
    });
    let mut bucket = AuditedBucket {
        name,
        region: None,
        findings: Vec::new(),
        errors: BTreeMap::new(),
    };
    for LookedUp {
        look_up, answer, ..
    } in answers
    {
        match (look_up, answer) {
            (_, Err(error)) if error.is_code(&["NoSuchBucket"]) => return None,
            (LookUp::Region, Err(error)) => {
                bucket
                    .errors
                    .insert("region", error.short_code().to_owned());
            }
            (LookUp::Rule(rule), Err(error)) => {
                bucket
                    .errors
                    .insert(rule.name(), error.short_code().to_owned());
            }
            (LookUp::Region, Ok(region)) => bucket.region = region,
            (LookUp::Rule(rule), Ok(detail)) => bucket
                .findings
                .extend(detail.map(|detail| rule.finding(detail))),
        }
    }
    Some(bucket)
}

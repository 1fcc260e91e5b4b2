//! S3 in every region.

mod buckets;
mod changes;
mod lifecycle;
mod listing;
mod objects;
mod regions;
mod settings;
mod tags;

use aws_config::SdkConfig;
use regions::Regions;

/// S3 in every region.
pub struct S3 {
    regions: Regions,
}

impl S3 {
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            regions: Regions::new(config),
        }
    }
}

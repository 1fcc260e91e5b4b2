//! S3.

use super::regions::Regions;
use aws_config::SdkConfig;

/// S3 in every region.
pub struct S3 {
    pub(super) regions: Regions,
}

impl S3 {
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            regions: Regions::new(config),
        }
    }

    /// The region that buckets are made in when none is asked for.
    pub fn home_region(&self) -> &str {
        self.regions.home_name()
    }
}

//! One S3 client per region, and what is known of where buckets are.

use crate::aws::errors::service_error;
use crate::ports::{Service, ServiceError};
use aws_config::{Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Buckets whose region is remembered; forgetting one costs a redirect.
const MAX_BUCKETS: usize = 10_000;

/// Sends each call to the bucket's own region. A bucket is taken to be in the home region until S3 says
/// otherwise; that costs no call for most buckets, and one redirect for each other.
pub struct Regions {
    config: SdkConfig,
    home: String,
    clients: Mutex<HashMap<String, Client>>,
    buckets: Mutex<HashMap<String, String>>,
}

impl Regions {
    pub fn new(config: &SdkConfig) -> Self {
        let home = home_region(config);
        let clients = HashMap::from([(home.clone(), Client::new(config))]);
        Self {
            config: config.clone(),
            home,
            clients: Mutex::new(clients),
            buckets: Mutex::default(),
        }
    }

    pub fn home(&self) -> Client {
        self.client(&self.home)
    }

    /// The region that new buckets are made in when none is asked for.
    pub fn home_name(&self) -> &str {
        &self.home
    }

    /// Clients of all regions share connections, credentials and TLS set-up.
    pub fn client(&self, region: &str) -> Client {
        let mut clients = lock(&self.clients);
        let make = || {
            let config = self
                .config
                .clone()
                .into_builder()
                .region(Region::new(region.to_owned()))
                .build();
            Client::new(&config)
        };
        clients
            .entry(region.to_owned())
            .or_insert_with(make)
            .clone()
    }

    /// Remembers where a bucket is.
    pub fn learn(&self, bucket: &str, region: &str) {
        let mut buckets = lock(&self.buckets);
        if buckets.len() >= MAX_BUCKETS {
            buckets.clear();
        }
        buckets.insert(bucket.to_owned(), region.to_owned());
    }

    fn of(&self, bucket: &str) -> String {
        lock(&self.buckets)
            .get(bucket)
            .unwrap_or(&self.home)
            .clone()
    }

    /// Calls S3 where the bucket is, following one redirect.
    pub async fn call<T, E, F>(
        &self,
        bucket: &str,
        send: impl Fn(Client) -> F + Send,
    ) -> Result<T, ServiceError>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let region = self.of(bucket);
        let error = match send(self.client(&region)).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match bucket_region(&error).filter(|found| *found != region) {
            None => Err(service_error(Service::S3, &error)),
            Some(found) => {
                self.learn(bucket, &found);
                send(self.client(&found))
                    .await
                    .map_err(|error| service_error(Service::S3, &error))
            }
        }
    }
}

/// The region that S3 says a bucket is in, from an answer that refuses to serve it here.
fn bucket_region<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    error
        .raw_response()?
        .headers()
        .get("x-amz-bucket-region")
        .map(str::to_owned)
}

/// The home region, `us-east-1` when none is set.
fn home_region(config: &SdkConfig) -> String {
    config
        .region()
        .map_or_else(|| "us-east-1".to_owned(), ToString::to_string)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whoever panicked left a map behind, and any map is fine here.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Where a service is.

/// A service of AWS: its name in signatures, its address and its protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub name: &'static str,
    pub endpoint: String,
    pub content_type: &'static str,
}

impl Service {
    /// SQS is where the queue's address leads, in any partition of AWS.
    pub fn sqs(queue_url: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        let endpoint = set(&variable, "AWS_ENDPOINT_URL_SQS").unwrap_or_else(|| origin(queue_url));
        Self {
            name: "sqs",
            endpoint: with_slash(endpoint),
            content_type: "application/x-amz-json-1.0",
        }
    }

    pub fn secrets_manager(variable: impl Fn(&str) -> Option<String>) -> Self {
        let endpoint = set(&variable, "AWS_ENDPOINT_URL_SECRETS_MANAGER").unwrap_or_else(|| {
            let region = variable("AWS_REGION").unwrap_or_default();
            let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
            format!("https://secretsmanager.{region}.amazonaws.com{suffix}")
        });
        Self {
            name: "secretsmanager",
            endpoint: with_slash(endpoint),
            content_type: "application/x-amz-json-1.1",
        }
    }
}

/// The service's own variable, or the one for all of them.
fn set(variable: &impl Fn(&str) -> Option<String>, own: &str) -> Option<String> {
    variable(own)
        .or_else(|| variable("AWS_ENDPOINT_URL"))
        .filter(|value| !value.is_empty())
}

/// Scheme and authority of an address.
fn origin(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    url[..end].to_owned()
}

fn with_slash(mut endpoint: String) -> String {
    if !endpoint.ends_with('/') {
        endpoint.push('/');
    }
    endpoint
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/events";

    #[test]
    fn on_aws_the_queue_itself_says_where_sqs_is() {
        assert_eq!(
            Service::sqs(QUEUE, |_| None).endpoint,
            "https://sqs.eu-west-1.amazonaws.com/"
        );
    }

    #[test]
    fn the_services_variable_goes_before_that_of_all() {
        let all = |name: &str| (name == "AWS_ENDPOINT_URL").then(|| "http://all:1".to_owned());
        let own = |name: &str| (name == "AWS_ENDPOINT_URL_SQS").then(|| "http://own:1/".to_owned());
        assert_eq!(Service::sqs(QUEUE, all).endpoint, "http://all:1/");
        assert_eq!(
            Service::sqs(QUEUE, |name| own(name).or_else(|| all(name))).endpoint,
            "http://own:1/"
        );
        assert_eq!(Service::secrets_manager(all).endpoint, "http://all:1/");
    }

    #[test]
    fn secrets_are_in_the_functions_region() {
        let endpoint = |region: &'static str| {
            Service::secrets_manager(|name| (name == "AWS_REGION").then(|| region.to_owned()))
                .endpoint
        };
        assert_eq!(
            endpoint("eu-west-1"),
            "https://secretsmanager.eu-west-1.amazonaws.com/"
        );
        assert_eq!(
            endpoint("cn-north-1"),
            "https://secretsmanager.cn-north-1.amazonaws.com.cn/"
        );
    }
}

//! Requests and answers: routing, problems, one log line a request.

use crate::event::ProxyEvent;
use lambda_runtime::{Context, Error, LambdaEvent, service_fn};
use s3_admin::Problem;
use s3_admin::body::json_object;
use s3_admin::params::{Query, bucket_name};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The routes of a function: resource path (as in the template), then methods in alphabetical order.
pub type Routes = &'static [(&'static str, &'static [&'static str])];

/// One request.
pub struct Request {
    event: ProxyEvent,
    pub query: Query,
    /// When the function is stopped.
    pub deadline: Instant,
}

impl Request {
    pub(crate) fn new(mut event: ProxyEvent, context: &Context) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let left = Duration::from_millis(context.deadline).saturating_sub(now);
        Self {
            query: event.take_query(),
            event,
            deadline: Instant::now() + left,
        }
    }

    /// API Gateway's event, without its query.
    pub const fn event(&self) -> &ProxyEvent {
        &self.event
    }

    /// Method and resource path, to match on.
    pub fn route(&self) -> (&str, &str) {
        (&self.event.http_method, &self.event.resource)
    }

    /// The bucket that the path names, if a bucket can have that name.
    pub fn bucket(&self) -> Result<&str, Problem> {
        bucket_name(self.event.path_parameter("bucket"))
    }

    /// The body, which must be a JSON object.
    pub fn json_object(&self) -> Result<Map<String, Value>, Problem> {
        json_object(self.event.body.as_deref(), self.event.is_base64_encoded)
    }
}

/// An answer.
pub struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Response {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, Problem> {
        Self::new(status, "application/json", Vec::new(), body).ok_or_else(unexpected)
    }

    pub const fn status(&self) -> u16 {
        self.status
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    /// An answer without a body.
    pub const fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    fn problem(problem: &Problem, request_id: &str) -> Self {
        let body = problem.body(request_id);
        let made = Self::new(
            problem.status,
            "application/problem+json",
            problem.headers.clone(),
            &body,
        );
        made.unwrap_or(Self {
            status: problem.status,
            headers: Vec::new(),
            body: String::new(),
        })
    }

    fn new(
        status: u16,
        content_type: &str,
        mut headers: Vec<(&'static str, String)>,
        body: &impl Serialize,
    ) -> Option<Self> {
        headers.push(("Content-Type", content_type.to_owned()));
        Some(Self {
            status,
            headers,
            body: serde_json::to_string(body).ok()?,
        })
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// API Gateway's form of an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProxyAnswer {
    status_code: u16,
    headers: BTreeMap<&'static str, String>,
    is_base64_encoded: bool,
    body: String,
}

impl From<Response> for ProxyAnswer {
    fn from(response: Response) -> Self {
        let mut headers: BTreeMap<_, _> = response.headers.into_iter().collect();
        headers.insert("Cache-Control", "no-store".to_owned());
        Self {
            status_code: response.status,
            headers,
            is_base64_encoded: false,
            body: response.body,
        }
    }
}

/// Serves `routes` until the execution environment is shut down.
pub async fn serve(
    routes: Routes,
    respond: impl AsyncFn(&Request) -> Result<Response, Problem>,
) -> Result<(), Error> {
    run(routes, &respond).await
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// An `AsyncFn` that answers requests, without its type.
trait Respond {
    fn respond<'a>(&'a self, request: &'a Request) -> Boxed<'a, Result<Response, Problem>>;
}

impl<F: AsyncFn(&Request) -> Result<Response, Problem>> Respond for F {
    fn respond<'a>(&'a self, request: &'a Request) -> Boxed<'a, Result<Response, Problem>> {
        Box::pin(self(request))
    }
}

/// Not generic, and boxed: so the runtime's code is compiled here, and not once more in each function.
fn run(routes: Routes, respond: &dyn Respond) -> Boxed<'_, Result<(), Error>> {
    Box::pin(async move {
        #[cfg(feature = "events")]
        let events = &crate::events::Events::from_environment()?;
        lambda_runtime::run(service_fn(
            move |event: LambdaEvent<ProxyEvent>| async move {
                let started = Instant::now();
                let request_id = event.payload.request_id(&event.context.request_id);
                let request = Request::new(event.payload, &event.context);
                let answered = match find(routes, request.route()) {
                    Ok(()) => respond.respond(&request).await,
                    Err(problem) => Err(problem),
                };
                let response =
                    answered.unwrap_or_else(|problem| Response::problem(&problem, &request_id));
                let (method, resource) = request.route();
                tracing::info!(
                    route = format!("{method} {resource}"),
                    status = response.status,
                    duration_ms = started.elapsed().as_secs_f64() * 1e3,
                    api_request_id = request_id,
                    request_id = event.context.request_id,
                    "request"
                );
                #[cfg(feature = "events")]
                events
                    .post(&request, &response, &event.context.request_id, started)
                    .await;
                Ok::<_, Error>(ProxyAnswer::from(response))
            },
        ))
        .await
    })
}

fn find(routes: Routes, (method, resource): (&str, &str)) -> Result<(), Problem> {
    let route = routes.iter().find(|(path, _)| *path == resource);
    let (_, methods) = route.ok_or_else(no_route)?;
    if methods.contains(&method) {
        return Ok(());
    }
    Err(Problem::new(405, format!("{method} is not allowed here"))
        .with_header("Allow", methods.join(", ")))
}

/// A function was called with a path that it does not serve.
pub fn no_route() -> Problem {
    Problem::not_found("no such route")
}

fn unexpected() -> Problem {
    Problem::new(
        500,
        "something went wrong; the request id helps to find out what",
    )
}

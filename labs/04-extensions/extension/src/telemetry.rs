//! What the platform says of invocations, by the Telemetry API.

use crate::http::{Handler, Request, Response};
use crate::locked::locked;
use crate::queue::Queue;
use analytics_events::{Moment, Phase, PhaseName, Report, ReportKind, Text};
use serde::Deserialize;
use std::sync::{Arc, Mutex};

/// The longest delivery: the platform's buffer, and one record beyond it.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// The handler of the port that the platform delivers to.
pub struct Telemetry {
    queue: Arc<Queue>,
    timeline: Mutex<Timeline>,
}

/// One record of a delivery. Kinds that are not known are passed over, as AWS asks for.
#[derive(Debug, Deserialize)]
struct Record {
    time: Moment,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    record: Fields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    request_id: Option<Text<64>>,
    status: Option<Text<512>>,
    metrics: Metrics,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metrics {
    duration_ms: f64,
    // AWS writes it as 3 or 3.0.
    billed_duration_ms: f64,
    #[serde(rename = "maxMemoryUsedMB")]
    max_memory_used_mb: f64,
    init_duration_ms: Option<f64>,
}

/// What was said since the last report.
#[derive(Debug, Default)]
struct Timeline {
    init_start: Option<Moment>,
    runtime_init_done: Option<Moment>,
    init_ms: Option<f64>,
    start: Option<Moment>,
    runtime_done: Option<(Moment, f64)>,
    reported: Option<Text<64>>,
}

impl Telemetry {
    pub fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            timeline: Mutex::default(),
        }
    }

    /// Whether the report of a request has come.
    pub fn has_reported(&self, request_id: &str) -> bool {
        let timeline = locked(&self.timeline);
        timeline
            .reported
            .as_ref()
            .is_some_and(|id| id.as_str() == request_id)
    }

    fn take(&self, body: &[u8]) -> Response {
        let Ok(records) = serde_json::from_slice::<Vec<serde_json::Value>>(body) else {
            return Response::problem(400, "expected an array of records");
        };
        let mut timeline = locked(&self.timeline);
        for record in records {
            // One record that is other than expected must not take the rest with it.
            if let Ok(record) = serde_json::from_value::<Record>(record)
                && let Some(report) = timeline.add(record)
            {
                self.queue.offer_report(&report);
            }
        }
        Response::empty(200)
    }
}

impl Handler for Telemetry {
    async fn answer(&self, request: Request) -> Response {
        if request.method == "POST" {
            self.take(&request.body)
        } else {
            Response::only("POST")
        }
    }
}

impl Timeline {
    fn add(&mut self, record: Record) -> Option<Report> {
        let Record { time, kind, record } = record;
        match kind.as_str() {
            "platform.initStart" => self.init_start = Some(time),
            "platform.initRuntimeDone" => self.runtime_init_done = Some(time),
            "platform.initReport" => self.init_ms = Some(record.metrics.duration_ms),
            "platform.start" => self.start = Some(time),
            "platform.runtimeDone" => self.runtime_done = Some((time, record.metrics.duration_ms)),
            "platform.report" => return self.report(record),
            _ => {}
        }
        None
    }

    fn report(&mut self, fields: Fields) -> Option<Report> {
        let before = std::mem::take(self);
        let request_id = fields.request_id?;
        self.reported = Some(request_id.clone());
        let metrics = fields.metrics;
        // The report of a cold start says so; INIT itself may have been reported long before.
        let init_ms = metrics.init_duration_ms.or(before.init_ms);
        Some(Report {
            request_id,
            kind: ReportKind::Invoke,
            duration_ms: metrics.duration_ms,
            billed_ms: metrics.billed_duration_ms,
            max_memory_mb: whole(metrics.max_memory_used_mb),
            init_ms,
            status: fields.status.or_else(|| Text::new("unknown").ok())?,
            phases: before.phases(init_ms, metrics.duration_ms),
        })
    }

    fn phases(&self, init_ms: Option<f64>, duration_ms: f64) -> Vec<Phase> {
        let phase = |name, start: Option<Moment>, duration_ms: Option<f64>| {
            Some(Phase {
                name,
                start: start?,
                duration_ms: duration_ms?,
            })
        };
        let runtime_init = self
            .init_start
            .zip(self.runtime_init_done)
            .map(|(start, end)| end.since(start).as_secs_f64() * 1_000.0);
        let invoke_ms = self.runtime_done.map(|(_, duration)| duration);
        let after = invoke_ms.map(|invoke| microseconds(duration_ms - invoke).max(0.0));
        [
            phase(PhaseName::Init, self.init_start, init_ms),
            phase(PhaseName::RuntimeInit, self.init_start, runtime_init),
            phase(PhaseName::Invoke, self.start, invoke_ms),
            phase(
                PhaseName::Extensions,
                self.runtime_done.map(|(end, _)| end),
                after,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Milliseconds without the last digits that a difference brings.
fn microseconds(duration_ms: f64) -> f64 {
    (duration_ms * 1_000.0).round() / 1_000.0
}

/// A count that came as a number with a point.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::tests::{queue, sealed};
    use serde_json::json;

    fn deliver(telemetry: &Telemetry, records: &serde_json::Value) -> u16 {
        telemetry.take(records.to_string().as_bytes()).status
    }

    fn report(request: &str) -> serde_json::Value {
        json!({"time": "2026-01-31T12:00:00.250Z", "type": "platform.report", "record": {
            "requestId": request, "status": "success", "metrics": {
                "durationMs": 101.5, "billedDurationMs": 102, "memorySizeMB": 512, "maxMemoryUsedMB": 33}}})
    }

    #[test]
    fn a_cold_start_has_all_phases() {
        let telemetry = Telemetry::new(queue(10_000));
        let mut last = report("r");
        last["record"]["metrics"]["initDurationMs"] = json!(80.5);
        let records = json!([
            {"time": "2026-01-31T12:00:00.000Z", "type": "platform.initStart", "record": {"phase": "init"}},
            {"time": "2026-01-31T12:00:00.070Z", "type": "platform.initRuntimeDone", "record": {"status": "success"}},
            {"time": "2026-01-31T12:00:00.081Z", "type": "platform.initReport", "record": {"metrics": {"durationMs": 80.5}}},
            {"time": "2026-01-31T12:00:00.082Z", "type": "platform.start", "record": {"requestId": "r"}},
            {"time": "2026-01-31T12:00:00.182Z", "type": "platform.runtimeDone",
             "record": {"requestId": "r", "status": "success", "metrics": {"durationMs": 100.0}}},
            last
        ]);
        assert_eq!(deliver(&telemetry, &records), 200);
        assert!(telemetry.has_reported("r"));
        let report = sealed(&telemetry.queue).reports.remove(0);
        assert_eq!(
            (report.duration_ms, report.billed_ms, report.max_memory_mb),
            (101.5, 102.0, 33)
        );
        assert_eq!(report.init_ms, Some(80.5));
        let phases: Vec<_> = report
            .phases
            .iter()
            .map(|phase| (phase.name, phase.duration_ms))
            .collect();
        assert_eq!(
            phases,
            [
                (PhaseName::Init, 80.5),
                (PhaseName::RuntimeInit, 70.0),
                (PhaseName::Invoke, 100.0),
                (PhaseName::Extensions, 1.5),
            ]
        );
    }

    #[test]
    fn a_warm_call_has_no_init_of_the_one_before() {
        let telemetry = Telemetry::new(queue(10_000));
        let start =
            json!({"time": "2026-01-31T12:00:00Z", "type": "platform.initStart", "record": {}});
        deliver(&telemetry, &json!([start, report("1")]));
        deliver(&telemetry, &json!([report("2")]));
        let reports = sealed(&telemetry.queue).reports;
        assert_eq!(reports.len(), 2);
        assert_eq!(
            (reports[1].init_ms, &reports[1].phases),
            (None, &Vec::new())
        );
        assert!(!telemetry.has_reported("1"));
    }

    #[test]
    fn odd_records_leave_the_others_alone() {
        let telemetry = Telemetry::new(queue(10_000));
        let odd = json!([7, {}, {"time": "x", "type": "platform.report"},
            {"time": "2026-01-31T12:00:00Z", "type": "platform.report", "record": "text"},
            {"time": "2026-01-31T12:00:00Z", "type": "platform.new", "record": {"requestId": 7}}, report("r")]);
        assert_eq!(deliver(&telemetry, &odd), 200);
        assert_eq!(sealed(&telemetry.queue).reports.len(), 1);
        assert_eq!(deliver(&telemetry, &json!({})), 400);
    }
}

"""A start-up self-test: does the installed MiniStack have the inside that we hold on to?"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect

from workshop.cloud.errors import CloudError

TESTED_VERSION = "1.5.33"

# module → name → parameters, or None where only the name counts
_EXPECTED: dict[str, dict[str, list[str] | None]] = {
    "ministack.services.lambda_svc": {
        "_execute_function_dispatch": ["func", "config", "event", "request_id", "started"],
        "_resolve_layer_zip": ["attachment"],
        "_functions": None,
        "_invoke": ["name", "event", "headers", "path_qualifier", "query_params"],
        "_schedule_state_transition": ["func_name", "delay"],
        "_request_access_key": None,
        "run_reentrant": ["fn", "args", "thread_name"],
        "reset": [],
        "_delete_function": None,
        "_update_code": ["name", "data"],
        "_update_config": ["name", "data"],
        "_reserved_concurrency": ["func", "config"],
        "_emit_lambda_metrics": ["function_name", "duration_ms", "error", "throttle"],
        "_throttle_response": ["reason_code", "msg", "retry_after"],
        "_ACCOUNT_CONCURRENCY_CAP": None,
    },
    "ministack.app": {
        "_EXECUTE_API_RE": None,
        "_parse_execute_api_url": ["host", "path"],
        "_handle_pre_body_request": ["method", "path", "headers", "query_params", "request_id"],
        "_handle_post_body_shortcuts": ["method", "path", "headers", "body", "query_params", "request_id"],
        "_handle_special_data_plane_request": None,
    },
    "ministack.core.lambda_runtime": {"execution_credentials": ["config"]},
    "ministack.core.responses": {
        "_request_account_id": None,
        "_request_region": None,
        "get_account_id": [],
        "get_region": [],
        "new_uuid": [],
        "json_response": None,
        "error_response_json": None,
    },
    "ministack.services.sts": {"_sessions": None},
    "ministack.services.cloudwatch": {"record_metric": ["namespace", "metric_name", "value", "unit", "dimensions"]},
    "ministack.services.cloudwatch_logs": {
        "_create_log_group": None,
        "_create_log_stream": None,
        "_put_log_events": ["data"],
        "_append_log_events": ["stream", "events"],
        "_log_events_lock": None,
        "_log_records": None,
        "handle_request": ["method", "path", "headers", "body", "query_params"],
        "_log_groups": None,
        "_queries": None,
        "_start_query": ["data"],
        "_get_query_results": ["data"],
        "_stop_query": ["data"],
        "_resolve_query_log_groups": ["data"],
    },
    "ministack.services.s3": {
        "_buckets": None,
        "_build_object_record": ["body", "headers", "etag", "checksums"],
        "_bucket_lifecycle": None,
        "_put_bucket_lifecycle": ["name", "body"],
        "_get_bucket_lifecycle": ["name"],
        "_list_object_versions": ["bucket_name", "query_params"],
        "_xml_body": ["root"],
        "_url_encode": ["value"],
        "_qp": None,
        "_error": None,
        "_MALFORMED_XML": None,
        "_list_objects_v1": ["bucket_name", "query_params"],
        "_collect_list_entries": ["bucket_objects", "prefix", "delimiter", "max_keys", "start_after"],
        "_get_bucket_policy": ["name"],
        "_policy_is_public": ["policy_text"],
    },
    "ministack.core.iam_actions": {"_lambda_action": ["method", "path"]},
    "ministack.core.iam_evaluator": {"_fnmatch_compile": ["pattern", "ignore_case"]},
    "ministack.services.cloudformation.provisioners": {"_RESOURCE_HANDLERS": None},
    "ministack.services.apigateway_v1": {"_import_rest_api": None, "_put_gateway_response": None},
}


def run() -> None:
    """Raise CloudError naming what an upgrade of MiniStack has moved."""
    missing = [f"{module}.{name}" for module, names in _EXPECTED.items() for name in _broken(module, names)]
    if missing:
        version = importlib.metadata.version("ministack")
        raise CloudError(
            f"MiniStack {version} differs inside from {TESTED_VERSION}, which the local cloud is made for "
            f"({', '.join(missing)}). Install ministack=={TESTED_VERSION} or adapt workshop/cloud/ministack_seam"
        )


def _broken(module_name: str, names: dict[str, list[str] | None]) -> list[str]:
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        return ["(module)"]
    broken = []
    for name, parameters in names.items():
        found = getattr(module, name, None)
        if found is None or (parameters is not None and list(inspect.signature(found).parameters) != parameters):
            broken.append(name)
    return broken

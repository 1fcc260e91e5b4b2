"""What an AWS service answers when it fails, in each protocol."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape

from workshop.cloud.faults import operations

# Codes that no service's model has, since any service or operation may answer them
_COMMON = {
    "AccessDenied": 403, "SlowDown": 503, "InternalError": 500, "ServiceUnavailable": 503, "InternalFailure": 500,
    "InternalServerError": 500, "NoSuchBucket": 404, "NoSuchKey": 404, "NoSuchVersion": 404, "MethodNotAllowed": 405,
    "BucketNotEmpty": 409, "OperationAborted": 409, "PreconditionFailed": 412, "BandwidthLimitExceeded": 509,
    "RequestLimitExceeded": 503, "TooManyRequestsException": 429, "SignatureDoesNotMatch": 403,
    "InvalidAccessKeyId": 403, "RequestTimeTooSkewed": 403,
}  # fmt: skip
_MESSAGES = {
    "AccessDenied": "Access Denied",
    "SlowDown": "Please reduce your request rate.",
    "InternalError": "We encountered an internal error. Please try again.",
    "ThrottlingException": "Rate exceeded",
    "ProvisionedThroughputExceededException": "The level of configured provisioned throughput was exceeded.",
}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def error(service: str, protocol: str, code: str, status: int | None, message: str | None) -> Answer:
    """The answer of a failed call; the status is AWS's for this code if none is given."""
    xml_code, known_status = _from_model(service, code)
    number = status or known_status or _COMMON.get(code, 400)
    text = _MESSAGES.get(code, f"made by a fault of the local cloud: {code}") if message is None else message
    request_id = str(uuid.uuid4())
    if protocol in ("rest-xml", "query"):
        body = _xml(service, xml_code, text, request_id, sender=number < 500)
        headers = {"Content-Type": "application/xml" if protocol == "rest-xml" else "text/xml"}
    elif protocol == "rest-json":
        body = json.dumps({"message": text, "Message": text}).encode()
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    else:
        model = operations.model(service)
        body = json.dumps({"__type": code, "message": text, "Message": text}).encode()
        headers = {"Content-Type": f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.0')}"}
        if model.is_query_compatible:
            headers["x-amzn-query-error"] = f"{xml_code};{'Sender' if number < 500 else 'Receiver'}"
    request_id_header = "x-amz-request-id" if service == "s3" else "x-amzn-RequestId"
    return Answer(number, {**headers, request_id_header: request_id}, body)


def garbled(protocol: str) -> Answer:
    """A success whose body no client can read."""
    if protocol in ("rest-xml", "query"):
        return Answer(200, {"Content-Type": "application/xml"}, b"<?xml version='1.0'?><Garbled><unfinished")
    return Answer(200, {"Content-Type": "application/json"}, b'{"garbled": [unfinished')


def _from_model(service: str, code: str) -> tuple[str, int | None]:
    """The code that XML has for an error that the model knows by this code, and its status."""
    for shape in operations.model(service).error_shapes:
        known = shape.metadata.get("error", {})
        if code in (shape.name, known.get("code")):
            return known.get("code", shape.name), known.get("httpStatusCode")
    return code, None


def _xml(service: str, code: str, message: str, request_id: str, *, sender: bool) -> bytes:
    told = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if service == "s3":
        inner = f"<Error>{told}<RequestId>{request_id}</RequestId><HostId>local</HostId></Error>"
    else:
        kind = "Sender" if sender else "Receiver"
        error = f"<Error><Type>{kind}</Type>{told}</Error>"
        inner = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inner}'.encode()

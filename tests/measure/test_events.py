from __future__ import annotations

import json

from workshop.measure import authorizer_event, rest_event


def test_a_request_as_api_gateway_hands_it_on() -> None:
    event = rest_event(
        "GET /buckets/{bucket}/usage",
        path={"bucket": "logs ä/1"},
        query={"depth": "2"},
        caller={"username": "ada", "role": "admin"},
    )
    assert event.name == "GET /buckets/{bucket}/usage"
    payload = event.payload
    assert (payload["httpMethod"], payload["resource"]) == ("GET", "/buckets/{bucket}/usage")
    assert payload["path"] == "/buckets/logs%20%C3%A4%2F1/usage"
    assert payload["pathParameters"] == {"bucket": "logs ä/1"}
    assert payload["queryStringParameters"] == {"depth": "2"}
    assert payload["multiValueQueryStringParameters"] == {"depth": ["2"]}
    context = payload["requestContext"]
    assert context["authorizer"] == {"principalId": "ada", "username": "ada", "role": "admin"}
    assert context["path"] == "/prod" + payload["path"]
    json.dumps(payload)


def test_a_request_without_anything_has_nulls_as_api_gateway_has() -> None:
    payload = rest_event("GET /buckets").payload
    empty = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert [payload[name] for name in empty] == [None] * 5
    assert "authorizer" not in payload["requestContext"]


def test_a_body_is_sent_as_json() -> None:
    payload = rest_event("POST /sessions", body={"username": "ada"}).payload
    assert json.loads(payload["body"]) == {"username": "ada"}
    assert payload["isBase64Encoded"] is False


def test_an_authorizer_event() -> None:
    event = authorizer_event("GET /buckets", "Bearer abc.def")
    assert event.payload["type"] == "REQUEST"
    region, account, resource = event.payload["methodArn"].split(":")[3:]
    assert (region, account) == ("us-east-1", event.payload["requestContext"]["accountId"])
    assert resource.split("/", 1)[1] == "prod/GET/buckets"
    assert event.payload["headers"]["Authorization"] == "Bearer abc.def"
    assert event.payload["multiValueHeaders"]["Authorization"] == ["Bearer abc.def"]


def test_an_event_never_shows_a_token() -> None:
    event = authorizer_event("GET /buckets", "Bearer abc.def")
    assert event.name == "Bearer"
    assert "abc.def" not in repr(event)

"""The same function in three runtimes: it posts one event to the extension, and answers what it was told."""

PYTHON = """
import datetime, http.client, json, os

connection = http.client.HTTPConnection("127.0.0.1", 2779, timeout=5)

def handler(event, context):
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    body = {"request_id": context.aws_request_id, "time": now, "user": "ada", "role": "admin",
            "action": "listBuckets", "bucket": None, "status": 200, "duration_ms": 1.5, "bytes": 2}
    connection.request("POST", "/events", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status
"""

NODE = """
export const handler = async (event, context) => {
    const body = {request_id: context.awsRequestId, time: new Date().toISOString(), action: 'listBuckets',
                  status: 200, duration_ms: 1.5, bytes: 2};
    const answer = await fetch('http://127.0.0.1:2779/events', {method: 'POST', body: JSON.stringify(body)});
    await answer.arrayBuffer();
    return answer.status;
};
"""

CUSTOM = """#!/usr/bin/env python3
import datetime, json, os, urllib.request

api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{api}/next") as event:
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    body = {"request_id": request, "time": now, "action": "listBuckets", "status": 200, "duration_ms": 1.5, "bytes": 2}
    post = urllib.request.Request("http://127.0.0.1:2779/events", json.dumps([body]).encode())
    with urllib.request.urlopen(post) as answer:
        status = answer.status
    urllib.request.urlopen(urllib.request.Request(f"{api}/{request}/response", str(status).encode())).close()
"""

SECRET = """
import os, urllib.parse, urllib.request

def handler(event, context):
    query = urllib.parse.urlencode({"secretId": event["secret"]})
    request = urllib.request.Request(f"http://localhost:2773/secretsmanager/get?{query}")
    if event["token"]:
        request.add_header("X-Aws-Parameters-Secrets-Token", os.environ["AWS_SESSION_TOKEN"])
    try:
        with urllib.request.urlopen(request) as answer:
            return [answer.status, answer.read().decode()]
    except urllib.error.HTTPError as error:
        return [error.code, error.read().decode()]
"""

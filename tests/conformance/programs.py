"""The functions of the table, in plain Python."""

ECHO = """
def handler(event, context):
    return event
"""

REPEAT = """
def handler(event, context):
    return "x" * event
"""

NAME_OF_EVENT = """
def handler(event, context):
    try:
        return event["name"]
    except KeyError as error:
        raise LookupError("no name") from error
"""

CONTEXT = """
import os, re

def handler(event, context):
    client = context.client_context
    return {
        "id is a UUID": bool(re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", context.aws_request_id)),
        "time is left": 5000 < context.get_remaining_time_in_millis() <= 10000,
        "function": [context.function_name, context.function_version, context.memory_limit_in_mb],
        "arn": context.invoked_function_arn,
        "logs": [context.log_group_name, context.log_stream_name],
        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
        "client": client and [client.custom, client.client.app_title],
        "task root": os.environ["LAMBDA_TASK_ROOT"],
        "directory": os.getcwd(),
    }
"""

"""The one error of building, deploying and calling labs, and the wording of AWS's refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from workshop.errors import WorkshopError

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}


class LabError(WorkshopError):
    """A lab cannot do what was asked; the message is a sentence that names the fix."""


@contextmanager
def aws_errors(doing: str) -> Iterator[None]:
    """Turns what boto3 raises into a `LabError` that says what was being done, e.g. "reading the stack X"."""
    try:
        yield
    except NoCredentialsError as error:
        raise LabError(f"{doing}: there are no AWS credentials: sign in, or name a profile with --profile") from error
    except ProfileNotFound as error:
        raise LabError(f"{doing}: {error}: see 'aws configure list-profiles'") from error
    except TokenRetrievalError as error:
        raise LabError(f"{doing}: the AWS sign-in has expired: run 'aws sso login'") from error
    except ConnectionError as error:
        raise LabError(f"{doing}: the target is out of reach ({error}). Is it running? ./poe doctor tells") from error
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        hint = ": sign in to AWS again" if code in _EXPIRED else ""
        raise LabError(f"{doing}: {error}{hint}") from error
    except BotoCoreError as error:
        raise LabError(f"{doing}: {error}") from error

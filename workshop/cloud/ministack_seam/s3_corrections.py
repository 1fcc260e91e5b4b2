"""Faults of MiniStack 1.5.33's S3, mended until a release does it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.ElementTree import fromstring  # MiniStack's own choice
from ministack.services import s3

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

# What XML 1.0 has no character for, and the line end that a parser would take for another.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n"))
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")


def apply() -> None:
    """Mend them all."""
    _get_bucket_policy_status()
    _lifecycle_rules_as_they_came()
    _listings_of_keys_with_control_characters()
    s3._collect_list_entries = quick_pages(s3._collect_list_entries)


def _get_bucket_policy_status() -> None:
    """MiniStack does not know GetBucketPolicyStatus and lists the bucket instead; boto3 then reads an empty answer."""
    list_objects: Callable[[str, Any], Any] = s3._list_objects_v1

    def list_objects_or_policy_status(bucket: str, query: dict[str, Any]) -> Any:
        if "policyStatus" not in query:
            return list_objects(bucket, query)
        answer = s3._get_bucket_policy(bucket)
        if answer[0] != 200:
            return answer
        public = "true" if s3._policy_is_public(answer[2].decode()) else "false"
        body = f'<PolicyStatus xmlns="{_NAMESPACE}"><IsPublic>{public}</IsPublic></PolicyStatus>'
        return 200, {"Content-Type": "application/xml"}, body.encode()

    s3._list_objects_v1 = list_objects_or_policy_status


def _lifecycle_rules_as_they_came() -> None:
    """S3 makes up a missing id, and keeps the old form, a prefix without a filter. MiniStack does neither."""
    put: Callable[[str, bytes], Any] = s3._put_bucket_lifecycle
    get: Callable[[str], Any] = s3._get_bucket_lifecycle

    def put_whole(name: str, body: bytes) -> Any:
        scopes = _scopes(body)
        if any((prefix is None) is not has_filter for prefix, has_filter in scopes):
            return s3._error("MalformedXML", s3._MALFORMED_XML, 400)
        answer = put(name, body)
        rules = s3._bucket_lifecycle.get(name)
        # It keeps the body as text where it cannot read it.
        if answer[0] == 200 and isinstance(rules, list):
            for rule, (prefix, _) in zip(rules, scopes, strict=True):
                rule.setdefault("ID", uuid.uuid4().hex)
                if prefix is not None:
                    rule["Prefix"] = prefix
        return answer

    def get_whole(name: str) -> Any:
        status, headers, body = get(name)
        rules = s3._bucket_lifecycle.get(name)
        if status == 200 and any("Prefix" in rule for rule in rules):
            body = _with_prefixes(body, rules)
        return status, headers, body

    s3._put_bucket_lifecycle = put_whole
    s3._get_bucket_lifecycle = get_whole


def _scopes(body: bytes) -> list[tuple[str | None, bool]]:
    """Of each rule, its own prefix and whether it has a filter. Of what is no XML, nothing: MiniStack refuses that."""
    try:
        rules = fromstring(body).iterfind("{*}Rule")
    except (ParseError, ValueError):  # no XML, or more than is wanted of it
        return []
    return [(rule.findtext("{*}Prefix"), rule.find("{*}Filter") is not None) for rule in rules]


def _with_prefixes(body: bytes, rules: list[dict[str, Any]]) -> bytes:
    """A lifecycle's answer with each old rule's prefix in the place of its filter."""
    root = fromstring(body)
    for element, rule in zip(root, rules, strict=True):
        if "Prefix" in rule:
            scope = element.find("{*}Filter")
            if scope is None:
                continue
            scope.clear()
            scope.tag, scope.text = f"{{{_NAMESPACE}}}Prefix", rule["Prefix"]
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True, default_namespace=_NAMESPACE)
    return text


Page = tuple[list[str], list[str], bool, str]
"""Keys, common prefixes, whether there are more, where to go on."""


def quick_pages(collect: Callable[[Iterable[str], str, str, int, str], Page]) -> Callable[..., Page]:
    """MiniStack makes a row of every key in the bucket for each page of a listing: 0.3 s with 500,000 keys.

    The same pages by the same code, which sees no more keys than it needs.
    """

    def collect_needed(keys: Iterable[str], prefix: str, delimiter: str, max_keys: int, start_after: str) -> Page:
        needed = [key for key in keys if key > start_after and key.startswith(prefix)]
        if not delimiter:
            needed.sort()
            del needed[max(max_keys, 0) + 1 :]
        return collect(needed, prefix, delimiter, max_keys, start_after)

    return collect_needed


_encode_versions: ContextVar[bool] = ContextVar("workshop_s3_encode_versions", default=False)
_ENCODED = {"Key", "Prefix", "Delimiter", "KeyMarker", "NextKeyMarker"}


def _listings_of_keys_with_control_characters() -> None:
    """MiniStack overlooks `encoding-type=url` when it lists versions, and writes control characters as they are."""
    list_versions: Callable[[str, dict[str, Any]], Any] = s3._list_object_versions
    xml_body: Callable[[Element], bytes] = s3._xml_body

    def list_versions_encoded(bucket: str, query: dict[str, Any]) -> Any:
        token = _encode_versions.set(s3._qp(query, "encoding-type", "") == "url")
        try:
            return list_versions(bucket, query)
        finally:
            _encode_versions.reset(token)

    def xml_body_as_on_aws(root: Element) -> bytes:
        if root.tag == "ListVersionsResult" and _encode_versions.get():
            _url_encode(root)
        return _with_references(xml_body(root))

    s3._list_object_versions = list_versions_encoded
    s3._xml_body = xml_body_as_on_aws


def _url_encode(listing: Element) -> None:
    for element in listing.iter():
        if element.tag in _ENCODED and element.text:
            element.text = s3._url_encode(element.text)
    SubElement(listing, "EncodingType").text = "url"


def _with_references(body: bytes) -> bytes:
    """Control characters as references, like AWS. XML 1.0's parsers refuse most of these, as they do AWS's."""
    if len(body.translate(None, _CONTROLS)) == len(body):  # nearly always, and many times faster than the pattern
        return body
    return _CONTROL.sub(lambda found: b"&#x%X;" % found[0][0], body)

"""Pages of a listing, in this process and without a server: those that MiniStack itself would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ministack.services import s3

from workshop.cloud.ministack_seam.s3_corrections import quick_pages

KEYS = st.text("ab/é", min_size=1, max_size=5)


@given(st.sets(KEYS), KEYS | st.just(""), st.sampled_from(["", "/", "b"]), st.integers(-1, 4), KEYS | st.just(""))
def test_pages_are_those_of_ministack(
    keys: set[str], prefix: str, delimiter: str, max_keys: int, start_after: str
) -> None:
    bucket = dict.fromkeys(keys)
    asked = (bucket, prefix, delimiter, max_keys, start_after)
    assert quick_pages(s3._collect_list_entries)(*asked) == s3._collect_list_entries(*asked)


def test_ministack_sees_no_more_keys_than_a_page_needs() -> None:
    seen: list[str] = []

    def collect(keys: list[str], *_: object) -> tuple[list[str], list[str], bool, str]:
        seen.extend(keys)
        return [], [], False, ""

    quick_pages(collect)({f"{number:04}": None for number in range(5000)}, "", "", 1000, "0999")  # type: ignore[arg-type]
    assert seen == [f"{number:04}" for number in range(1000, 2001)]

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.cloud.execution.frames import FrameReader, encode


def soon() -> float:
    return time.monotonic() + 2


@given(st.lists(st.tuples(st.dictionaries(st.text(), st.integers()), st.binary(max_size=5000)), max_size=5))
def test_frames_come_out_as_they_went_in(frames: list[tuple[dict[str, int], bytes]]) -> None:
    reader, writer = os.pipe()
    frames = [({k: v for k, v in message.items() if k != "payload_len"}, payload) for message, payload in frames]
    try:
        os.write(writer, b"".join(encode(message, payload) for message, payload in frames))
        source = FrameReader(reader)
        for message, payload in frames:
            got, body = source.read(soon())
            assert got == {**message, "payload_len": len(payload)}
            assert body == payload
    finally:
        os.close(reader)
        os.close(writer)


def test_a_frame_may_arrive_in_pieces() -> None:
    reader, writer = os.pipe()
    frame = encode({"type": "response"}, b"\n{}\n")
    source = FrameReader(reader)
    os.write(writer, frame[:5])
    with pytest.raises(TimeoutError):
        source.read(time.monotonic() + 0.01)
    os.write(writer, frame[5:])
    assert source.read(soon()) == ({"type": "response", "payload_len": 4}, b"\n{}\n")


def test_a_closed_pipe_is_told_apart_from_silence() -> None:
    reader, writer = os.pipe()
    os.close(writer)
    with pytest.raises(EOFError):
        FrameReader(reader).read(soon())

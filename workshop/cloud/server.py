"""The server process: MiniStack, our executor in it, HTTP for clients and HTTPS for functions.

Run by `control.start`; `python -m workshop.cloud.server --help` for its arguments.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import secrets
import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from workshop.cloud import fingerprint, https, listening, ministack_environment, paths, state, sweep, tls
from workshop.cloud.admin import Action, Admin, Application
from workshop.cloud.errors import CloudError
from workshop.cloud.execution import admission_setting
from workshop.cloud.execution.admission import Admission
from workshop.cloud.execution.code_cache import CodeCache
from workshop.cloud.execution.conditions import Conditions
from workshop.cloud.execution.executor import Executor
from workshop.cloud.execution.pool import Pool
from workshop.cloud.execution.sandbox import Endpoint
from workshop.cloud.execution.spare import Spare
from workshop.cloud.faults.layer import FaultLayer

ACCOUNT = "000000000000"
_log = logging.getLogger("workshop.cloud")


def main() -> None:
    """Serve until SIGTERM or SIGINT, then end every execution environment."""
    arguments = _parse()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        server = _Server(arguments.port, arguments.tls_port, arguments.binary)
    except CloudError as error:
        sys.exit(str(error))
    try:
        uvloop.run(server.serve())
    finally:
        server.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="plain HTTP on 127.0.0.1, for clients")
    parser.add_argument("--tls-port", type=int, required=True, help="HTTPS on 127.0.0.1, for functions")
    parser.add_argument("--binary", type=Path, required=True, help="the execution-environment program")
    return parser.parse_args()


class _Server:
    def __init__(self, port: int, tls_port: int, binary: Path) -> None:
        self._port, self._tls_port = port, tls_port
        self._access_key_id = "LKIA" + secrets.token_hex(8).upper()
        self._secret_access_key = secrets.token_urlsafe(30)
        self._cgroup_parent = sweep.cgroup_parent()
        self._authority = tls.make(paths.private_directory("cloud", "tls"))
        ministack_environment.set_up(port, self._access_key_id, self._secret_access_key)

        # MiniStack reads its settings when it is imported: only now.
        from workshop.cloud.ministack_seam import self_test

        self_test.run()
        from workshop.cloud.ministack_seam import (
            afterwards,
            caller,
            concurrency,
            corrections,
            executor,
            insights,
            log_limit,
            metrics,
            request_limit,
            s3_corrections,
            shortcuts,
            threads,
            transitions,
        )

        corrections.apply()
        s3_corrections.apply()
        concurrency.apply()
        request_limit.apply()
        caller.apply()
        metrics.apply()
        threads.apply()
        shortcuts.apply()
        transitions.apply()
        insights.install()
        log_limit.LogLimit().install()
        self._pool = Pool(executor.is_current)
        self._admission = Admission(admission_setting.cores())
        self._conditions = Conditions()
        cache = CodeCache(paths.private_directory("cloud", "code"))
        endpoint = Endpoint(tls_port, port, self._authority.public)
        self._spare = Spare(binary, self._cgroup_parent)
        runs = Executor(
            self._spare, cache, self._pool, self._admission, endpoint, self._cgroup_parent, self._conditions
        )
        executor.install(runs, self._pool, afterwards.Afterwards())

    async def serve(self) -> None:
        _raise_file_limit()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        state.write(paths.state_file(), self._state())
        await listening.serve(self._application(), self._port, self._tls_port, https.context(self._authority), stop)

    def close(self) -> None:
        self._pool.close()
        self._spare.close()
        sweep.remove_leftovers(self._cgroup_parent)
        current = state.read(paths.state_file())
        if current and current.pid == os.getpid():
            paths.state_file().unlink(missing_ok=True)

    def _application(self) -> Application:
        from ministack.app import app

        faults = FaultLayer(app)
        actions: dict[tuple[str, str], Action] = {
            ("GET", "status"): self._status,
            ("POST", "backdate"): self._backdate,
            ("POST", "put-keys"): self._put_keys,
            ("POST", "empty"): self._empty,
            ("POST", "end-environments"): self._end_environments,
            ("GET", "faults"): faults.list,
            ("POST", "faults"): faults.add,
            ("POST", "clear-faults"): faults.clear,
            ("POST", "conditions"): self._change_conditions,
        }
        return Admin(faults, self._secret_access_key, actions)

    def _state(self) -> state.ServerState:
        return state.ServerState(
            pid=os.getpid(),
            started=state.process_start_time(os.getpid()) or "",
            port=self._port,
            tls_port=self._tls_port,
            access_key_id=self._access_key_id,
            secret_access_key=self._secret_access_key,
            fingerprint=fingerprint.of_server(),
            cgroup_parent=self._cgroup_parent,
        )

    async def _status(self, _: dict[str, Any]) -> dict[str, Any]:
        idle, busy = self._pool.counts()
        admitted, waiting = self._admission.counts()
        return {
            "environments": {"idle": idle, "busy": busy},
            "invocations": {"admitted": admitted, "waiting": waiting},
            "now": datetime.now(UTC).isoformat(),
        }

    async def _backdate(self, request: dict[str, Any]) -> dict[str, Any]:
        from workshop.cloud.ministack_seam import storage

        return {"changed": storage.backdate(ACCOUNT, request["bucket"], request["modified"])}

    async def _put_keys(self, request: dict[str, Any]) -> dict[str, Any]:
        from workshop.cloud.ministack_seam import storage

        return {"new": storage.put_keys(ACCOUNT, request["bucket"], request["keys"])}

    async def _empty(self, request: dict[str, Any]) -> dict[str, Any]:
        from workshop.cloud.ministack_seam import storage

        return {"forgotten": storage.empty(ACCOUNT, request["bucket"])}

    async def _end_environments(self, _: dict[str, Any]) -> dict[str, Any]:
        await asyncio.to_thread(self._pool.clear)
        return {}

    async def _change_conditions(self, wishes: dict[str, Any]) -> dict[str, Any]:
        before = asdict(self._conditions)
        self._conditions.change(wishes)
        await asyncio.to_thread(self._pool.clear)
        return before


def _raise_file_limit() -> None:
    """Every environment holds a few descriptors; the usual soft limit of 1024 is soon met."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()

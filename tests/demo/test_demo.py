"""The demo as a process: starts, says what it must, stops all of it, and explains itself when it cannot."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.adapters.sandbox.ports import Ports
from bot.demo.folder import Folder
from bot.demo.supervisor import Demo

FREE = ("--web-port", "0", "--xmpp-port", "0")


async def command(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def said(*arguments: str) -> tuple[int, str, str]:
    process = await command(*arguments)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):  # a child that nobody has waited for yet is dead all the same
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    return True


def is_socket(path: str) -> bool:
    return Path(path).is_socket()


async def gone(pids: list[int], within: float = 5) -> None:
    end = time.monotonic() + within
    while alive := [pid for pid in pids if runs(pid)]:
        assert time.monotonic() < end, f"still running: {len(alive)}"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def demo(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, Any]]]:
    process = await command("--json", "--data", str(data), *FREE)
    assert process.stdout
    pids: list[int] = []
    try:
        facts = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        pids = list(facts["pids"].values())
        yield process, facts
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


async def test_json_says_all_that_an_outside_program_needs(tmp_path: Path) -> None:
    async with demo(tmp_path) as (process, facts):
        assert {"web", "xmpp", "subscribers", "handset", "operator", "faults", "redis", "data", "pids"} <= set(facts)
        assert {"host", "port", "websocket", "domain", "bot"} <= set(facts["xmpp"])
        assert [(one["number"], one["role"]) for one in facts["desk"]["staff"]] == [
            ("1207", "agent"),
            ("1299", "leader"),
        ]
        assert all(one["link"].startswith(facts["desk"]["url"]) for one in facts["desk"]["staff"])
        assert facts["pids"]["desk"]
        brands = [who["brand"] for who in facts["subscribers"]]
        assert all(brands.count(brand) >= 3 for brand in ("gotone", "mzone", "easyown", "group"))
        assert {"jid", "password", "number", "brand", "service_password"} <= set(facts["subscribers"][0])
        assert is_socket(facts["redis"])
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 5) == 0
        assert time.monotonic() - begun < 5
        await gone(list(facts["pids"].values()), within=0.5)


async def test_secrets_are_made_here_and_only_for_the_owner(tmp_path: Path) -> None:
    async with demo(tmp_path / "a") as (_, one):
        pass
    async with demo(tmp_path / "b") as (_, two):
        assert one["subscribers"][0]["password"] != two["subscribers"][0]["password"]
        for file in (tmp_path / "b" / "secrets").iterdir():
            assert file.stat().st_mode & 0o077 == 0


async def bots_of(supervisor: int) -> list[int]:
    """Process ids of the bots that this supervisor runs."""
    ps = await asyncio.create_subprocess_exec("ps", "-Ao", "pid=,ppid=,args=", stdout=asyncio.subprocess.PIPE)
    out, _ = await ps.communicate()
    rows = [line.split(None, 2) for line in out.decode().splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == supervisor and " -m bot run " in row[2]]


async def test_a_dead_bot_is_started_again_within_a_second(tmp_path: Path) -> None:
    async with demo(tmp_path) as (process, facts):
        os.kill(facts["pids"]["bot"], signal.SIGKILL)
        async with asyncio.timeout(1):
            while not set(await bots_of(process.pid)) - {facts["pids"]["bot"]}:
                pass  # `ps` takes its time


async def test_a_dead_valkey_comes_back_with_what_it_held_and_the_bot_beside_it(tmp_path: Path) -> None:
    async with demo(tmp_path) as (process, facts):
        redis = Redis(unix_socket_path=facts["redis"])
        await redis.set("held", "1")
        os.kill(facts["pids"]["valkey"], signal.SIGKILL)
        os.kill(facts["pids"]["bot"], signal.SIGKILL)
        async with asyncio.timeout(20):
            while not set(await bots_of(process.pid)) - {facts["pids"]["bot"]}:
                pass  # `ps` takes its time
            while True:
                with contextlib.suppress(RedisConnectionError):
                    assert await redis.get("held") == b"1"
                    break
                await asyncio.sleep(0.1)
        new = (await redis.info("server"))["process_id"]
        await redis.aclose()
        assert new != facts["pids"]["valkey"]
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        await gone([new], within=0.5)


async def test_children_die_with_a_killed_supervisor_and_its_valkey_is_adopted(tmp_path: Path) -> None:
    async with demo(tmp_path) as (process, facts):
        process.kill()
        await process.wait()
        await gone([facts["pids"]["bot"], facts["pids"]["world"]])
        assert runs(facts["pids"]["valkey"])
        async with demo(tmp_path) as (_, again):
            assert again["pids"]["valkey"] == facts["pids"]["valkey"]
        await gone([facts["pids"]["valkey"]])


async def test_check_plays_a_conversation_with_its_serial(tmp_path: Path) -> None:
    code, out, err = await said("--check", "--data", str(tmp_path))
    assert code == 0, err
    assert "办理成功" in out
    assert "流水号 H" in out.splitlines()[-1]


PORTS = ("--web-port", "--xmpp-port", "--desk-port")


@pytest.mark.parametrize("option", PORTS)
async def test_a_port_in_use_is_one_sentence(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        others = [word for other in PORTS if other != option for word in (other, "0")]
        code, out, err = await said("--data", str(tmp_path), option, port, *others)
    assert (code, out) == (2, "")
    assert (
        err == f"hallbot: port {port} is in use: stop the program that holds it, or choose another one with {option}\n"
    )


async def test_a_port_that_somebody_took_meanwhile_is_exchanged(tmp_path: Path) -> None:
    with socket.socket() as held, socket.socket() as probe:
        held.bind(("127.0.0.1", 0))
        held.listen()
        probe.bind(("127.0.0.1", 0))
        taken, free = held.getsockname()[1], probe.getsockname()[1]
        probe.close()
        ports = iter((taken, taken, free))
        folder = Folder(tmp_path)
        with folder.lock():
            demo = Demo(folder, Ports(), port=lambda: next(ports))
            try:
                await demo.start()
                assert str(free) in folder.root.joinpath("bot.yaml").read_text("utf-8")
            finally:
                await demo.stop()


async def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = await said("--data", str(tmp_path / "file" / "data"))
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "--data" in err


async def test_a_folder_in_use_is_one_sentence(tmp_path: Path) -> None:
    async with demo(tmp_path):
        code, _, err = await said("--data", str(tmp_path), "--check")
    assert code == 2
    assert "already runs" in err


async def test_a_long_path_is_no_trouble_for_the_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    async with demo(deep) as (_, facts):
        assert is_socket(facts["redis"])

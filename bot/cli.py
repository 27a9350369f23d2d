"""What each command takes; the work is done by the modules it names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.adapters.sandbox.ports import Ports
from bot.admin import staff
from bot.paths import shipped

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A mobile operator's business hall in a chat.",
)
app.add_typer(staff, name="staff")
out = Console(highlight=False, soft_wrap=True, markup=False)

ConfigFile = Annotated[Path, typer.Argument(help="bot.yaml of the deployment")]
Data = Annotated[Path, typer.Option(help="folder for databases, secrets and logs; made when missing")]
WEB_PORT, XMPP_PORT, DESK_PORT = 8470, 15222, 8471
TESTER = "13800138001"


def _port(whose: str) -> Any:
    return typer.Option(min=0, max=65535, help=f"port of {whose}; 0 = any free one")


@app.command()
def demo(
    data: Data = Path("data"),
    check: Annotated[bool, typer.Option("--check", help="play one conversation without a browser, then stop")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object instead of the ready lines")] = False,
    web_port: Annotated[int, _port("the page")] = WEB_PORT,
    xmpp_port: Annotated[int, _port("XMPP clients")] = XMPP_PORT,
    desk_port: Annotated[int | None, _port(f"the web desk, {DESK_PORT} if not said")] = None,
    bots: Annotated[int, typer.Option(min=1, max=8, help="how many bot processes share the work")] = 1,
) -> None:
    """Start the whole hall on this machine, on loopback only; Ctrl-C stops it."""
    from bot.demo.show import show

    desk = (DESK_PORT if web_port else 0) if desk_port is None else desk_port
    ports = Ports(web=web_port, c2s=xmpp_port)
    raise typer.Exit(asyncio.run(show(data, ports, check=check, as_json=as_json, bots=bots, desk=desk)))


@app.command()
def run(
    config: ConfigFile = Path("bot.yaml"),
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Run the bot against real servers."""
    from bot.serve import serve

    raise typer.Exit(asyncio.run(serve(config, with_parent)))


@app.command()
def desk(
    config: ConfigFile = Path("bot.yaml"),
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Serve the web desk: staff log in with a browser."""
    from bot.console import serve_desk

    raise typer.Exit(asyncio.run(serve_desk(config, with_parent)))


@app.command(hidden=True)
def world(
    data: Data,
    web: int = 0,
    c2s: int = 0,
    component: int = 0,
    operator: int = 0,
    with_parent: Annotated[bool, typer.Option("--with-parent")] = False,
) -> None:
    """The demo's operator, chat server, handset and page."""
    from bot.demo.world import serve_world

    raise typer.Exit(asyncio.run(serve_world(data, Ports(web, c2s, component, operator), with_parent)))


@app.command()
def chat(
    number: Annotated[str, typer.Option("--as", help="subscriber number of the built-in test operator")] = TESTER,
    config: Annotated[Path | None, typer.Option(help="bot.yaml; the shipped one when left out")] = None,
) -> None:
    """Talk to the hall in this terminal: the same road, everything in memory. /why, /state, /sms, /wait 60s."""
    from bot.chat import chat as talk_here

    raise typer.Exit(asyncio.run(talk_here(config or shipped("bot.yaml"), number)))


@app.command()
def talk(
    files: Annotated[list[Path] | None, typer.Argument(help="talk files, or folders of them")] = None,
    record: Annotated[Path | None, typer.Option(help="write a talk file from a chat in this terminal")] = None,
    number: Annotated[str, typer.Option("--as", help="who chats while recording")] = TESTER,
    config: Annotated[Path | None, typer.Option(help="bot.yaml; the shipped one when left out")] = None,
) -> None:
    """Play conversation files on a virtual clock, or record one."""
    from bot.chat import chat as talk_here
    from bot.play import play_all

    if record:
        raise typer.Exit(asyncio.run(talk_here(config or shipped("bot.yaml"), number, record)))
    raise typer.Exit(asyncio.run(play_all(config or shipped("bot.yaml"), files or [])))


@app.command()
def check(config: ConfigFile = Path("bot.yaml")) -> None:
    """What a start would refuse in bot.yaml, its secrets and its words, each with its place. Connects to nothing."""
    from bot.check import check as checked

    found = checked(config)
    for line in found.warnings:
        out.print(f"warning: {line}")
    out.print(f"{config.name}: valid, {found.intents} intents, menus for {found.brands} brands")


@app.command()
def explain(
    text: str,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Why TEXT is understood as it is."""
    from bot.explain import explain as why

    found = why(text)
    if as_json:
        out.print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        out.print(f"{name:<12}{value if not isinstance(value, list) else ''}")
        if isinstance(value, list):
            for row in value:
                out.print(f"{'':<12}{row['score']:>5.1f}  {row['intent']:<20}{row['phrase']}")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled messages, one JSON object a line: text, intent, also, kind")],
    train: Annotated[Path | None, typer.Option(help="learn from this file instead of the hall's phrases")] = None,
    predictions: Annotated[Path | None, typer.Option(help="write what was understood, one JSON object a line")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    report: Annotated[Path | None, typer.Option(help="write an HTML page with pictures")] = None,
) -> None:
    """How well the messages of FILE are understood."""
    from bot.evaluate import run as evaluation

    result = evaluation.evaluate(file, train, predictions, report)
    out.print(evaluation.as_json(result) if as_json else evaluation.told(result))


Deployment = Annotated[Path, typer.Option("--config", help="bot.yaml of the deployment")]


@app.command()
def export(
    number: Annotated[str, typer.Argument(help="subscriber number, 11 digits")],
    config: Deployment = Path("bot.yaml"),
) -> None:
    """Everything that is kept about a subscriber number, as JSON on standard output."""
    from bot import admin

    out.print(admin.export(number, config))


@app.command()
def erase(
    number: Annotated[str, typer.Argument(help="subscriber number, 11 digits")],
    config: Deployment = Path("bot.yaml"),
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Forget what a subscriber said; operations stay for the audit, the number masked."""
    from bot import admin

    if not yes:
        typer.confirm("This cannot be undone. Go on?", abort=True)
    for what, count in admin.erase(number, config).items():
        out.print(f"{what}: {count}")


@app.command()
def replay(
    session: Annotated[int, typer.Argument(help="number of a session of the desk", min=1)],
    config: Deployment = Path("bot.yaml"),
) -> None:
    """Play what a customer typed, masked, against today's rules: what would be answered otherwise."""
    from bot import replay as replaying

    out.print("\n".join(asyncio.run(replaying.replay(config, session))))


@app.command()
def mine(
    file: Annotated[Path | None, typer.Argument(help="messages, one a line, plain or as JSON with a text")] = None,
    suggested: Annotated[bool, typer.Option("--suggested", help="what team leaders said it means, instead")] = False,
    config: Deployment = Path("bot.yaml"),
) -> None:
    """Group what was not understood into phrases for a person to accept."""
    from bot import admin
    from bot import mine as mining
    from bot.config import load
    from bot.wiring import Words

    if suggested:
        for intent, phrase in admin.suggested(config):
            out.print(f"{intent:<20}{phrase}")
        return
    if file is None:
        raise typer.BadParameter("name a FILE of messages, or --suggested")
    words = Words.of(load(shipped("bot.yaml")))
    out.print(mining.told(mining.mine(mining.read(file), words.matcher)))


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help="`messages`, `desk`, or `understanding`")] = "messages",
    rounds: Annotated[int, typer.Option(min=1, help="interleaved rounds per row")] = 5,
    messages: Annotated[int, typer.Option(min=64, help="messages per row, round and side")] = 4000,
    server: Annotated[str, typer.Option(help="the chat server between: sandbox, prosody")] = "sandbox",
) -> None:
    """Measure on servers of its own; exit 3 below a gate.

    `messages`: CPU per message beside a bare slixmpp echo. `desk`: what a full desk takes from the bot's own customers.
    `understanding`: CPU, memory and training of the matcher alone; takes no options; exit 1 below a gate that does not
    depend on the machine.
    """
    if what == "understanding":
        from bot.bench import understanding

        lines = understanding.measure()
        out.print(understanding.told(lines))
        raise typer.Exit(understanding.verdict(lines))
    if what == "desk":
        from bot.bench import desk, desk_report

        found = asyncio.run(desk.bench(rounds, messages))
        out.print(desk_report.told(found))
        raise typer.Exit(_missed(gate.held for gate in desk_report.gates(found)))
    if what != "messages":
        raise typer.BadParameter(f"there is no bench {what!r}; it is messages, desk or understanding")
    from bot.bench.ground import Server
    from bot.bench.report import gates, told
    from bot.bench.run import bench as measure

    if server not in set(Server):
        raise typer.BadParameter(f"there is no server {server!r}; it is {' or '.join(Server)}", param_hint="--server")
    results = asyncio.run(measure(rounds, messages, server=Server(server)))
    out.print(f"Chat server: {server}.")
    out.print(told(results))
    raise typer.Exit(_missed(gate.held for gate in gates(results)))


def _missed(held: Iterable[bool]) -> int:
    """3 is nothing else: who only prints the figures (.ci/run) must see that a bench broke off."""
    return 0 if all(held) else 3

"""What each command takes; the work is done by the modules it names."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.adapters.sandbox.ports import Ports
from bot.paths import shipped

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A mobile operator's business hall in a chat.",
)
out = Console(highlight=False, soft_wrap=True, markup=False)

ConfigFile = Annotated[Path, typer.Argument(help="bot.yaml of the deployment")]
Data = Annotated[Path, typer.Option(help="folder for databases, secrets and logs; made when missing")]
WEB_PORT, XMPP_PORT = 8470, 15222
TESTER = "13800138001"


@app.command()
def demo(
    data: Data = Path("data"),
    check: Annotated[bool, typer.Option("--check", help="play one conversation without a browser, then stop")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object instead of the ready lines")] = False,
    web_port: Annotated[int, typer.Option(help="port of the page; 0 = any free one")] = WEB_PORT,
    xmpp_port: Annotated[int, typer.Option(help="port for XMPP clients; 0 = any free one")] = XMPP_PORT,
    bots: Annotated[int, typer.Option(min=1, max=8, help="how many bot processes share the work")] = 1,
) -> None:
    """Start the whole hall on this machine, on loopback only; Ctrl-C stops it."""
    from bot.demo.show import show

    raise typer.Exit(
        asyncio.run(show(data, Ports(web=web_port, c2s=xmpp_port), check=check, as_json=as_json, bots=bots))
    )


@app.command()
def run(
    config: ConfigFile = Path("bot.yaml"),
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Run the bot against real servers."""
    from bot.serve import serve

    raise typer.Exit(asyncio.run(serve(config, with_parent)))


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
    """Validate bot.yaml: every error at once with file:line:column."""
    from bot.config import load
    from bot.wiring import Words

    found = load(config)
    words = Words.of(found)
    secrets = found.missing_secrets()
    for line in secrets:
        out.print(line)
    if secrets:
        raise typer.Exit(2)
    out.print(f"{config.name}: valid, {len(list(words.catalogue))} intents, menus for {len(found.menus)} brands")


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


@app.command()
def mine(
    file: Annotated[Path, typer.Argument(help="messages, one a line, plain or as JSON with a text")],
) -> None:
    """Group what was not understood into phrases for a person to accept."""
    from bot import mine as mining
    from bot.config import load
    from bot.wiring import Words

    words = Words.of(load(shipped("bot.yaml")))
    out.print(mining.told(mining.mine(mining.read(file), words.matcher)))


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help="`messages`, or `understanding`")] = "messages",
    rounds: Annotated[int, typer.Option(min=1, help="interleaved rounds per row")] = 5,
    messages: Annotated[int, typer.Option(min=64, help="messages per row, round and side")] = 4000,
) -> None:
    """Measure CPU per message beside a bare slixmpp echo, on servers of its own; exit 1 below a gate."""
    if what == "understanding":
        from bot.bench import understanding

        lines = understanding.measure()
        out.print(understanding.told(lines))
        raise typer.Exit(int(not all(line.held for line in lines)))
    if what != "messages":
        raise typer.BadParameter(f"there is no bench {what!r}; it is messages or understanding")
    from bot.bench.report import gates, told
    from bot.bench.run import bench as measure

    results = asyncio.run(measure(rounds, messages))
    out.print(told(results))
    raise typer.Exit(int(not all(gate.held for gate in gates(results))))

"""`cxid identify`: who is this, from identifiers or attributes, one question or a stream of them."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._outputs import damage_told
from cxid.cli._progress import working
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.cli._terminal import look_at
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE", help="email=..., phone=..., full_name=..., source:key, cx_...",
                       show_default=False),
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Answer JSON lines of stdin, one line each, as they come.")
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="A,B,...", help="Columns of profile and golden record to give.",
                     show_default="all of profile that have a value"),
    ] = None,
    sure: Annotated[
        float, typer.Option("--sure", metavar="P", min=0.5, max=0.9999, help="Confidence that names one customer.")
    ] = 0.9,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Make the index of the published run, ask nothing.")
    ] = False,
) -> None:  # fmt: skip
    """Say who somebody is, from identifiers or attributes.

    Answers from the published run, also while a build publishes the next: a
    customer with confidence, reasons, profile, the triggers that hold and
    consent; or the customers that it may be; or that nobody is like this.
    """
    console = console_of(ctx)
    if (stream or prepare) and question:
        raise UsageError("--stream and --prepare take no arguments", hint="`cxid identify email=ann@example.com` asks")
    if not (stream or prepare or question):
        raise UsageError(
            "nothing was asked", hint="`cxid identify email=ann@example.com`, or --stream for JSON lines on stdin"
        )
    asked = part("identify.question").parse_arguments(question or [])
    wanted = None if columns is None else [c.strip() for c in columns.split(",") if c.strip()]
    asking = part("identify.asking")
    config = load_config(console.settings)
    run_id = part("api").open_published(config).run_id
    if not asking.is_ready(config):
        console.say("making the index of the published run, once for each run")
        with damage_told(run_id), working(console, "opening the published run") as progress:
            asking.prepare(config, progress)
    with damage_told(run_id), asking.open_identifier(config, sure=sure, columns=wanted) as identifier:
        if prepare:
            console.say(f"run {identifier.run_id} can be asked")
            console.next("cxid identify NAME=VALUE")
        elif stream:
            _serve(console, identifier)
        else:
            _answer(console, identifier.ask(asked))


def _serve(console: Console, identifier: Any) -> None:
    if console.settings.format not in (None, Format.JSONL):
        raise UsageError("--stream writes JSON lines", hint="leave --format out")
    if look_at(sys.stdin, {}).is_tty:
        console.say('one JSON object a line, such as {"email": "ann@example.com"}; Ctrl-D ends')

    def write(answer: Any) -> None:
        console.line(answer.to_dict())
        console.out.flush()

    count, wrong = part("identify.stream").serve(identifier, sys.stdin.buffer, write)
    console.say(f"{count:,} answers" + (f", {wrong:,} of them errors" if wrong else ""))


def _answer(console: Console, answer: Any) -> None:
    if console.settings.output is Format.TABLE:
        _draw(console, answer)
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value"), _flat(answer))
    else:
        console.document(answer.to_dict())


def _flat(answer: Any) -> list[tuple[str, str, Any]]:
    rows: list[tuple[str, str, Any]] = [
        ("answer", "status", answer.status.value),
        ("answer", "customer_id", answer.customer_id),
        ("answer", "confidence", answer.confidence),
        ("answer", "run", answer.run_id),
    ]
    rows += [("reason", str(n), words) for n, words in enumerate(answer.reasons, 1)]
    for candidate in answer.candidates:
        rows.append(("candidate", candidate.customer_id, candidate.confidence))
        rows += [("candidate reason", candidate.customer_id, words) for words in candidate.reasons]
    rows += [("profile", name, value) for name, value in answer.profile.items()]
    for name, listed in (("trigger", answer.triggers), ("consent", answer.consent)):
        rows += [(f"{name} {n}", k, v) for n, each in enumerate(listed, 1) for k, v in each.items() if v is not None]
    return rows


def _percent(confidence: float) -> str:
    return str(part("explain.words").percent(round(confidence * 1_000_000)))


def _draw(console: Console, answer: Any) -> None:
    """The answer as a page; a pipe gets the same as rows."""
    if not console.screen.is_tty:
        console.rows(("part", "name", "value"), _flat(answer))
        return
    style = {"identified": "green", "ambiguous": "yellow"}.get(answer.status.value, "bold")
    who = f" {answer.customer_id}, {_percent(answer.confidence)}" if answer.customer_id else ""
    console.text(f"{answer.status.value}{who}", style=style)
    for words in answer.reasons:
        console.text(f"  {console.safe(words)}")
    for candidate in answer.candidates:
        console.text()
        console.text(f"{candidate.customer_id}  {_percent(candidate.confidence)}", style="bold")
        for words in candidate.reasons:
            console.text(f"  {console.safe(words)}")
    if answer.profile:
        console.text()
        console.grid(("profile", ""), answer.profile.items())
    for listed in (answer.triggers, answer.consent):
        if listed:
            console.text()
            console.grid(tuple(listed[0]), [tuple(each.values()) for each in listed])
    console.say(f"from run {answer.run_id}")
    if answer.customer_id:
        console.next(f"cxid show {answer.customer_id}")
    elif answer.candidates:
        console.next(f"cxid show {answer.candidates[0].customer_id}")

"""Requests as JSON lines in, answers as JSON lines out: one for each, in order, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from cxid.errors import CxidError, ErrorCode, UsageError
from cxid.identify.asking import Identifier
from cxid.identify.model import Answer, Status
from cxid.identify.question import REQUEST

LONGEST = 1 << 16  # bytes of a line
_CHUNK = 1 << 16


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """Each line as soon as it is there, without its end; None for one that is too long, of which little is held."""
    while line := stream.readline(LONGEST + 1):
        if line.endswith(b"\n"):
            yield line[:-1]
            continue
        if len(line) <= LONGEST:  # the last one
            yield line
            return
        while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            continue
        yield None


def answer_line(identifier: Identifier, line: bytes | None) -> Answer:
    """The answer to one line; an error is an answer."""
    request: Any = None
    try:
        request = _request(line)
        return identifier.ask(request)
    except CxidError as error:
        code, words, hint = error.code, error.message, error.hint
    except Exception as error:  # a stream goes on, whatever a line does to us
        code, words, hint = (
            ErrorCode.BUG,
            f"a bug in cxid ({type(error).__name__})",
            "report it with the names in the request",
        )
    asked = request.get(REQUEST) if isinstance(request, dict) else None
    known = asked if isinstance(asked, str | int) and not isinstance(asked, bool) and len(str(asked)) < 1000 else None
    return Answer(Status.ERROR, identifier.run_id, request_id=known, code=str(code), error=words, hint=hint)


def _request(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise UsageError(f"a line of more than {LONGEST:,} bytes", hint="one request is one short object on one line")
    try:
        content = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise UsageError("not UTF-8", hint="write the lines in UTF-8") from None
    except (ValueError, RecursionError):
        raise UsageError("not a JSON object", hint='write one a line, such as {"email": "ann@example.com"}') from None
    if not isinstance(content, dict):
        raise UsageError("not a JSON object", hint='write one a line, such as {"email": "ann@example.com"}')
    return content


def serve(identifier: Identifier, requests: BinaryIO, write: Callable[[Answer], None]) -> tuple[int, int]:
    """Answer every line until there are no more; (answered, of these errors)."""
    count = wrong = 0
    for line in lines_of(requests):
        answer = answer_line(identifier, line)
        write(answer)
        count += 1
        wrong += answer.status is Status.ERROR
    return count, wrong

"""A simulation as text: the replays as a table, then what a trial says, or why nothing is said."""

from __future__ import annotations

from typing import Any

from cxid.cli._console import Console
from cxid.cli._grid import fold
from cxid.cli._registry import part
from cxid.privacy import terminal_text

_WIDEST = 110
_SAID = {"bought": "bought again", "revenue": "revenue a customer", "silent": "went silent"}


def draw_simulation(console: Console, found: Any) -> None:
    """Write it on stdout."""
    console.text(console.safe(f"{found.name}: {found.action}"), style="bold")
    console.text(console.safe(f"when {' '.join(found.when.split())}"))
    console.text()
    console.text(f"Replayed with what was known then; followed for {found.window_days} days", style="bold cyan")
    _replays(console, found)
    if any(replay.holdout.customers for replay in found.replays):
        _say(console, "Hit and hash holdout are one group split by a hash: in a replay nobody is treated, so that they "
                      "differ by chance.")  # fmt: skip
    for replay in found.replays[-1:]:
        _known(console, replay)
    for trial in found.trials:
        _trial(console, found, trial)
    console.text()
    if found.refused:
        _say(console, f"No effect is told: {found.refused}.", "yellow")
        console.say(f"next: {part('simulate.simulating').HOW_TO_TRY}")
    for note in found.notes:
        _say(console, f"note: {note}")


def _replays(console: Console, found: Any) -> None:
    money = f"revenue {found.currency}".strip()
    rows = []
    for replay in found.replays:
        for name, group in (("hit", replay.act), ("hit, hash holdout", replay.holdout), ("not hit", replay.others)):
            if name != "hit, hash holdout" or group.customers:
                rows.append((f"{replay.moment:%Y-%m-%d}", name, *_group(group)))
        if replay.capped or replay.no_consent:
            said = [
                f"{n:,} {why}" for n, why in ((replay.capped, "over the cap"), (replay.no_consent, "no consent")) if n
            ]
            rows.append((f"{replay.moment:%Y-%m-%d}", ", ".join(said), "", "", "", "", ""))
    console.grid(("day", "group", "customers", "bought", "orders", money, "silent"), rows)
    if found.other_currencies:
        console.text(f"{found.other_currencies:,} orders in other currencies are in orders, not in revenue")


def _group(group: Any) -> tuple[str, ...]:
    return (
        f"{group.customers:,}",
        _share(group.buyers, group.customers),
        f"{group.orders:,}",
        f"{group.revenue:,.2f}",
        _share(group.silent, group.customers),
    )


def _share(some: int, of: int) -> str:
    return f"{some / of:.1%}" if of else ""


def _known(console: Console, replay: Any) -> None:
    known = replay.known
    text = (
        f"Known on {replay.moment:%Y-%m-%d}: {known.records:,} records and {known.events:,} events, "
        f"{known.customers:,} customers by them."
    )
    if known.records_left_out:
        text += f" {known.records_left_out:,} records were changed later: what they said then is not known; left out."
    if known.records_undated:
        text += f" {known.records_undated:,} records carry no date of change and count as known always."
    _say(console, text)


def _trial(console: Console, found: Any, trial: Any) -> None:
    console.text()
    console.text(f"Effect, by the {trial.kind}", style="bold cyan")
    days = f"{trial.since:%Y-%m-%d}" + (f" to {trial.until:%Y-%m-%d}" if trial.until != trial.since else "")
    _say(
        console,
        f"{trial.source}: {trial.customers:,} customers, {days}. Arms as uneven as these come by chance with "
        f"probability {trial.mismatch:.2g}; {trial.in_both_arms:,} customers are in both arms and left out; "
        f"{trial.mixed_households:,} of those held out share a household with a treated customer"
        + (f"; of {trial.too_late:,} the window is not over" if trial.too_late else "")
        + (f"; {trial.of_nobody:,} rows are of no customer" if trial.of_nobody else "")
        + ".",
    )
    if trial.refused:
        return
    rows = []
    for uplift in trial.uplifts:
        sizes = f"{uplift.treated.customers:,} / {uplift.control.customers:,}"
        for d in uplift.differences:
            rows.append((uplift.who, sizes, _SAID[d.outcome], *_difference(d)))
        if uplift.refused:
            rows.append((uplift.who, sizes, uplift.refused, "", "", "", ""))
    console.grid(("who", "treated / held out", "outcome", "treated", "held out", "effect", "95 % interval"), rows)
    if not trial.uplifts[0].refused:
        _size(console, found, trial.uplifts[0])


def _size(console: Console, found: Any, uplift: Any) -> None:
    if uplift.found_from is None:
        finds = "this one is too small to say from where on it finds one"
    else:
        finds = f"this one finds {100 * uplift.found_from:.1f} points or more"
    _say(
        console,
        f"To find {100 * found.detect:g} points of difference in who buys in four trials of five takes "
        f"{uplift.needed:,} customers in each arm; {finds}. What counts is who was assigned, whether the action "
        "reached them or not. Buying is the main outcome; the others are looks beside it.",
    )


def _difference(d: Any) -> tuple[str, str, str, str]:
    if d.outcome == "revenue":
        return f"{d.treated:,.2f}", f"{d.control:,.2f}", f"{d.difference:+,.2f}", f"{d.low:+,.2f} to {d.high:+,.2f}"
    points = f"{100 * d.low:+.1f} to {100 * d.high:+.1f} points"
    return f"{d.treated:.1%}", f"{d.control:.1%}", f"{100 * d.difference:+.1f} points", points


def _say(console: Console, text: str, style: str = "") -> None:
    width = min(console.screen.width, _WIDEST) if console.screen.is_tty else 100_000
    for line in fold(terminal_text(text), width):
        console.text(line, style=style)

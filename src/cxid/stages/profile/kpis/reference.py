"""docs/reference/kpi.md, made from the definitions."""

from __future__ import annotations

from cxid.config.kpis import HIGHER_IS_BETTER
from cxid.stages.profile.kpis.definitions import METRICS, PHASES

_HEAD = """# KPIs

The figures of the whole company in table `kpi`: one row for each metric and period, by segment or currency where the
metric has them. `value` is `numerator` over `denominator`; a metric without a denominator is a count.

A period is a week, month, quarter or year (`kpis.period`, a month when left out) by the clock of `profile.timezone`;
`total` is the whole span. The period that holds as_of is not over: `is_complete` is false there. Events after as_of do
not count. Everything is seen with today's identity: a customer who became known later is known in every period, so a
figure of the past may move with a later build. `cxid diff` tells how much of a change is people and how much identity.

Set what a metric should be under `kpis.targets`; `status` is then met or missed. It is `no_target` without one, and
`unknown` where the value is: `missing` then says what would feed it. No metric is 0 because nobody knows it.

```yaml
kpis:
  period: quarter
  targets: {repeat_rate: 40%, churn_rate: 8%, nps: 30}
```
"""


def _better(metric: str) -> str:
    return "at least" if HIGHER_IS_BETTER[metric] else "at most"


def page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, "\n| metric | phase | unit | target |\n|---|---|---|---|\n"]
    parts += [f"| [`{m.name}`](#{m.name}) | {m.phase} | {m.unit} | {_better(m.name)} |\n" for m in METRICS]
    for phase in PHASES:
        parts.append(f"\n## {phase[0].upper()}{phase[1:]}\n")
        for m in METRICS:
            if m.phase == phase:
                parts.append(
                    f"\n### {m.name}\n\n{m.definition}\n\n| | |\n|---|---|\n| unit | {m.unit} |\n"
                    f"| numerator | {m.numerator} |\n| denominator | {m.denominator or 'none: a count'} |\n"
                    f"| target | {_better(m.name)} |\n| fed by | {m.fed_by} |\n"
                )
    return "".join(parts)

"""A way to run every command, subcommand and option, and what is to be expected of it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum

from cxid.cli._customer.page import SECTIONS as CUSTOMER_SECTIONS
from cxid.cli._report import SECTIONS


class Place(StrEnum):
    """Where a line runs."""

    BUILT = "built"  # the company with two runs, which the line only looks at
    COPY = "copy"  # a copy of it, which the line may change
    FILES = "files"  # a copy of its files, without config and without a run
    NOWHERE = "nowhere"  # an empty folder


class Data(StrEnum):
    """What stands on stdout with --format json."""

    DOCUMENT = "one JSON document"
    NOTHING = "nothing, as it goes into a file"
    REFUSED = "nothing, as the output has a format of its own: exit 2 says so"


@dataclass(frozen=True)
class Line:
    """The words behind `cxid`. {new} is an empty folder, {project} the folder of the project."""

    words: str
    place: Place = Place.BUILT
    data: Data = Data.DOCUMENT
    code: int = 0
    stdin: str | None = None  # None: who reads it fails
    is_heavy: bool = False  # it takes seconds

    @property
    def command(self) -> str:
        return self.words.split()[0]

    def arguments(self, new: str, project: str) -> list[str]:
        return [word.format(new=new, project=project) for word in shlex.split(self.words)]


_QUESTIONS = '{"email": "bob.1@x.example"}\n{"email": "\\u001b[2J"}\nno json \x1b[2J\n'
_PARTS = "source,record_key,part\ncrm,k2,a\nshop,s2,b\n"
_ANSWERS = "decision,pair,note\ndifferent,crm:k3 shop:s4,<b>seen\n"

LINES = (
    # ---- start
    Line("init {project}/data --country gb --name acme", Place.FILES),
    Line("init", Place.FILES),
    Line("init --force", Place.COPY, is_heavy=True),
    Line("demo {new}/company --people 50 --seed 2", Place.NOWHERE),
    # ---- run
    Line("check", is_heavy=True),
    Line("plan --discard --exit-code --as-of 2026-06-02 --threads 1", Place.COPY, code=10, is_heavy=True),
    Line("plan --refit --full-refresh --memory-limit 1GB", Place.COPY, is_heavy=True),
    Line("build", Place.COPY),
    Line("build --force --refit --full-refresh --as-of 2026-06-02 --memory-limit 1GB --threads 1 "
         "--accept id_churn_max", Place.COPY, is_heavy=True),
    # ---- look
    Line("report"),
    Line("report r0001 " + " ".join(f"--section {name}" for name in SECTIONS)),
    Line("report --html {new}/page.html --unmasked", data=Data.NOTHING),
    Line("report --html {new}/page.html", data=Data.NOTHING),
    Line("show crm:k7"),
    Line("show crm:k2 --mask --all --events 3 --run r0001"),
    Line("show crm:k2 " + " ".join(f"--section {name}" for name in CUSTOMER_SECTIONS)),
    Line("show city=bath"),
    Line("why crm:k2"),
    Line("why crm:k2 shop:s4 --run r0001"),
    Line("why crm:k1 shop:s2 --masked"),
    Line("find ann"),
    Line("find script --limit 1"),
    Line("find nobody-of-this-name"),
    Line("diff"),
    Line("diff r0001 r0002 --section golden --section moves --values --masked --moves 3 --exit-code", code=10),
    Line("diff 1 2 --values"),
    Line("simulate win_back", is_heavy=True),
    Line("simulate win_back --at 2026-03-15 --replays 2 --window 30 --when 'orders >= 2' --detect 1", is_heavy=True),
    Line("query 'SELECT * FROM golden_customer ORDER BY customer_id'"),
    Line("query 'SELECT * FROM touchpoint ORDER BY 1, 2, 3, 4, 5'"),
    Line("query 'SELECT * FROM kpi WHERE false'"),
    Line("query -", stdin="SELECT * FROM quarantine"),
    Line("identify email=bob.1@x.example"),
    Line("identify 'full_name=Cleo Adler' 'city=<script>alert(1)</script>' --columns note,city --sure 0.6"),
    Line("identify --stream", data=Data.REFUSED, stdin=_QUESTIONS),
    Line("identify --prepare", data=Data.NOTHING),
    # ---- decide
    Line("review --no-input", data=Data.NOTHING, code=2),
    Line("review export {new}/review.csv --limit 5 --audit 50% --masked", Place.COPY, data=Data.NOTHING),
    Line("review export - --source shop --separator ;", data=Data.REFUSED),
    Line("review import - --who ann --reason seen --when 2026-05-02 --dry-run", stdin=_ANSWERS),
    Line("review import - --who ann", Place.COPY, stdin=_ANSWERS),
    Line("link crm:k3 shop:s4 --who ann --reason seen --when 2026-05-02 --dry-run"),
    Line("link crm:k3 shop:s4", Place.COPY),
    Line("unlink crm:k3 shop:s4 --who ann --reason seen --when 2026-05-02 --dry-run"),
    Line("unlink crm:k2 --list"),
    Line("unlink crm:k2 --parts - --together --dry-run", stdin=_PARTS),
    Line("unlink crm:k2 --apart shop:s2 --keep crm:k2", Place.COPY),
    Line("unlink crm:k2 --each", Place.COPY),
    Line("pin crm:k3 'city=<b>Rome[/b]' --who ann --reason seen --when 2026-05-02 --dry-run"),
    Line("pin crm:k3 'city==cmd()'", Place.COPY),
    Line("eval {project}/truth.csv --errors 3"),
    Line("eval --truth {project}/truth.csv --source-column source --key-column record_key --entity-column person_id "
         "--known-only --section measures"),
    Line("eval"),
    Line("eval --sample 5 --seed 2 --values plain", data=Data.REFUSED),
    Line("eval --sample 5 --groups --values masked --out {new}/sample.csv", data=Data.NOTHING),
    Line("eval --reviewed {project}/reviewed.csv"),
    # ---- operate
    Line("runs"),
    Line("runs rollback", Place.COPY),
    Line("runs rollback r0001", Place.COPY),
    Line("clean --keep 1", Place.COPY),
    Line("clean --keep 1 --yes", Place.COPY),
    Line("export --no-purpose --columns '*' --where 'record_count >= 1'"),
    Line("export --purpose '<script>alert(1)</script>' --channel email --as-of 2026-05-01 --masked"),
    Line("export --no-purpose --pseudonymise --key-file {project}/key --to {new}/rows.jsonl"),
    Line("export --no-purpose --to {new}/rows.csv --delta crm --restart --overwrite", Place.COPY),
    Line("docs dbt", data=Data.REFUSED),
    Line("docs errors"),
    Line("docs errors no_build"),
    Line("docs dbt --to {new}/sources.yml --location 's3://x/{{name}}.parquet'", data=Data.NOTHING),
    Line("doctor"),
    Line("doctor", Place.NOWHERE),
    Line("schema", Place.NOWHERE),
    Line("schema --write", Place.COPY, data=Data.NOTHING),
    Line("completion bash", Place.NOWHERE, data=Data.REFUSED),
    Line("completion zsh", Place.NOWHERE, data=Data.REFUSED),
    Line("completion fish", Place.NOWHERE, data=Data.REFUSED),
    Line("completion bash --install", Place.NOWHERE, data=Data.NOTHING),
)  # fmt: skip

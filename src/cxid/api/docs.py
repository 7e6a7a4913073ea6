"""The outputs described for other tools."""

from __future__ import annotations

from cxid.api.published import opened
from cxid.config.model import Config
from cxid.errors import UsageError
from cxid.exporting.dbt import location_of, sources_yaml


def docs(config: Config, what: str = "dbt", *, location: str | None = None) -> str:
    """The text of a sources.yml for dbt: every published table and column, with its meaning and tests."""
    if what != "dbt":
        raise UsageError(f'docs knows no "{what}"', hint="`cxid docs dbt` writes a sources.yml")
    with opened(config) as (published, engine):
        if location is None and "parquet" not in config.outputs.formats:
            raise UsageError(
                "outputs.formats has no parquet", hint="add it, or say with --location where the files are"
            )
        columns = {name: engine.columns(name) for name in published.tables}
    return sources_yaml(columns, location or location_of(published.output_dir), config.project)

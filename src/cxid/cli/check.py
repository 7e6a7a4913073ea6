import typer
def command(ctx: typer.Context) -> None:
    """X."""

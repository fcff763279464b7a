"""The `laocai` command. A command imports what it needs when it runs, so that help is instant."""

import typer

from api.cli.alerts import alerts
from api.cli.processes import processes
from api.cli.province import communes, province

app = typer.Typer(no_args_is_help=True)
app.add_typer(processes)
app.add_typer(province)
app.add_typer(communes, name="communes")
app.add_typer(alerts, name="alerts")


@app.callback(help="The back end of the province of Lào Cai.")
def keep_the_log_quiet() -> None:
    """Leave a command's output to its answer; serve and worker set up the log as settings say."""
    from api.kit.log import configure_log

    configure_log("warning", "text")


def main() -> None:
    """Run the command line."""
    app()

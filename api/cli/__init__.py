"""The `laocai` command. A command imports what it needs when it runs, so that help is instant."""

import typer

from api.cli.admin import admin
from api.cli.alerts import alerts
from api.cli.audit import audit
from api.cli.backups import backups
from api.cli.conditions import conditions
from api.cli.health_systems import health_systems
from api.cli.keys import keys
from api.cli.migrations import migrate
from api.cli.open311 import open311
from api.cli.places import places
from api.cli.processes import processes
from api.cli.province import communes, province
from api.cli.satisfaction import satisfaction
from api.cli.tours import tours
from api.cli.trails import trails
from api.cli.verify import verify
from api.cli.wallet import wallet

app = typer.Typer(help="The back end of the province of Lào Cai.", no_args_is_help=True)
app.add_typer(processes)
app.add_typer(backups)
app.add_typer(province)
app.add_typer(communes, name="communes")
app.add_typer(tours, name="tours")
app.add_typer(trails, name="trails")
app.add_typer(alerts, name="alerts")
app.add_typer(conditions, name="conditions")
app.add_typer(admin, name="admin")
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
app.add_typer(places, name="places")
app.command()(verify)
app.command()(migrate)
app.add_typer(wallet, name="wallet")
app.add_typer(health_systems, name="health-systems")
app.add_typer(satisfaction, name="satisfaction")
app.add_typer(open311, name="open311")


def main() -> None:
    """Run the command line. A command's output is its answer, so the log stays quiet.

    `serve` and `worker` set the log up anew, as the settings say.
    """
    from api.cli.checked_settings import warn_of_unknown_settings, wrong_settings_shown
    from api.kit.log import configure_log

    configure_log("warning", "text")
    warn_of_unknown_settings()
    with wrong_settings_shown():
        app()

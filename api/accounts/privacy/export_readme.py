"""README.txt of an export: what each file tells, in the person's language."""

from collections.abc import Sequence

from api.accounts.privacy.export_repository import DataExport
from api.kit.errors import N_
from api.kit.formats import moment_text
from api.kit.personal_data import PersonalData
from locales import translator

TITLE = N_("A copy of your data")
ORIGIN = N_("You asked for it in the {province} app on {moment}.")
READING = N_("Each file can be opened with a text editor or a web browser. Times are in UTC.")
OMITTED = N_(
    "Not in it: the one-time codes of the last hour, counts that show no names, and the record of"
    " which clerks looked at your data. Ask the provincial authority for that record."
)


def readme(holders: Sequence[PersonalData], export: DataExport) -> str:
    """Return the text, with the line ends that every editor knows."""
    translate = translator(export.language)
    moment = moment_text(export.requested_at, export.language)
    head = [translate(TITLE), "", translate(ORIGIN).format(moment=moment), translate(READING)]
    files = [
        line
        for holder in holders
        for line in ("", f"{holder.name}.json", f"    {translate(holder.explanation)}")
    ]
    return "".join(f"{line}\r\n" for line in (*head, *files, "", translate(OMITTED)))

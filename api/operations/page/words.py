"""Every word of the operator's page, in the reader's language."""

from collections.abc import Mapping

from api.kit.errors import N_

TITLE = N_("How the service is doing")
WITHOUT_SCRIPT = N_(
    "This page needs JavaScript to sign you in. The query `operations` tells the same."
)
WORDS: Mapping[str, str] = {
    "languages": N_("Language"),
    "sign_in": N_("Sign in"),
    "for_administrators": N_("For administrators. What is shown here names nobody."),
    "address": N_("Phone number or e-mail address"),
    "send_code": N_("Send me a code"),
    "code": N_("Code of six digits"),
    "sign_out": N_("Sign out"),
    "now": N_("Now"),
    "read_at": N_("Read at"),
    "version": N_("Version"),
    "store": N_("Store, milliseconds"),
    "redis": N_("Redis"),
    "bot": N_("Assistant"),
    "outbox": N_("What waits to be sent"),
    "lane": N_("Queue"),
    "depth": N_("Waiting"),
    "oldest": N_("Oldest, seconds"),
    "leased": N_("Being done"),
    "jobs": N_("Work in the background"),
    "due": N_("Due"),
    "parked": N_("Given up"),
    "alerts": N_("Warnings in force"),
    "alert": N_("Warning"),
    "devices": N_("Devices"),
    "accepted": N_("Handed over"),
    "refused": N_("Refused"),
    "retired": N_("Gone"),
    "opened": N_("Opened"),
    "safe": N_("Safe"),
    "need_help": N_("Need help"),
    "feeds": N_("Feeds of warnings"),
    "agency": N_("Agency"),
    "polled_at": N_("Asked last"),
    "succeeded_at": N_("Read last"),
    "failures": N_("Failures in a row"),
    "last_error": N_("What went wrong last"),
    "stations": N_("Stations"),
    "in_use": N_("In use"),
    "silent": N_("Silent"),
    "reports": N_("Reports that wait too long"),
    "to_accept": N_("To be accepted"),
    "to_answer": N_("To be answered"),
    "to_fix": N_("To be fixed"),
    "certificates": N_("Certificates of agencies"),
    "ends_at": N_("Valid until"),
    "sms": N_("SMS of today (UTC)"),
    "cap": N_("Kind"),
    "used": N_("Sent"),
    "most": N_("At most"),
}
"""What the page shows from the start."""
SAID_BY_THE_PAGE: Mapping[str, str] = {
    "sent": N_("A code is on its way to you."),
    "signed-out": N_("You are signed out."),
    "not-allowed": N_("Only administrators may see this."),
    "unread": N_("The state could not be read. What is shown is older."),
    "unreached": N_("The service could not be reached. Please try again."),
    "attention": N_("needs attention"),
    "yes": N_("is there"),
    "no": N_("does not answer"),
    "none": N_("None."),
    "never": N_("never"),
    "unused": N_("not used"),
}
"""What the script of the page says, when it is time."""

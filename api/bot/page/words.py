"""Every word of the chat page, in the reader's language."""

from collections.abc import Mapping

from api.kit.errors import N_

TITLE = N_("Ask the province")
INTRODUCTION = N_(
    "Ask about places, weather, roads, doctors, cards or reports. The answers come from an assistant."
)
WORDS: Mapping[str, str] = {
    "emergency": N_("In an emergency, call"),
    "languages": N_("Language"),
    "conversation": N_("Conversation"),
    "message": N_("Your message"),
    "send": N_("Send"),
    "again": N_("Start anew"),
    "position": N_("Share my position"),
}
"""What the page shows from the start."""
SAID_BY_THE_PAGE: Mapping[str, str] = {
    "you": N_("You:"),
    "assistant": N_("Assistant:"),
    "desk": N_("The desk:"),
    "waiting": N_("The answer is on its way."),
    "unanswered": N_("No answer came. Please try again, or call one of the numbers above."),
    "empty": N_("Please write a message first."),
    "unplaced": N_("Your position could not be found out."),
    "forgotten": N_("The conversation was cleared because nobody went on with it."),
    "ended": N_("The desk has ended the conversation. The assistant answers again."),
    "taken": N_("Somebody at the desk is answering you now."),
}
"""What the script of the page says, when it is time."""
WITHOUT_SCRIPT = N_(
    "This page needs JavaScript to send messages. You can always call one of the numbers above, or 1022."
)

"""The recorder's page: one article a message or text, the newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Self

from api.kit.errors import N_
from api.kit.formats import moment_text
from locales import translator
from notifications.recordings import Recording
from notifications.texts import Channel, TextRecording

REFRESH_SECONDS = 5

TITLE = N_("What phones received")
EXPLANATION = N_(
    "Where no service for push messages, SMS or e-mail is set up, messages are recorded here"
    " instead of being sent. They are kept for 7 days."
)
DEVICE = N_("Device")
ADDRESS = N_("Phone number or e-mail address")
FILTER = N_("Show only these")
PAUSE = N_("Stop refreshing this page")
RESUME = N_("Refresh this page every few seconds")
EMPTY = N_("Nothing has been recorded.")
RECORDED = N_("Recorded")
PLATFORM = N_("Platform")
LANGUAGE = N_("Language")
PRIORITY = N_("Priority")
CHANNEL = N_("Channel")
CHANNELS = {Channel.SMS: N_("SMS"), Channel.EMAIL: N_("E-mail")}

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "article{border:1px solid #767676;border-radius:.5rem;padding:0 1rem;margin:1rem 0}"
    "article p{white-space:pre-line}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}"
    "code{overflow-wrap:anywhere}"
)
_Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader looks for: one device, one address, or, when both are empty, everything."""

    device: str
    to: str

    @classmethod
    def of(cls, device: str | None, to: str | None) -> Self:
        """Read them from an address, where the "+" of a number arrives as a space."""
        return cls(device or "", (to or "").replace(" ", "+"))

    @property
    def is_empty(self) -> bool:
        return not (self.device or self.to)


def page(
    recordings: Sequence[Recording | TextRecording],
    filters: Filters,
    language: str,
    *,
    refresh: bool,
) -> str:
    """Return the page as HTML, in `language`."""
    translate = translator(language)
    shown = "".join(_article(recording, language, translate) for recording in recordings)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"{_refreshing() if refresh else ''}"
        f"<title>{escape(translate(TITLE))}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(translate(TITLE))}</h1><p>{escape(translate(EXPLANATION))}</p>"
        f"{_form(filters, translate)}{_switch(filters, translate, refresh=refresh)}"
        f"{shown or f'<p>{escape(translate(EMPTY))}</p>'}</main></body></html>"
    )


def _refreshing() -> str:
    return f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'


def _form(filters: Filters, translate: _Translate) -> str:
    return (
        f"<form>{_field(DEVICE, 'device', filters.device, translate)}"
        f" {_field(ADDRESS, 'to', filters.to, translate)}"
        f" <button>{escape(translate(FILTER))}</button></form>"
    )


def _field(label: str, name: str, value: str, translate: _Translate) -> str:
    return (
        f'<label>{escape(translate(label))} <input name="{name}" size="28"'
        f' value="{escape(value)}"></label>'
    )


def _switch(filters: Filters, translate: _Translate, *, refresh: bool) -> str:
    # A page that refreshes itself must let the reader stop it (WCAG 2.2, 2.2.2).
    words = translate(PAUSE if refresh else RESUME)
    return (
        f'<form><input type="hidden" name="device" value="{escape(filters.device)}">'
        f'<input type="hidden" name="to" value="{escape(filters.to)}">'
        f'<button name="refresh" value="{"false" if refresh else "true"}">'
        f"{escape(words)}</button></form>"
    )


def _article(recording: Recording | TextRecording, language: str, translate: _Translate) -> str:
    moment = recording.recorded_at
    recorded = (
        f'<time datetime="{moment.isoformat()}">{escape(moment_text(moment, language))}</time>'
    )
    if isinstance(recording, Recording):
        facts, words = _message_facts(recording), _words(recording.title, recording.body)
        spoken = recording.language
    else:
        message = recording.message
        facts, words = _text_facts(recording, translate), _words(message.subject, message.body)
        spoken = message.language
    rows = "".join(
        f"<dt>{escape(translate(name))}</dt><dd>{fact}</dd>"
        for name, fact in {RECORDED: recorded, **facts}.items()
    )
    return f'<article><div lang="{escape(spoken)}">{words}</div><dl>{rows}</dl></article>'


def _words(heading: str, body: str) -> str:
    return f"{f'<h2>{escape(heading)}</h2>' if heading else ''}<p>{escape(body)}</p>"


def _message_facts(recording: Recording) -> Mapping[str, str]:
    return {
        DEVICE: f"<code>{escape(recording.device_id)}</code>",
        PLATFORM: escape(recording.platform),
        LANGUAGE: escape(recording.language),
        PRIORITY: escape(recording.priority),
    }


def _text_facts(recording: TextRecording, translate: _Translate) -> Mapping[str, str]:
    message = recording.message
    return {
        CHANNEL: escape(translate(CHANNELS[message.channel])),
        ADDRESS: f"<code>{escape(message.to)}</code>",
        LANGUAGE: escape(message.language),
    }

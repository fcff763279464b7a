"""What a phone shows: a bulletin, or its cancellation, as a notice."""

from dataclasses import replace

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.cap_message import Info, ResponseType, Severity, Status, Urgency
from api.alerts.repository import AlertRecord
from api.alerts.subjects import subject_of
from api.kit.errors import N_
from api.kit.ids import derived_id
from locales import AVAILABLE, translator
from notifications.notice import Audience, Notice, Priority, Text
from notifications.shortening import shortened

TITLE_CHARACTERS_AT_MOST = 200
BODY_CHARACTERS_AT_MOST = 1_000
INSTRUCTION_CHARACTERS_AT_MOST = 700

CANCELLED_TITLE = N_("Warning lifted: {event}")
CANCELLED_BODY = N_("The authority that issued this warning has cancelled it.")

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_PRIORITIES = {Severity.EXTREME: Priority.EXTREME, Severity.SEVERE: Priority.SEVERE}


def audience_of(bulletin: Bulletin, communes: Communes) -> Audience:
    """Return whom a bulletin is for: positions that meet its area, and homes in its communes.

    Takes up to 0.4 s: run it in a thread.
    """
    homes = bulletin.reach.homes(communes)
    return Audience(bulletin.reach.area, homes, subject=subject_of(bulletin))


def warning(actual: ActualAlert, number: int, bulletin: Bulletin) -> Notice:
    """Return the notice of an alert's bulletin; `number` is its place in the alert."""
    alert = actual.record
    return Notice(
        id=warning_id(alert.id, number),
        thread=_thread(alert, number),
        texts=bulletin.by_language(_text),
        priority=_priority(bulletin),
        overrides_quiet_hours=_overrides_quiet_hours(bulletin),
        expires_at=bulletin.expires,
        data={
            "type": "alert",
            "alertId": alert.id,
            "msgType": alert.msg_type.value,
            "severity": bulletin.severity.value,
        },
    )


def preview_notice(alert: AlertRecord, bulletin: Bulletin) -> Notice:
    """Return the notice that a draft would become, to be looked at only."""
    if alert.status is Status.ACTUAL:
        return warning(ActualAlert(alert), 0, bulletin)
    return drill(alert, 0, bulletin, "")


def drill(alert: AlertRecord, number: int, bulletin: Bulletin, device_id: str) -> Notice:
    """Return the notice of an exercise or a test for one device that was enrolled for it."""
    return Notice(
        id=derived_id("drill", alert.id, str(number), device_id),
        thread=_thread(alert, number),
        texts=bulletin.by_language(_text),
        priority=_priority(bulletin),
        overrides_quiet_hours=False,
        expires_at=bulletin.expires,
        data={"type": "alertDrill", "alertId": alert.id, "status": alert.status.value},
    )


def warning_id(alert_id: str, number: int) -> str:
    """Return the id of the notice of an alert's bulletin."""
    return derived_id("warning", alert_id, str(number))


def quieted(loud: Notice) -> Notice:
    """Return the notice for whoever was warned already and has nothing new to do."""
    return replace(
        loud,
        id=quieted_id(loud.id),
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        is_quiet=True,
    )


def quieted_id(notice_id: str) -> str:
    return derived_id("quieted", notice_id)


def notice_ids(alert_id: str, bulletins: int) -> list[str]:
    """Return the ids of all notices with which an alert of so many bulletins may be told."""
    loud = [warning_id(alert_id, number) for number in range(bulletins)]
    return [*loud, *map(quieted_id, loud)]


def asks_for_attention(update: Bulletin, before: Bulletin) -> bool:
    """Tell whether an update is worth a sound: it is worse than before, or says to do something else."""
    if _RANKS[update.severity] < _RANKS[before.severity]:
        return True
    told = before.by_language(lambda info: info.instruction)
    instructions = update.by_language(lambda info: info.instruction)
    return any(told.get(language) != text for language, text in instructions.items())


def cancellation(
    actual: ActualAlert, cancelled: AlertRecord, number: int, bulletin: Bulletin
) -> Notice:
    """Return the notice that takes a bulletin back, quietly, on the phones that show it."""
    cancel = actual.record
    return Notice(
        id=derived_id("cancellation", cancel.id, cancelled.id, str(number)),
        thread=_thread(cancelled, number),
        texts=_cancelled_texts(bulletin),
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        expires_at=bulletin.expires,
        data={"type": "alertCancelled", "alertId": cancelled.id, "msgType": cancel.msg_type.value},
    )


def belated(notice: Notice) -> Notice:
    """Return the same notice for those whom the first telling missed."""
    return replace(notice, id=derived_id("belated", notice.id))


def _thread(alert: AlertRecord, number: int) -> str:
    # Bulletins of one alert must not replace each other on a phone that gets two of them.
    return alert.thread if number == 0 else derived_id("thread", alert.thread, str(number))


def _text(info: Info) -> Text:
    title = info.headline or info.event
    return Text(_cut(title, TITLE_CHARACTERS_AT_MOST), _body(info) or _cut(info.event, 200))


def _body(info: Info) -> str:
    """Return what to do, then what happens: the first lines are all that a locked phone shows."""
    instruction = _cut(info.instruction or "", INSTRUCTION_CHARACTERS_AT_MOST)
    areas = ", ".join(area.description for area in info.areas if area.description)
    told = "\n".join(part for part in (instruction, info.description or areas) if part)
    return _cut(told, BODY_CHARACTERS_AT_MOST)


def _cut(text: str, characters: int) -> str:
    return shortened(text, len(text[:characters].encode()))


def _priority(bulletin: Bulletin) -> Priority:
    if is_all_clear(bulletin):
        return Priority.NORMAL
    return _PRIORITIES.get(bulletin.severity, Priority.NORMAL)


def _overrides_quiet_hours(bulletin: Bulletin) -> bool:
    if is_all_clear(bulletin):
        return False
    is_severe_now = bulletin.severity is Severity.SEVERE and bulletin.urgency is Urgency.IMMEDIATE
    return bulletin.severity is Severity.EXTREME or is_severe_now


def is_all_clear(bulletin: Bulletin) -> bool:
    """Tell whether it says that the danger is over, however bad that danger was."""
    responses = {response for info in bulletin.infos for response in info.response_types}
    return responses == {ResponseType.ALL_CLEAR}


def _cancelled_texts(bulletin: Bulletin) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    for language in AVAILABLE:
        translate = translator(language)
        event = bulletin.info_for(language).event
        title = translate(CANCELLED_TITLE).format(event=event)
        texts[language] = Text(_cut(title, TITLE_CHARACTERS_AT_MOST), translate(CANCELLED_BODY))
    return texts

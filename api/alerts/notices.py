"""What a phone shows: a bulletin, or its cancellation, as a notice."""

from dataclasses import replace

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.cap_message import Info, Severity, Status, Urgency
from api.alerts.open_alerts import Alert
from api.alerts.repository import AlertRecord
from api.alerts.subjects import subject_of
from api.alerts.threads import first_thread
from api.kit.errors import N_
from api.kit.ids import derived_id
from locales import AVAILABLE, translator
from notifications.notice import Audience, Notice, Priority, Text
from notifications.shortening import shortened

TITLE_CHARACTERS_AT_MOST = 200
BODY_CHARACTERS_AT_MOST = 2_000
"""More than any push may hold: what does not fit is cut from the end, and what to do comes first."""


CANCELLED_TITLE = N_("Warning lifted: {event}")
CANCELLED_BODY = N_("The authority that issued this warning has cancelled it.")
LEFT_OUT_TITLE = N_("Warning changed: {event}")
LEFT_OUT_BODY = N_(
    "The warning was updated. What was shown here no longer holds; if the new one concerns you, it"
    " comes as a message of its own."
)
LEFT_OUT_SMS_BODY = N_(
    "What we wrote to you before no longer holds. If the new warning concerns you, it comes as a"
    " message of its own."
)

_PRIORITIES = {Severity.EXTREME: Priority.EXTREME, Severity.SEVERE: Priority.SEVERE}


def audience_of(bulletin: Bulletin, communes: Communes) -> Audience:
    """Return whom a bulletin is for: positions that meet its area, and homes in its communes.

    Takes up to 0.4 s: run it in a thread.
    """
    homes = bulletin.reach.homes(communes)
    return Audience(bulletin.reach.area, homes, subject=subject_of(bulletin))


def warning(actual: ActualAlert, number: int, bulletin: Bulletin, thread: str) -> Notice:
    """Return the notice of an alert's bulletin; `number` is its place in the alert."""
    alert = actual.record
    return Notice(
        id=warning_id(alert.id, number),
        thread=thread,
        texts=bulletin.by_language(_text),
        priority=_priority(bulletin),
        overrides_quiet_hours=_overrides_quiet_hours(bulletin),
        expires_at=bulletin.expires,
        data={
            "type": "alert",
            "alertId": alert.id,
            "msgType": alert.msg_type.value,
            "severity": bulletin.severity.value,
            "areaHash": bulletin.area_hash,
        },
        is_quiet_at_night=bulletin.is_all_clear,
    )


def preview_notice(alert: AlertRecord, bulletin: Bulletin) -> Notice:
    """Return the notice that a draft would become, to be looked at only."""
    if alert.status is Status.ACTUAL:
        return warning(ActualAlert(alert), 0, bulletin, alert.thread)
    return drill(alert, 0, bulletin, "")


def drill(alert: AlertRecord, number: int, bulletin: Bulletin, device_id: str) -> Notice:
    """Return the notice of an exercise or a test for one device that was enrolled for it."""
    return Notice(
        id=derived_id("drill", alert.id, str(number), device_id),
        thread=first_thread(alert, number),
        texts=bulletin.by_language(_text),
        priority=_priority(bulletin),
        overrides_quiet_hours=False,
        expires_at=bulletin.expires,
        data={"type": "alertDrill", "alertId": alert.id, "status": alert.status.value},
        is_quiet_at_night=bulletin.is_all_clear,
    )


def warning_id(alert_id: str, number: int) -> str:
    """Return the id of the notice of an alert's bulletin."""
    return derived_id("warning", alert_id, str(number))


def quieted(loud: Notice) -> Notice:
    """Return the notice for whoever was warned already and has nothing new to do."""
    return replace(loud.without_sound, id=quieted_id(loud.id), overrides_quiet_hours=False)


def quieted_id(notice_id: str) -> str:
    return derived_id("quieted", notice_id)


def newcomers_id(notice_id: str) -> str:
    """Return the id for whoever comes into the area later: it may come after what closed the thread to them."""
    return derived_id("newcomers", notice_id)


def ids_to_tell(loud_id: str) -> tuple[str, str, str]:
    """Return the ids under which a bulletin is told: aloud, silently, and to newcomers."""
    return loud_id, quieted_id(loud_id), newcomers_id(loud_id)


def notice_ids(alert_id: str, bulletins: int) -> list[str]:
    """Return the ids of all notices with which an alert of so many bulletins may be told."""
    loud = (warning_id(alert_id, number) for number in range(bulletins))
    return [notice_id for one in loud for notice_id in ids_to_tell(one)]


def closing(alert: Alert, thread: str, latest: Bulletin | None) -> Notice | None:
    """Return what an update leaves, silently, where phones show an event that it does not go on from.

    `latest`: what was shown there last. An all-clear says there, too, that all is over.
    """
    actual = ActualAlert(alert.record)
    if alert.is_all_clear:
        over = quieted(warning(actual, 0, alert.bulletins[0], thread))
        return replace(over, id=left_out_id(alert.record.id, thread))
    if latest is None:
        return None
    return Notice(
        id=left_out_id(alert.record.id, thread),
        thread=thread,
        texts=_texts_on(latest, LEFT_OUT_TITLE, LEFT_OUT_BODY),
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        expires_at=latest.expires,
        data={"type": "alertLeftOut", "alertId": alert.record.id},
        is_quiet=True,
    )


def closing_by_sms(closed: Notice, latest: Bulletin) -> Notice:
    """Return the same for whoever was told of `latest` by SMS, where nothing is shown."""
    return replace(closed, texts=_texts_on(latest, LEFT_OUT_TITLE, LEFT_OUT_SMS_BODY))


def left_out_id(alert_id: str, thread: str) -> str:
    return derived_id("left out", alert_id, thread)


def cancellation(
    actual: ActualAlert, cancelled: AlertRecord, thread: str, bulletin: Bulletin
) -> Notice:
    """Return the notice that takes a bulletin back, quietly, on the phones that show it."""
    cancel = actual.record
    return Notice(
        id=cancellation_id(cancel.id, cancelled.id, thread),
        thread=thread,
        texts=_texts_on(bulletin, CANCELLED_TITLE, CANCELLED_BODY),
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        expires_at=bulletin.expires,
        data={"type": "alertCancelled", "alertId": cancelled.id, "msgType": cancel.msg_type.value},
        is_quiet_at_night=True,
    )


def cancellation_id(cancel_id: str, cancelled_id: str, thread: str) -> str:
    return derived_id("cancellation", cancel_id, cancelled_id, thread)


def belated(notice: Notice) -> Notice:
    """Return the same notice, silent, for phones on which an older one may have come after it."""
    return replace(quieted(notice), id=belated_id(notice.id))


def belated_id(notice_id: str) -> str:
    return derived_id("belated", notice_id)


def _text(info: Info) -> Text:
    title = info.headline or info.event
    return Text(_cut(title, TITLE_CHARACTERS_AT_MOST), _body(info) or _cut(info.event, 200))


def _body(info: Info) -> str:
    """Return what to do, then what happens: the first lines are all that a locked phone shows."""
    areas = ", ".join(area.description for area in info.areas if area.description)
    told = "\n".join(part for part in (info.instruction, info.description or areas) if part)
    return _cut(told, BODY_CHARACTERS_AT_MOST)


def _cut(text: str, characters: int) -> str:
    return shortened(text, len(text[:characters].encode()))


def _priority(bulletin: Bulletin) -> Priority:
    if bulletin.is_all_clear:
        return Priority.NORMAL
    return _PRIORITIES.get(bulletin.severity, Priority.NORMAL)


def _overrides_quiet_hours(bulletin: Bulletin) -> bool:
    if bulletin.is_all_clear:
        return False
    is_severe_now = bulletin.severity is Severity.SEVERE and bulletin.urgency is Urgency.IMMEDIATE
    return bulletin.severity is Severity.EXTREME or is_severe_now


def _texts_on(bulletin: Bulletin, title: str, body: str) -> dict[str, Text]:
    """Return what we say of a bulletin in each of our languages; `title` and `body` are msgids."""
    texts: dict[str, Text] = {}
    for language in AVAILABLE:
        translate = translator(language)
        event = bulletin.info_for(language).event
        said = translate(title).format(event=event)
        texts[language] = Text(_cut(said, TITLE_CHARACTERS_AT_MOST), translate(body))
    return texts

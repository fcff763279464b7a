"""Every collection of the product: what a store is opened with. A slice adds its own here."""

from api.accounts.wiring import ACCOUNT_COLLECTIONS
from api.alerts.agency_keys import AGENCY_KEYS, AGENCY_TURNS
from api.alerts.by_sms.wiring import SMS_COLLECTIONS
from api.alerts.composing.wiring import COMPOSING_COLLECTIONS
from api.alerts.polling.feeds import ALERT_FEEDS, FEED_MESSAGES
from api.alerts.relays.wiring import RELAY_COLLECTIONS
from api.alerts.repository import ALERT_MESSAGES, ALERT_TURNS, ALERTS
from api.alerts.signatures.certificates import AGENCY_CERTIFICATES
from api.alerts.stays.repository import STAYS
from api.bot.handoff.callbacks.repository import CALLBACKS
from api.bot.handoff.repository import HANDOFF_MESSAGES, HANDOFFS
from api.bot.repository import CONVERSATIONS, TURNS
from api.bot.unanswered.repository import UNANSWERED, UNANSWERED_ASKERS
from api.bot.words import CHAT_WORDS
from api.conditions.wiring import CONDITION_COLLECTIONS
from api.credentials.wiring import CREDENTIAL_COLLECTIONS
from api.feedback.wiring import FEEDBACK_COLLECTIONS
from api.guide.narrations.repository import NARRATIONS
from api.guide.packs.wiring import PACK_COLLECTIONS
from api.health.wiring import HEALTH_COLLECTIONS
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS
from api.kit.events import EVENT_SEQUENCE, EVENTS
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.jobs import JOBS
from api.kit.rounds import ROUNDS
from api.kit.sealing_root import SEALING_ROOT
from api.kit.signing_keys import SIGNING_KEYS
from api.kit.store import CollectionSpec
from api.media.wiring import MEDIA_COLLECTIONS
from api.migrations.repository import MIGRATIONS
from api.safety.wiring import SAFETY_COLLECTIONS
from api.students.wiring import STUDENT_COLLECTIONS
from api.tourism.closures.repository import CLOSURES
from api.tourism.editing.repository import PLACE_DRAFTS, PLACE_EDITS, PLACE_VERSIONS
from api.tourism.events.repository import PROVINCE_EVENTS, PROVINCE_EVENTS_EDITION
from api.tourism.repository import COMMUNES, MARKETS, PLACES, TOURISM_CONTENT
from api.tourism.reviews.ratings import REVIEW_RATINGS
from api.tourism.reviews.repository import REVIEW_REPORTS, REVIEWS
from api.tourism.trails.wiring import TRAIL_COLLECTIONS
from api.tourist_cards.repository import CARD_COLLECTIONS
from api.wallet.wiring import WALLET_COLLECTIONS
from notifications.device_repository import DEVICES
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from notifications.receipts import RECEIPTS
from notifications.recordings import RECORDED_MESSAGES
from notifications.text_outbox import TEXT_OUTBOX
from notifications.text_recordings import RECORDED_TEXTS

COLLECTIONS: tuple[CollectionSpec, ...] = (
    JOBS,
    EVENTS,
    EVENT_SEQUENCE,
    IDEMPOTENCY_KEYS,
    AUDIT_ROWS,
    AUDIT_HEAD,
    MIGRATIONS,
    SEALING_ROOT,
    SIGNING_KEYS,
    ROUNDS,
    *ACCOUNT_COLLECTIONS,
    DEVICES,
    FAN_OUTS,
    OUTBOX,
    RECEIPTS,
    RECORDED_MESSAGES,
    TEXT_OUTBOX,
    RECORDED_TEXTS,
    COMMUNES,
    PLACES,
    MARKETS,
    TOURISM_CONTENT,
    ALERTS,
    ALERT_MESSAGES,
    ALERT_TURNS,
    AGENCY_KEYS,
    *CONDITION_COLLECTIONS,
    *COMPOSING_COLLECTIONS,
    *SMS_COLLECTIONS,
    *RELAY_COLLECTIONS,
    STAYS,
    AGENCY_TURNS,
    AGENCY_CERTIFICATES,
    ALERT_FEEDS,
    FEED_MESSAGES,
    CONVERSATIONS,
    TURNS,
    CHAT_WORDS,
    HANDOFFS,
    HANDOFF_MESSAGES,
    CALLBACKS,
    UNANSWERED,
    UNANSWERED_ASKERS,
    *PACK_COLLECTIONS,
    NARRATIONS,
    CLOSURES,
    *TRAIL_COLLECTIONS,
    PLACE_EDITS,
    PLACE_VERSIONS,
    PLACE_DRAFTS,
    *MEDIA_COLLECTIONS,
    REVIEWS,
    REVIEW_REPORTS,
    REVIEW_RATINGS,
    PROVINCE_EVENTS,
    PROVINCE_EVENTS_EDITION,
    *STUDENT_COLLECTIONS,
    *HEALTH_COLLECTIONS,
    *FEEDBACK_COLLECTIONS,
    *SAFETY_COLLECTIONS,
    *CREDENTIAL_COLLECTIONS,
    *WALLET_COLLECTIONS,
    *CARD_COLLECTIONS,
)

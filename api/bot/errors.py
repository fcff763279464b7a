from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class ChatErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    EMPTY_MESSAGE = auto()
    MESSAGE_TOO_LONG = auto()
    CONVERSATION_NOT_FOUND = auto()
    MESSAGE_IN_PROGRESS = auto()
    CONVERSATION_BUSY = auto()
    UNKNOWN_LANGUAGE = auto()
    INVALID_POSITION = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    NOT_IN_CONVERSATION = auto()
    DESK_CLOSED = auto()
    HANDOFF_NOT_FOUND = auto()
    HANDOFF_TAKEN = auto()
    CLERK_BUSY = auto()
    INVALID_GRADE = auto()
    ALREADY_RATED = auto()
    CONSENT_MISSING = auto()
    INVALID_PHONE = auto()
    WINDOW_GONE = auto()
    CALLBACK_NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()


class ChatProblem(DomainError):
    """Any refusal of this slice; `code` is a ChatErrorCode."""


class EmptyMessage(ChatProblem):
    code = ChatErrorCode.EMPTY_MESSAGE
    message = N_("The message has no words. Write something and send it again.")


class MessageTooLong(ChatProblem):
    code = ChatErrorCode.MESSAGE_TOO_LONG
    message = N_("The message is too long: at most {most} characters.")


class ConversationNotFound(ChatProblem):
    code = ChatErrorCode.CONVERSATION_NOT_FOUND
    message = N_("This conversation does not exist any more. Begin a new one.")


class MessageInProgress(ChatProblem):
    """The same key came again while its first message was still being answered."""

    code = ChatErrorCode.MESSAGE_IN_PROGRESS
    message = N_("This message is still being answered. Ask again in a moment.")


class ConversationBusy(ChatProblem):
    """Earlier messages took too long; nothing of this one was kept, its key is free."""

    code = ChatErrorCode.CONVERSATION_BUSY
    message = N_("Earlier messages are still being answered. Send this one again in a moment.")


class UnknownLanguage(ChatProblem):
    code = ChatErrorCode.UNKNOWN_LANGUAGE
    message = N_("We do not speak this language yet. Choose one of: {languages}.")


class NotInConversation(ChatProblem):
    """Only the assistant asks this, while it answers a message."""

    code = ChatErrorCode.NOT_IN_CONVERSATION
    message = N_("Only the assistant can do this, while it answers you.")

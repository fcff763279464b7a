from api.bot.errors import ChatErrorCode, ChatProblem
from api.kit.errors import N_


class InvalidPhone(ChatProblem):
    code = ChatErrorCode.INVALID_PHONE
    message = N_("This is no phone number that can be called. Write it with its country code.")


class WindowGone(ChatProblem):
    code = ChatErrorCode.WINDOW_GONE
    message = N_("Nobody can call at that time any more. Choose another time.")


class CallbackNotFound(ChatProblem):
    code = ChatErrorCode.CALLBACK_NOT_FOUND
    message = N_("No call that is still to be made was found here.")

"""The hand-off to a person."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "title_human": N_("Talk to a person"),
    "utter_human": N_(
        "I cannot put a person through to this chat right now. People are to be found here:"
    ),
    "line_human_1022": N_(
        "1022 is the line of some provinces for their citizens; nobody has confirmed one for "
        "{province} to me, so it may not answer."
    ),
    "line_human_danger": N_("In danger call 112 at once."),
    "utter_human_talk": N_("A person at {desk} can go on with this chat. Shall I ask for one?"),
    "line_human_sees_nothing": N_("They do not see what we have said so far, unless you want it."),
    "choice_human_share": N_("Yes, and show what you answered"),
    "choice_human_call": N_("Have them call me"),
    "utter_human_share": N_("Before {desk} sees my answers, please read this. Do you agree?"),
    "utter_human_queued": N_("I have asked {desk}. Your place in the queue: {place}."),
    "line_human_wait": N_("The last ones waited about {minutes} minutes."),
    "line_human_wait_unknown": N_("I cannot say how long it will take."),
    "line_human_write_here": N_(
        "What you write from now on goes to them. In an emergency I still answer."
    ),
    "utter_human_there": N_("{desk} is in this chat. What you write goes to them."),
    "utter_human_closed": N_(
        "Nobody is at {desk} now. It opens again at {opens}. They can call you: when would suit you?"
    ),
    "utter_human_when": N_("{desk} can call you at these times. Which one suits you?"),
    "choice_human_window": N_("{day}, {start} to {end}"),
    "utter_human_phone": N_(
        "Which number shall they call? From abroad, begin with + and the country code."
    ),
    "utter_human_call_this": N_("{desk} will call you. Is this right?"),
    "line_human_window": N_("When: {day}, {start} to {end}"),
    "line_human_window_gone": N_("Nobody can call at that time any more."),
    "line_human_phone": N_("Number: {phone}"),
    "utter_human_will_call": N_("{desk} will call you on {day}, {start} to {end}."),
}

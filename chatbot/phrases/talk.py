"""Small talk, forms in general, and what is said when nothing else can be."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "utter_greet": N_(
        "Hello! Ask me about places and trips in {province}, doctors, tourist cards, school or warnings, or tell me"
        " what is broken. In an emergency, write what has happened."
    ),
    "utter_help": N_(
        "I tell about places, what is near, markets and trips; warnings, roads, air and rivers; doctors and"
        " appointments; tourist cards; and your child's school days and pupil card. I pass on what is broken or"
        " dangerous, tell you what became of it, and call a person for you. Write what you need, or tap it. In an"
        " emergency call 112."
    ),
    "utter_thanks": N_("You are welcome. Have a safe journey!"),
    "utter_out_of_scope": N_(
        "Sorry, I do not know about that. I know places, markets and warnings in {province}. In danger call 112."
    ),
    "utter_unreachable": N_(
        "I cannot reach my information right now. Please ask again in a few minutes."
    ),
    "utter_cannot_answer": N_(
        "I cannot answer that right now: something went wrong on my side. Ask me in another way, or ask for a person."
        " In danger call 112."
    ),
    "utter_who_are_you": N_(
        "I am the assistant of the province of {province}: a program, not a person. Whenever you like, I call a"
        " person for you."
    ),
    "utter_abuse": N_("Let us stay friendly. If I am of no help, I can call a person for you."),
    "utter_what_can_i_do": N_("What can I do for you?"),
    "utter_did_you_mean": N_("I am not sure what you mean. Is it this?"),
    "utter_also_asked": N_("You asked something else as well. Shall I go on with this?"),
    "utter_not_understood_here": N_("I did not understand that."),
    "utter_offer_person": N_(
        "I still do not understand you, sorry. Shall I call a person? In danger call 112."
    ),
    "utter_stopped": N_("All right, I leave it. Nothing was done."),
    "utter_nothing_to_stop": N_("There is nothing under way."),
    "utter_nothing_to_repeat": N_("I have not told you anything yet."),
    "utter_which_language": N_(
        "I speak Vietnamese, English, Chinese, French, Korean and Japanese. Which one?"
    ),
    "utter_language_changed": N_("Gladly. We go on in English."),
    "utter_sign_in": N_(
        "For that I must know who you are: sign in in the app, then write to me again. Nothing you told me is lost."
    ),
    "utter_refused": N_("That did not work:"),
    "utter_what_to_change": N_("Nothing is done yet. What shall I change?"),
    "utter_resume": N_("We had begun something before: {task}. Shall we go on with it?"),
    "choice_yes": N_("Yes"),
    "choice_no": N_("No"),
}

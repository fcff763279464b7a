"""Whom to call, and the SOS."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "utter_emergency": N_(
        "112: call search and rescue now, free, day and night.\n"
        "Ambulance 115. Fire and trapped people 114. Police 113.\n"
        "Say where you are and what has happened, and stay on the line."
    ),
    "utter_emergency_112": N_(
        "112: call search and rescue now, free, day and night.\n"
        "In a flood or landslide, move to high, firm ground if you can, away from slopes and water. If you are lost, stay where you are if it is safe there.\n"
        "Say where you are and how many you are. Other numbers: ambulance 115, fire 114, police 113."
    ),
    "utter_emergency_113": N_(
        "113: call the police now.\n"
        "Get to a safe place with other people if you can.\n"
        "Say where you are. Other numbers: ambulance 115, fire 114, search and rescue 112."
    ),
    "utter_emergency_114": N_(
        "114: call the fire and rescue police now.\n"
        "Stay away from smoke and danger. Do not go back in.\n"
        "Say where you are and if anybody is trapped. Other numbers: ambulance 115, search and rescue 112, police 113."
    ),
    "utter_emergency_115": N_(
        "115: call an ambulance now.\n"
        "Do what the person on the phone tells you, and stay with whoever is hurt or ill.\n"
        "Say where you are. Other numbers: search and rescue 112, fire 114, police 113."
    ),
    "utter_emergency_suicide": N_(
        "115: call now if your life or somebody else's is in danger, and say where you are.\n"
        "Thank you for telling me. You do not have to go through this alone: stay close to someone, away from anything that could do harm. If you are worried about somebody else, stay with them.\n"
        "111 listens to children and teenagers, free, day and night. Other numbers: search and rescue 112, fire 114, police 113."
    ),
    "utter_not_alone": N_(
        "I am here whenever you want to write. If it gets too hard, call 115, day or night; children and teenagers can also call 111.\n"
        "It can help to tell one person near you how you are."
    ),
    "utter_with_you": N_(
        "115: call now if you are in danger, day or night, or ask somebody near you to call.\n"
        "You can go on writing, I am here. Ask somebody to be with you now. If you are worried about somebody else, stay with them.\n"
        "111 listens to children and teenagers, free, day and night."
    ),
    "utter_with_you_still": N_(
        "115: call now if you are in danger, day or night; children and teenagers can also call 111.\n"
        "I am still here, and you can go on writing. Ask somebody you trust to come to you, even if it is late."
    ),
    "utter_person_to_talk_to": N_(
        "Would you like to talk to a person? I can ask if somebody is free."
    ),
    "link_111": N_("Call 111, the helpline for children"),
    "link_112": N_("Call 112, search and rescue"),
    "link_113": N_("Call 113, police"),
    "link_114": N_("Call 114, fire and rescue police"),
    "link_115": N_("Call 115, ambulance"),
    "utter_if_in_danger": N_("{number}: call now if you or somebody else is in danger."),
    "utter_offer_sos": N_(
        "I can also send your position to the rescue desk, with your name and phone number. Shall I send it now?"
    ),
    "utter_no_answer": N_(
        "{number}: call again now and let it ring. If nobody answers, try 112 as well: search and rescue, free, day and night."
    ),
    "utter_no_answer_112": N_(
        "112: call again now and let it ring. If nobody answers, try ambulance 115, fire and trapped people 114, or police 113."
    ),
    "utter_tell_them": N_(
        "{number}: call now, and tell them what you write here. I am a program: I cannot call for you, and they cannot read this chat."
    ),
    "line_help_near": N_("Ask people near you to help, and to call too."),
    "line_company_near": N_(
        "Ask somebody near you to call too, and to stay with you. If you are worried about somebody else, stay with them. 111 listens to children and teenagers, free, day and night."
    ),
    "line_without_signal": N_(
        "No signal? Try from another place if you can get there safely. No internet? The SOS button of the app tries to send an SMS, where that is possible. Go on calling too."
    ),
    "utter_sos_by_app": N_(
        "The SOS button of the app sends your position to the rescue desk. You do not have to sign in."
    ),
    "utter_sos_needs_position": N_(
        "I do not know where you are. Share your position and then answer yes, or press the SOS button of the app."
    ),
    "utter_sos_sent": N_(
        "SOS {code} is with the rescue desk. If you have not called yet, call now. Keep your phone free and save its battery.\n"
        "If it was a mistake, take it back in the app at once."
    ),
    "utter_sos_failed": N_(
        "The SOS did not go through. Call 112 now, and try the SOS button of the app."
    ),
    "utter_safe_then": N_("All right. If it gets worse, call 112 at once."),
    "choice_send_sos": N_("Send SOS with my position"),
}

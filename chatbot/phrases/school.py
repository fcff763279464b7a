"""Pupils' cards and attendance."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "title_student_card": N_("My child's pupil card"),
    "title_attendance": N_("My child's attendance"),
    "utter_no_pupils": N_(
        "No pupil is linked to your account. The school invites you as a guardian; ask its office."
    ),
    "utter_no_such_pupil": N_("I find no such pupil in your account."),
    "utter_which_pupil": N_("Which child?"),
    "utter_pupil_card": N_("The card of {name}:"),
    "line_pupil_card_none": N_("There is no card yet: the school issues it."),
    "line_pupil_card_valid": N_("The card is valid until {day}."),
    "line_pupil_card_stopped": N_(
        "The card is stopped. Only the school can let it count again or make a new one."
    ),
    "line_pupil_card_ended": N_("The card has ended for good. The school can make a new one."),
    "line_meal_money": N_("For school meals: {balance}; spent today: {spent}"),
    "line_meal_limit": N_("May be spent a day: {limit}"),
    "line_no_loans": N_("No books are borrowed from the library."),
    "line_loans": N_("Books borrowed: {count}; the next is due on {day}"),
    "utter_pupil_card_hint": N_(
        "You top up the money for meals from your wallet in the app. If the card is lost, tell me: I can stop it."
    ),
    "utter_pupil_card_unread": N_(
        "If the card does not scan, the school can print it again. Your child can be noted at the gate without it."
    ),
    "utter_stop_pupil_card": N_(
        "I stop the card of {name}. It opens no gate any more, and no meal can be paid with it, until the school"
        " decides. Shall I do it?"
    ),
    "utter_pupil_card_stopped": N_(
        "The card of {name} is stopped. Ask the school to let it count again if it is found, or to make a new one."
    ),
    "utter_attendance": N_("On {day}:"),
    "line_pupil_arrived": N_("• {name}: arrived ({time})"),
    "line_pupil_late": N_("• {name}: arrived late ({time})"),
    "line_pupil_present": N_("• {name}: is noted as present"),
    "line_pupil_left": N_("• {name}: came, and has left ({time})"),
    "line_pupil_absent": N_("• {name}: has not arrived, and the school does not know why"),
    "line_pupil_excused": N_("• {name}: is excused"),
    "line_pupil_no_lessons": N_("• {name}: no lessons by the school's calendar"),
    "line_pupil_not_seen": N_(
        "• {name}: not seen at the gate. If that worries you, call the school."
    ),
    "line_pupil_lessons": N_(
        "• {name}: has lessons by the school's calendar, and no absence has been told"
    ),
    "line_pupil_no_calendar": N_(
        "• {name}: no absence has been told; the school has not said yet on which days it teaches"
    ),
    "utter_attendance_days": N_("From {first} to {last}:"),
    "line_pupil_days": N_(
        "• {name}: days at school: {came}, of them late: {late}; excused: {excused}; absent without a known"
        " reason: {absent}"
    ),
    "line_absence_hint": N_(
        "To tell the school of an absence, write for example: “My child is ill tomorrow”."
    ),
    "utter_absence_days": N_("On which day, or from which day to which?"),
    "utter_absence_too_far": N_(
        "The school can be told of {most} days at most at once, from {back} days ago to {ahead} days ahead."
    ),
    "utter_absence_reason": N_("Why? The school reads only what you choose here."),
    "choice_absence_ill": N_("Illness"),
    "choice_absence_doctor": N_("Visit to the doctor"),
    "choice_absence_family": N_("Family matter"),
    "choice_absence_way": N_("Weather or road"),
    "part_absence_ill": N_("The child is ill."),
    "part_absence_doctor": N_("The child has to see a doctor."),
    "part_absence_family": N_("There is a family matter."),
    "part_absence_way": N_("The weather or the road does not allow it."),
    "utter_absence_read_back": N_(
        "I tell the school that {name} is absent on {day}. Reason: {reason} Shall I send it?"
    ),
    "utter_absence_read_back_days": N_(
        "I tell the school that {name} is absent from {first} to {last}. Reason: {reason} Shall I send it?"
    ),
    "utter_absence_told": N_("The school has been told: {name} is absent on {day}."),
    "utter_absence_told_days": N_(
        "The school has been told: {name} is absent from {first} to {last}."
    ),
    "line_absence_left_out": N_(
        "Not {day}: I tell one day, or days that follow each other, at a time. Write to me of it afterwards."
    ),
    "line_absence_left_out_days": N_(
        "Not {first} to {last}: I tell one day, or days that follow each other, at a time. Write to me of it"
        " afterwards."
    ),
}

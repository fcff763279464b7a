"""Doctors, appointments, the queue."""

from __future__ import annotations

from phrases.marking import N_

_DEPARTMENTS = {
    "title_which_specialty": N_("Find the right department"),
    "utter_what_is_it": N_(
        "I ask a few questions and then name the department. What is the trouble? Choose, or say it in your own words."
        " If a life is in danger, call 115 now."
    ),
    "utter_complaint_unknown": N_("I cannot place that yet."),
    "utter_how_old": N_("How old is the patient?"),
    "choice_newborn": N_("Under 28 days"),
    "choice_infant": N_("28 days to 1 year"),
    "choice_child": N_("1 to 15 years"),
    "choice_adult": N_("16 to 59 years"),
    "choice_older": N_("60 years or more"),
    "utter_pregnant": N_(
        "Is the patient pregnant, possibly pregnant, or did she give birth in the last six weeks?"
    ),
    "utter_urgent_signs": N_("First the urgent signs. Is any of this the case?"),
    "line_sign": N_("• {sign}"),
    "utter_question": N_("{question}"),
    "utter_triage_call_115": N_(
        "Call 115 now: this can be an emergency. Say where you are, and stay with the patient."
    ),
    "utter_triage": N_("With this, these departments are the place to go:"),
    "line_specialty": N_("• {name}: {treats}"),
    "utter_triage_without_end": N_(
        "I cannot name a department for this. General practice sees everybody; if it gets worse, call 115."
    ),
    "utter_triage_unreachable": N_(
        "I cannot reach the questions right now. General practice sees everybody; in danger call 115."
    ),
}

_FACILITIES = {
    "title_find_doctor": N_("Find a doctor or hospital"),
    "utter_facility": N_("{name}:"),
    "utter_facility_unknown": N_("I have no such hospital on my list."),
    "utter_facilities": N_(
        "Hospitals and clinics of the province. Share your position, and I tell the nearest:"
    ),
    "utter_facilities_near_you": N_("Hospitals and clinics nearest to you, as the crow flies:"),
    "utter_facilities_there": N_("Hospitals and clinics nearest to there, as the crow flies:"),
    "utter_no_facility": N_(
        "I know of no hospital for that. General practice can refer you; in an emergency call 115."
    ),
    "line_facility": N_("• {name} ({address})"),
    "line_facility_distance": N_("• {name}: {distance}"),
    "line_level": N_("Kind: {level}"),
    "part_level_provincial": N_("provincial hospital"),
    "part_level_regional": N_("regional hospital or medical centre"),
    "part_level_commune": N_("commune health station"),
    "part_level_private": N_("private hospital"),
    "line_address_before_2025": N_("Address as before July 2025: {address}"),
    "line_specialties": N_("Specialties: {specialties}"),
    "line_specialties_among": N_("Among its specialties: {specialties}"),
    "line_specialties_usual": N_(
        "Specialties usual for a hospital of this kind, not yet confirmed by it: {specialties}"
    ),
    "line_specialty_usual": N_(
        "That they have this specialty is usual for their kind, but not yet confirmed by them: ask before a long way."
    ),
    "line_position_rough": N_("The point on the map may be 300 m to 3 km off."),
    "line_hours_unknown": N_(
        "I do not know its opening hours; ask there before a long way. In an emergency call 115."
    ),
    "line_next_free": N_("Next free times:"),
    "line_none_free": N_("No free time can be booked through me at present."),
    "line_free_time": N_("• {day}, {time}: {service}"),
    "line_free_time_at": N_("• {day}, {time}: {service}, {facility}"),
}

_BOOKING = {
    "title_book_appointment": N_("Book an appointment"),
    "utter_which_specialty": N_(
        "Which department do you need? If you do not know, ask me “which department?” and tell what is the trouble."
    ),
    "utter_nothing_bookable_there": N_(
        "I can book nothing at this hospital at present. Name another hospital, or a department."
    ),
    "utter_nothing_free_there": N_("At that hospital I find no free time for this department."),
    "utter_department_not_bookable": N_(
        "No time for this department can be booked through me at present. I can look for a hospital, or call a person."
    ),
    "utter_department_not_bookable_but": N_(
        "No time for this department can be booked through me at present. These hospitals should have it; ask there:"
    ),
    "utter_which_day": N_("On which day? These are the next with free times:"),
    "utter_day_is_past": N_("{day} is over."),
    "utter_day_too_far": N_("Appointments can be booked 90 days ahead; {day} is later than that."),
    "utter_which_part": N_("At what time of the day?"),
    "choice_morning": N_("In the morning"),
    "choice_afternoon": N_("In the afternoon"),
    "choice_any_time": N_("At any time"),
    "utter_which_time": N_("Free on {day}. Which time?"),
    "utter_nothing_then": N_("Nothing is free at that time. The nearest on {day}:"),
    "utter_day_is_full": N_("Nothing is free on {day}. The next after it:"),
    "utter_nothing_from_day": N_("Nothing is free on {day} or after it. What is free before:"),
    "utter_nothing_free": N_(
        "I find no free time for this. Name another department, another hospital or another day."
    ),
    "choice_free_time": N_("{time}, {facility}"),
    "choice_free_time_with": N_("{time}, {facility}, {practitioner}"),
    "part_facility_away": N_("{facility} ({distance} away)"),
    "line_hospitals_wherever": N_(
        "These hospitals are all over the province. Share your position or name a place, and I offer the nearest."
    ),
    "choice_free_day": N_("{day}, {time}, {facility}"),
    "utter_for_whom": N_("For whom is the appointment?"),
    "choice_for_me": N_("For me"),
    "part_you": N_("you"),
    "part_your_dependant": N_("the person in your account"),
    "part_appointment": N_("Appointment"),
    "part_facility": N_("the hospital"),
    "utter_one_patient_at_a_time": N_("An appointment is for one person. We book them one by one."),
    "utter_no_such_dependant": N_(
        "There is nobody of that kind in your account. Add the person in the app under your profile, then come back here."
    ),
    "utter_which_dependant": N_("More than one person in your account can be meant."),
    "utter_how_paid": N_("How will it be paid?"),
    "choice_insurance": N_("With health insurance"),
    "choice_self_pay": N_("Without insurance"),
    "line_price": N_("Price without insurance, as the hospital gives it: {price}"),
    "line_price_unknown": N_("The hospital does not tell the price; ask there."),
    "line_paid_by_insurance": N_("Paid with health insurance: bring the card."),
    "line_paid_by_oneself": N_("Paid without insurance."),
    "utter_book_this": N_(
        "Shall I book this?\n{service}, {facility}\n{day}, {time}\nPatient: {patient}"
    ),
    "utter_booked": N_("Booked: {service}, {facility}, {day}, {time}."),
    "line_practitioner": N_("With {name}"),
    "line_queue_number": N_("Number: {number}"),
    "line_check_in_there": N_(
        "Scan the code at the entrance with the app from one hour before. If you cannot come, tell me."
    ),
}

_APPOINTMENTS = {
    "title_reschedule_appointment": N_("Move an appointment"),
    "title_cancel_appointment": N_("Cancel an appointment"),
    "title_my_appointments": N_("My appointments"),
    "title_queue_status": N_("My place in the queue"),
    "utter_no_appointment": N_("You have no appointment ahead. Shall we book one?"),
    "utter_your_appointments": N_("Your appointments:"),
    "utter_none_like_that_but": N_("I find none like that among yours. You have these:"),
    "line_appointment": N_("• {day}, {time}: {service}, {facility}, for {patient}"),
    "line_appointment_numbered": N_(
        "• {day}, {time}: {service}, {facility}, for {patient}, number {number}"
    ),
    "line_held": N_(
        "• {day}, {time}: {service}, {facility}, for {patient}: only held, until {until}, not booked"
    ),
    "utter_which_appointment": N_("Which appointment do you mean?"),
    "choice_appointment": N_("{day}, {time}: {service}, {facility}, for {patient}"),
    "utter_no_such_appointment": N_("I find no such appointment among yours."),
    "utter_appointment_gone": N_(
        "I cannot find this appointment among yours; it may be over or cancelled."
    ),
    "utter_cancel_this": N_(
        "Shall I cancel this appointment?\n{service}, {facility}\n{day}, {time}\nPatient: {patient}"
    ),
    "utter_cancelled": N_(
        "Cancelled: {service}, {facility}, {day}, {time}. The place is free again."
    ),
    "utter_move_this": N_(
        "Shall I move this appointment?\n{service}, {facility}, patient: {patient}\nFrom: {day}, {time}\nTo: {new_day},"
        " {new_time}"
    ),
    "utter_moved": N_("Moved: {service}, {facility}, now on {day}, {time}."),
    "utter_queue": N_("{service}, {facility}, {patient}, appointment at {time}:"),
    "utter_you_are_called": N_("{patient} is called now: {service}, {facility}."),
    "line_before_you": N_("Patients before: {count}"),
    "line_expected_at": N_("Call expected about {time}; this is an estimate."),
    "line_delay": N_("Delay: {minutes} minutes"),
    "line_not_checked_in": N_(
        "You have not checked in yet: scan the code at the entrance from one hour before."
    ),
    "utter_no_queue": N_(
        "You have no appointment, so I see no number of yours. With a paper number, ask at the desk."
    ),
    "utter_no_queue_today": N_(
        "You have no appointment today. The next is on {day}, {time}: {service}, {facility}, for {patient}."
    ),
}

PHRASES: dict[str, str] = {**_DEPARTMENTS, **_FACILITIES, **_BOOKING, **_APPOINTMENTS}

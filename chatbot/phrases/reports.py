"""Reports to the authorities, ratings, things lost and found, and where people are to be found."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "title_report_problem": N_("Report a problem"),
    "title_track_report": N_("Follow my report"),
    "title_confirm_repair": N_("Say whether it has been mended"),
    "title_rate_service": N_("Rate a service"),
    "title_lost_found": N_("Things lost or found"),
    "utter_report_describe": N_(
        "What is wrong? Describe it in your own words: what you see, and where exactly."
    ),
    "utter_report_describe_more": N_(
        "I have noted that. Please tell me more in your own words: what you see, and where exactly."
    ),
    "line_report_added": N_("I have added that to your words."),
    "utter_report_which_category": N_("Which of these is it?"),
    "choice_report_other": N_("Something else"),
    "utter_report_where": N_(
        "Where is it? Share your position if you are there, or name the place or commune."
    ),
    "choice_report_here": N_("Where I am now"),
    "utter_report_share": N_(
        "I do not know where you are. Share your position, or name the place."
    ),
    "utter_report_field": N_("One more thing, please: {label}?"),
    "utter_report_number_needed": N_("I need a number for that, such as 20."),
    "line_report_danger": N_("If anybody is in danger, call {number} first and get away from it."),
    "utter_report_read_back": N_("I will send this report to the authorities. Is it right?"),
    "line_report_category": N_("What: {category}"),
    "line_report_at_place": N_("Where: {place}"),
    "line_report_in_commune": N_(
        "Where: somewhere in {commune}. The words should say where exactly."
    ),
    "line_report_here": N_("Where: at the position that your phone shared"),
    "line_report_words": N_("Your words: “{words}”"),
    "line_words_gone": N_(
        "I keep your words for an hour only, and they are gone. Please tell me once more."
    ),
    "line_report_answer": N_("{label}: {answer}"),
    "line_report_seen": N_("Told: {moment}"),
    "line_report_public": N_(
        "Once accepted it is on the public map, without your name. The agency can ask for your "
        "contact."
    ),
    "line_report_anonymous": N_(
        "Once accepted it is on the public map; nobody is told who reported it."
    ),
    "line_report_private": N_("Only the agency in charge sees it; it is not on the map."),
    "line_report_sign_in": N_(
        "To send it you must be signed in: sign in in the app, then say yes."
    ),
    "choice_report_words": N_("Change the words"),
    "choice_report_place": N_("Change the place"),
    "choice_report_anonymous": N_("Send it without saying who I am"),
    "choice_report_private": N_("For the agency only, not on the map"),
    "utter_report_sent": N_("Thank you. Your report is in; its code is {code}."),
    "line_report_agency": N_("Who has it: {agency}"),
    "line_report_accept_by": N_("To be accepted by {moment}"),
    "line_report_answer_by": N_("To be answered by {moment}"),
    "line_report_fix_by": N_("To be mended by {moment}"),
    "line_report_track": N_(
        "You are told of every step. Write the code to me whenever you want to know more."
    ),
    "utter_report_told": N_("Report {code}, {category}:"),
    "line_report_state": N_("State: {state}, since {moment}"),
    "line_report_answered": N_("The agency wrote on {moment}:"),
    "line_report_confirm": N_("Has it been mended? Tell me, and I confirm it or have them go on."),
    "line_report_reopen": N_(
        "If it is not settled, tell me that it is still broken, and they must go on."
    ),
    "link_report_proof": N_("Photo of the repair"),
    "utter_track_code_or_sign_in": N_(
        "Write the code of the report, such as LC-7K3-943. To see your own reports, sign in in "
        "the app."
    ),
    "utter_report_unknown": N_("I find no report {code} that you may see. Please check the code."),
    "utter_report_unknown_sign_in": N_(
        "I find no public report {code}. If it is yours, sign in in the app and ask again; else "
        "check the code."
    ),
    "utter_report_code_wrong": N_("This code cannot be right: {code}."),
    "line_report_code_signs": N_(
        "A code is LC and six signs, such as LC-7K3-943. Of the letters B, I, L, O, Q, S, U, V, Z and the digits 0,"
        " 1, 5, 8 there are none among the six."
    ),
    "line_report_code_where": N_(
        "You find it in the message that said that your report is in, and in the app under your reports."
    ),
    "utter_no_reports": N_(
        "You have not reported anything yet. Tell me what is broken, and I send it to whoever is "
        "in charge."
    ),
    "line_reports_all": N_("Your latest reports:"),
    "utter_report_not_yours": N_(
        "Among your reports there is no {code}. Only whoever reported or joined it can do this; "
        "please check the code."
    ),
    "utter_repair_not_now": N_(
        "Report {code} can be neither confirmed nor reopened now. Its state: {state}."
    ),
    "utter_repair_none": N_(
        "None of your reports waits for your word now: the agency has to say first that it is "
        "mended or answered."
    ),
    "utter_repair_which": N_("Which report do you mean? Tap it, or write its code."),
    "utter_repair_is_it": N_("Report {code}: has it been mended?"),
    "utter_repair_only_answered": N_(
        "The agency answered report {code} but has not said that it is mended, so there is "
        "nothing to confirm. Is it still not settled?"
    ),
    "choice_repair_mended": N_("It is mended"),
    "choice_repair_broken": N_("It is not mended"),
    "utter_repair_what_is_wrong": N_("What is still wrong? Your words go to the agency."),
    "utter_repair_mended": N_(
        "I confirm that report {code} has been mended, which ends it. Is that right?"
    ),
    "utter_repair_broken": N_(
        "I tell the agency that report {code} is not settled, and they must go on. Is that right?"
    ),
    "utter_repair_confirmed": N_("Thank you, it is confirmed."),
    "utter_repair_reopened": N_("It is open again, and the agency has your words."),
    "utter_rate_none": N_(
        "There is nothing for you to rate now. After a report or a visit has ended you can for 30"
        " days; at an office, scan the code at its desk with the app."
    ),
    "utter_rate_place": N_(
        "Stars and reviews of a place are given on its page in the app; I cannot give them for you."
    ),
    "utter_rate_which": N_("What would you like to rate?"),
    "choice_rate_report": N_("{office}: report {code}"),
    "choice_rate_visit": N_("{office}: visit, ended {day}"),
    "part_office": N_("the office"),
    "utter_rate_how": N_("How satisfied were you? It is about: {office}"),
    "utter_rate_words": N_(
        "What would you like to tell the office? Only the office reads it; at most 500 characters."
    ),
    "utter_rate_read_back": N_(
        "I give this rating: {grade}. It is about: {office}. Is that right?"
    ),
    "line_rate_words": N_("With your words, for the office alone: “{words}”"),
    "choice_rate_words": N_("Add a few words"),
    "utter_rated": N_(
        "Thank you, your rating is counted. You can change it in the app for 7 days."
    ),
    "utter_lost_found": N_("For things lost, stolen or found:"),
    "line_lost_police": N_(
        "Stolen: call the police, 113, or go to the nearest police station. I cannot take it as a"
        " report."
    ),
    "line_lost_papers": N_(
        "Passport or papers gone: have the police confirm it in writing, then ask your embassy."
    ),
    "line_lost_phone_and_bank": N_(
        "Phone or bank card gone: have your network and your bank block them at once."
    ),
    "line_lost_found": N_(
        "Forgotten or found: ask the driver, hotel or place where it was; bring what you found to"
        " the police."
    ),
    "line_help_centre_phone": N_("Tourist help centre: {name}, telephone {phone}"),
    "line_help_centre": N_("Tourist help centre: {name}; I know no telephone number of it."),
    "line_help_centre_unknown": N_("I have no address or number of a tourist help centre yet."),
    "link_help_centre": N_("Call {name}"),
}

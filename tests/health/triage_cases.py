"""Patients as people describe them, and where the questionnaire must send them: written by hand."""

from dataclasses import dataclass

from api.health.triage.rules import AgeGroup, Patient

NEWBORN = Patient(AgeGroup.NEWBORN)
INFANT = Patient(AgeGroup.INFANT)
CHILD = Patient(AgeGroup.CHILD)
ADULT = Patient(AgeGroup.ADULT)
OLDER = Patient(AgeGroup.OLDER)
PREGNANT = Patient(AgeGroup.ADULT, is_pregnant=True)
PREGNANT_GIRL = Patient(AgeGroup.CHILD, is_pregnant=True)


@dataclass(frozen=True, slots=True)
class Case:
    """`yes`: the questions that are answered so, if they are asked. `ends`: "115: advice" or
    "urgency: specialties"."""

    patient: Patient
    complaint: str
    yes: str
    ends: str


CASES = (
    # Danger signs, whatever one comes with.
    Case(ADULT, "tooth", "unresponsive", "115: lay_on_side"),
    Case(OLDER, "joints_back", "hardly_breathing", "115: sit_up"),
    Case(CHILD, "injury", "heavy_bleeding", "115: press"),
    Case(ADULT, "headache", "fit_now", "115: fit"),
    Case(CHILD, "fever", "fit_in_illness", "115: fit"),
    Case(NEWBORN, "skin", "newborn_still", "115: keep_child_warm"),
    Case(INFANT, "cough_breathing", "cannot_drink", "115: keep_child_warm"),
    Case(ADULT, "fever", "cannot_drink", "this_week: general internal"),
    # Fever: the younger, the sooner.
    Case(NEWBORN, "fever", "", "now: emergency neonatology paediatrics"),
    Case(INFANT, "fever", "under_three_months", "now: emergency paediatrics"),
    Case(INFANT, "fever", "", "today: paediatrics"),
    Case(CHILD, "fever", "", "today: paediatrics"),
    Case(CHILD, "fever", "stiff_neck_spots", "115: lie_and_wait"),
    Case(ADULT, "fever", "fever_bleeding", "115: lie_and_wait"),
    Case(ADULT, "fever", "fever_forest", "today: infectious_diseases internal"),
    Case(ADULT, "fever", "fever_three_days", "today: infectious_diseases internal"),
    Case(ADULT, "fever", "", "this_week: general internal"),
    Case(OLDER, "fever", "", "today: internal infectious_diseases"),
    Case(PREGNANT, "fever", "", "today: obstetrics infectious_diseases"),
    # Breathing.
    Case(CHILD, "cough_breathing", "choking", "115: choke"),
    Case(INFANT, "cough_breathing", "chest_draws_in", "115: sit_up"),
    Case(INFANT, "cough_breathing", "fast_breathing", "now: emergency paediatrics"),
    Case(ADULT, "cough_breathing", "coughing_blood", "115: sit_up"),
    Case(ADULT, "cough_breathing", "cough_two_weeks", "this_week: tuberculosis_lung internal"),
    Case(CHILD, "cough_breathing", "cough_two_weeks", "this_week: paediatrics tuberculosis_lung"),
    Case(OLDER, "cough_breathing", "wheezing", "today: tuberculosis_lung internal"),
    Case(NEWBORN, "cough_breathing", "", "now: emergency neonatology paediatrics"),
    # Heart and stroke.
    Case(ADULT, "chest_pain", "heart_signs", "115: heart"),
    Case(OLDER, "chest_pain", "chest_at_rest", "115: heart"),
    Case(ADULT, "chest_pain", "chest_effort", "today: cardiology internal"),
    Case(ADULT, "chest_pain", "", "today: cardiology internal tuberculosis_lung"),
    Case(OLDER, "weakness", "stroke_signs", "115: stroke"),
    Case(ADULT, "recovery", "stroke_signs", "115: stroke"),
    Case(OLDER, "weakness", "after_stroke", "routine: rehabilitation acupuncture physiotherapy"),
    Case(ADULT, "heart_pressure", "pressure_danger", "115: heart"),
    Case(ADULT, "heart_pressure", "", "routine: cardiology internal"),
    # Belly.
    Case(ADULT, "belly_pain", "belly_hard", "115: lie_and_wait"),
    Case(ADULT, "belly_pain", "blood_out", "115: lie_and_wait"),
    Case(INFANT, "belly_pain", "baby_belly", "115: keep_child_warm"),
    Case(CHILD, "belly_pain", "belly_worse", "now: emergency surgery"),
    Case(ADULT, "belly_pain", "late_period", "now: emergency gynaecology obstetrics"),
    Case(PREGNANT, "belly_pain", "belly_pregnant", "115: mother"),
    Case(PREGNANT, "belly_pain", "", "today: obstetrics"),
    Case(OLDER, "belly_pain", "", "today: gastroenterology internal surgery"),
    # Head.
    Case(ADULT, "headache", "worst_headache", "115: lie_and_wait"),
    Case(CHILD, "injury", "blow_to_head", "115: do_not_move"),
    Case(PREGNANT, "headache", "pregnancy_pressure", "115: mother"),
    Case(OLDER, "headache", "headache_new", "today: neurology internal"),
    Case(ADULT, "seizures", "first_fit", "115: fit"),
    Case(PREGNANT, "seizures", "fit_pregnant", "115: mother"),
    Case(ADULT, "seizures", "", "this_week: neurology internal"),
    # Injuries, bites, poison.
    Case(ADULT, "injury", "great_force", "115: do_not_move"),
    Case(CHILD, "injury", "broken_limb", "115: splint"),
    Case(INFANT, "injury", "", "now: emergency paediatrics"),
    Case(ADULT, "injury", "wound", "today: surgery"),
    Case(OLDER, "injury", "", "today: orthopaedics surgery"),
    Case(PREGNANT, "injury", "belly_hit", "115: mother"),
    Case(CHILD, "burn", "burn_large", "115: cool"),
    Case(INFANT, "burn", "", "now: emergency surgery paediatrics"),
    Case(ADULT, "bite", "snake", "115: snake"),
    Case(CHILD, "bite", "snake warm_animal", "115: snake"),
    Case(CHILD, "bite", "warm_animal", "today: infectious_diseases surgery"),
    Case(CHILD, "bite", "bite_near_head warm_animal", "now: emergency infectious_diseases surgery"),
    Case(ADULT, "bite", "many_stings", "115: allergy"),
    Case(ADULT, "vaccination", "warm_animal", "today: infectious_diseases surgery"),
    Case(CHILD, "poisoning", "poison_plant", "115: poison"),
    Case(ADULT, "poisoning", "poison_product", "115: poison"),
    Case(OLDER, "poisoning", "poison_gas", "115: fresh_air"),
    Case(ADULT, "poisoning", "poison_alcohol", "115: lay_on_side"),
    Case(ADULT, "poisoning", "", "now: emergency"),
    Case(CHILD, "allergic_reaction", "allergy_severe", "115: allergy"),
    Case(INFANT, "vaccination", "allergy_severe", "115: allergy"),
    Case(ADULT, "skin", "medicine_rash", "now: emergency dermatology"),
    # Mothers.
    Case(PREGNANT, "pregnancy", "pregnancy_bleeding", "115: mother"),
    Case(PREGNANT_GIRL, "pregnancy", "pregnancy_pressure", "115: mother"),
    Case(PREGNANT, "pregnancy", "labour_early labour", "115: mother"),
    Case(PREGNANT, "pregnancy", "labour", "now: emergency obstetrics"),
    Case(PREGNANT, "pregnancy", "baby_moves_less", "now: emergency obstetrics"),
    Case(PREGNANT, "pregnancy", "", "routine: obstetrics"),
    Case(PREGNANT, "womens_health", "pregnancy_bleeding", "115: mother"),
    Case(ADULT, "womens_health", "women_one_side", "115: mother"),
    Case(CHILD, "womens_health", "women_violence", "now: emergency gynaecology"),
    Case(OLDER, "womens_health", "women_breast", "this_week: gynaecology oncology"),
    Case(ADULT, "womens_health", "child_wish", "routine: fertility gynaecology"),
    Case(PREGNANT, "heart_pressure", "pressure_pregnant", "now: emergency obstetrics"),
    # Children.
    Case(CHILD, "child_not_feeding", "dried_out", "115: sips"),
    Case(NEWBORN, "child_not_feeding", "", "now: emergency neonatology paediatrics"),
    Case(CHILD, "child_not_feeding", "not_growing", "today: paediatrics"),
    Case(INFANT, "diarrhoea_vomiting", "dried_out", "115: sips"),
    Case(CHILD, "diarrhoea_vomiting", "", "today: paediatrics"),
    Case(ADULT, "diarrhoea_vomiting", "rice_water", "now: emergency infectious_diseases"),
    Case(ADULT, "diarrhoea_vomiting", "", "this_week: general internal"),
    Case(CHILD, "joints_back", "joint_hot", "now: emergency orthopaedics"),
    Case(CHILD, "diabetes_thyroid", "thirst", "now: emergency paediatrics endocrinology"),
    # Minds.
    Case(ADULT, "mental_distress", "thoughts_of_death", "115: not_alone"),
    Case(CHILD, "mental_distress", "thoughts_of_death low_two_weeks", "115: not_alone"),
    Case(ADULT, "mental_distress", "withdrawal", "115: lay_on_side"),
    Case(ADULT, "mental_distress", "not_real", "now: emergency psychiatry"),
    Case(PREGNANT, "mental_distress", "low_after_birth", "today: psychiatry obstetrics"),
    Case(OLDER, "mental_distress", "low_two_weeks", "this_week: psychiatry general"),
    # The rest.
    Case(ADULT, "eye", "eye_chemical", "115: rinse_eye"),
    Case(ADULT, "eye", "", "this_week: ophthalmology"),
    Case(NEWBORN, "eye", "", "today: neonatology paediatrics ophthalmology"),
    Case(ADULT, "ear_nose_throat", "nose_bleeds", "115: lean_forward"),
    Case(ADULT, "tooth", "tooth_swelling", "115: sit_up"),
    Case(ADULT, "tooth", "", "this_week: dentistry"),
    Case(OLDER, "joints_back", "back_nerves", "115: do_not_move"),
    Case(
        OLDER,
        "joints_back",
        "joints_long",
        "routine: orthopaedics traditional_medicine physiotherapy",
    ),
    Case(ADULT, "urine", "urine_shivering", "115: lie_and_wait"),
    Case(CHILD, "urine", "urine_blocked", "now: emergency surgery"),
    Case(ADULT, "urine", "urine_blood", "today: nephrology internal"),
    Case(ADULT, "diabetes_thyroid", "sugar_danger", "115: sugar"),
    Case(OLDER, "diabetes_thyroid", "diabetes_foot", "today: endocrinology surgery"),
    Case(ADULT, "diabetes_thyroid", "", "routine: endocrinology"),
    Case(ADULT, "lump", "lump_stuck", "115: lie_and_wait"),
    Case(ADULT, "lump", "lump_neck", "this_week: endocrinology surgery"),
    Case(CHILD, "tuberculosis", "", "this_week: tuberculosis_lung paediatrics"),
    Case(ADULT, "recovery", "recovery_relief", "this_week: palliative oncology"),
    Case(CHILD, "recovery", "recovery_speech", "routine: speech_therapy rehabilitation"),
    Case(CHILD, "vaccination", "", "routine: paediatrics general"),
    Case(OLDER, "check_up", "", "routine: general cardiology"),
    Case(PREGNANT, "check_up", "", "routine: obstetrics"),
)

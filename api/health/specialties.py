"""Medical specialties: one table for the directory, the places to book and "Which specialty?".

Codes are ours and stable; facilities, services and slots name them. `snomed`: the code in FHIR's
practice settings (http://hl7.org/fhir/ValueSet/c80-practice-codes), None where that has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.kit.errors import N_


@dataclass(frozen=True, slots=True)
class Specialty:
    """`name` and `treats`: msgids; what it is called, and in plain words what one goes there with."""

    code: str
    name: str
    treats: str
    snomed: str | None = None


_ALL = (
    Specialty(
        "general",
        N_("General practice"),
        N_("Whatever it is, when you do not know where to go; check-ups."),
        "394814009",
    ),
    Specialty(
        "emergency",
        N_("Emergency department"),
        N_("Everything that cannot wait, day and night."),
        "394576009",
    ),
    Specialty(
        "internal",
        N_("Internal medicine"),
        N_("Illnesses of adults that need no operation."),
        "419192003",
    ),
    Specialty(
        "surgery",
        N_("Surgery"),
        N_("Wounds, abscesses, hernias, and whatever may need an operation."),
        "394609007",
    ),
    Specialty(
        "obstetrics",
        N_("Obstetrics"),
        N_("Pregnancy, birth, and the weeks after it."),
        "408470005",
    ),
    Specialty(
        "gynaecology",
        N_("Gynaecology"),
        N_("Women's health: periods, pain, discharge, contraception."),
        "394586005",
    ),
    Specialty(
        "paediatrics",
        N_("Paediatrics"),
        N_("Illnesses of children up to 15 years."),
    ),
    Specialty(
        "neonatology",
        N_("Newborn care"),
        N_("Babies in their first four weeks."),
    ),
    Specialty(
        "infectious_diseases",
        N_("Infectious diseases"),
        N_("Fevers, bites of animals, and illnesses that are caught from others."),
        "394807007",
    ),
    Specialty(
        "traditional_medicine",
        N_("Traditional medicine"),
        N_("Lasting pains and weakness, treated with herbs, massage and needles."),
    ),
    Specialty(
        "dentistry",
        N_("Dentistry"),
        N_("Teeth, gums and jaw."),
        "408444009",
    ),
    Specialty(
        "ophthalmology",
        N_("Eye clinic"),
        N_("Eyes and sight."),
        "394594003",
    ),
    Specialty(
        "ear_nose_throat",
        N_("Ear, nose and throat"),
        N_("Ears, nose, throat, voice and hearing."),
        "418960008",
    ),
    Specialty(
        "cardiology",
        N_("Cardiology"),
        N_("Heart and blood pressure."),
        "394579002",
    ),
    Specialty(
        "oncology",
        N_("Cancer clinic"),
        N_("Lumps and cancers."),
        "394592004",
    ),
    Specialty(
        "nephrology",
        N_("Kidney clinic"),
        N_("Kidneys, and blood cleaning by machine."),
        "394589003",
    ),
    Specialty(
        "endocrinology",
        N_("Endocrinology"),
        N_("Diabetes and thyroid."),
        "394583002",
    ),
    Specialty(
        "rehabilitation",
        N_("Rehabilitation"),
        N_("Getting back strength and movement after an illness or an injury."),
        "394602003",
    ),
    Specialty(
        "physiotherapy",
        N_("Physiotherapy"),
        N_("Exercises and treatment for muscles, back and joints."),
    ),
    Specialty(
        "speech_therapy",
        N_("Speech therapy"),
        N_("Speaking, understanding and swallowing."),
    ),
    Specialty(
        "acupuncture",
        N_("Acupuncture"),
        N_("Treatment with needles, for lasting pains and after a stroke."),
    ),
    Specialty(
        "dermatology",
        N_("Skin clinic"),
        N_("Skin, hair and nails."),
        "394582007",
    ),
    Specialty(
        "psychiatry",
        N_("Mental health"),
        N_("Sadness, fear, sleep, alcohol, and troubled minds."),
        "394587001",
    ),
    Specialty(
        "tuberculosis_lung",
        N_("Tuberculosis and lung clinic"),
        N_("Tuberculosis, a cough of two weeks and more, asthma and other lung illnesses."),
        "418112009",
    ),
    Specialty(
        "orthopaedics",
        N_("Bones and joints"),
        N_("Broken bones, joints and back."),
        "394801008",
    ),
    Specialty(
        "neurology",
        N_("Neurology"),
        N_("Brain and nerves: headaches, fits, numbness, after a stroke."),
        "394591006",
    ),
    Specialty(
        "gastroenterology",
        N_("Stomach and bowel clinic"),
        N_("Stomach, bowel and liver."),
        "394584008",
    ),
    Specialty(
        "intensive_care",
        N_("Intensive care"),
        N_("Those who are gravely ill; a doctor sends you there."),
        "408478003",
    ),
    Specialty(
        "imaging",
        N_("X-ray and ultrasound"),
        N_("Pictures of the inside of the body, which a doctor has asked for."),
        "394914008",
    ),
    Specialty(
        "laboratory",
        N_("Laboratory"),
        N_("Tests of blood and urine, which a doctor has asked for."),
    ),
    Specialty(
        "fertility",
        N_("Fertility clinic"),
        N_("When a child is wished for and does not come."),
    ),
    Specialty(
        "palliative",
        N_("Palliative care"),
        N_("Relief of pain and distress in an illness that cannot be cured."),
        "394806003",
    ),
)

SPECIALTIES: Mapping[str, Specialty] = MappingProxyType({one.code: one for one in _ALL})
"""By code, in the order in which they are shown."""

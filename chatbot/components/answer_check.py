"""Spare each turn 30 ms or more of CPU.

Rasa 3.6 checks every action-server answer with `jsonschema.validate`, which first checks Rasa's own,
constant schema against the meta-schema. Only that first check is skipped; answers are still checked.
"""

from jsonschema.validators import Draft7Validator, Draft202012Validator


def skip_meta_check() -> None:
    for validator in (Draft7Validator, Draft202012Validator):
        validator.check_schema = classmethod(lambda *_, **__: None)

"""Phone numbers as people write them, in the one form we keep: E.164."""

import phonenumbers


def e164(raw: str | None, country: str) -> str | None:
    """`+972501234567` of `050-123 4567` in `IL`; Persian and Arabic digits are read as well. None
    where there is no possible number. "Possible" is enough: numbering plans change faster than
    anyone's copy of them, and a customer is never turned away for that."""
    try:
        number = phonenumbers.parse(raw or "", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

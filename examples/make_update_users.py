#!/usr/bin/env python3
"""Writes update_users.csv: 500 records for PUT /objects/users against the users of --demo 1000.

    examples/make_update_users.py > examples/update_users.csv

Every second demo user gets a new title, phone and so on; the cells show what the format allows
(quotes, several lines, any script, a short form of memberships). The records of WRONG are wrong,
each in its own way, so that the answer has something to show.
"""

import sys

RECORDS = 500
FIRST_ID = 25001  # then every second id

COLUMNS = ["id", "user_title__v", "company__v", "office_phone__v", "user_email__v",
           "user_timezone__v", "federated_id__v", "domain_active__v", "security_profile__v",
           "vault_membership"]

TITLES = [
    "Analyst", "Director, Quality", "Head of Regulatory Affairs", "Senior Statistician",
    "Leiterin Qualitätssicherung", "Responsable qualité", "品質保証部長", "数据经理",
    "품질 관리자", "Главный специалист", 'Lead ("acting")', "Site Coordinator\nShift B",
    "Tab\tseparated", "", "Médico, São Paulo", "null",
]
COMPANIES = [
    "Brandt & Söhne GmbH", "Example Ltd", "Études Cliniques Réunies", "関西臨床株式会社",
    "Muñoz, Ruiz y Cía.", "CORP\\\\nadia", "", "Badania Wisła", "Ipê Pesquisas\nUnidade 2",
]
TIMEZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "America/Sao_Paulo",
             "Australia/Sydney", "Africa/Accra", "UTC"]
# A membership that switches somebody on needs the account to be active in the domain.
MEMBERSHIPS = [
    ("", ""), ("", ""), ("", ""), ("", ""),
    ("", "3003:false"),
    ("true", "3003:true"),
    ("TRUE", "4112:true:document_user__v:full__v"),
    ("true", "3003:true:business_admin__v:full__v;4112:false"),
    ("true", "5221:true:read_only_user__v:read_only__v,3003:false"),
    ("true", "4112::external_user__v:external__v"),
    ("", ""), ("", ""),
]

# Record number (from 1) -> what is wrong with it: columns to change, or a function of the cells.
WRONG = {
    23: {"domain_active__v": "maybe"},                                  # no boolean
    61: {"id": "99999"},                                                # nobody has this id
    102: {"id": "25001"},                                               # was in record 1 already
    147: {"domain_active__v": "true", "vault_membership": "9999:true"},  # no such vault
    188: {"user_timezone__v": "Mars/Olympus_Mons"},                     # not in the list
    229: {"office_phone__v": "+49 221 5555 0123 ext. 4711"},            # longer than 20 characters
    270: {"user_email__v": "nobody at example.com"},                    # no e-mail address
    311: lambda cells: cells + ["one cell", "too many"],                # an unquoted comma, say
    352: {"security_profile__v": "vault_owner__v"},                     # not on this call
    393: {"domain_active__v": "true",
          "vault_membership": "3003:true:emperor__v;4112:perhaps"},     # two errors in one cell
    434: {"federated_id__v": "hr-25001"},                               # record 1 took it
    475: {"id": "", "user_title__v": "Whose?"},                         # no id
    500: {"user_email__v": "", "user_timezone__v": ""},                 # required, cannot be cleared
}


def quoted(cell):
    """RFC 4180: quotes where they are needed, and around the text null, which means nothing."""
    if cell == "null" or any(c in cell for c in ',"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def good_cells(number):
    user_id = FIRST_ID + 2 * (number - 1)
    active, membership = MEMBERSHIPS[number % len(MEMBERSHIPS)]
    return {
        "id": str(user_id),
        "user_title__v": TITLES[number % len(TITLES)],
        "company__v": COMPANIES[number % len(COMPANIES)],
        "office_phone__v": f"+1 609 555 {number:04d}",
        "user_email__v": f"user.{user_id}@new.example.com",
        "user_timezone__v": TIMEZONES[number % len(TIMEZONES)],
        "federated_id__v": f"hr-{user_id}",
        "domain_active__v": active,
        "security_profile__v": "",
        "vault_membership": membership,
    }


def record(number):
    cells = good_cells(number)
    wrong = WRONG.get(number, {})
    if isinstance(wrong, dict):
        cells.update(wrong)
        return list(cells.values())
    return wrong(list(cells.values()))


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(",".join(COLUMNS))
    for number in range(1, RECORDS + 1):
        cells = record(number)
        # A short record leaves its last columns as they are.
        while number % 50 == 0 and number not in WRONG and cells[-1] == "":
            cells.pop()
        print(",".join(quoted(cell) for cell in cells))


if __name__ == "__main__":
    main()

#include "vault_api/sample_file.h"

#include <string>
#include <string_view>

#include "base/text.h"
#include "codec/csv_writer.h"
#include "directory/user_fields.h"
#include "vault_api/update_columns.h"

namespace muster::vault_api {
namespace {

using directory::Field;
using directory::FieldId;

struct SamplePerson {
  std::string_view id;
  std::string_view first;
  std::string_view last;
  std::string_view title;  // the first one shows a quoted comma
  std::string_view membership;
};

constexpr SamplePerson kPeople[] = {
    {"25001", "Nadia", "Brandt", "Director, Quality", "3003:true:business_admin__v:full__v"},
    {"25002", "Ana", "Ruiz", "Analyst",
     "3003:true:document_user__v:full__v;4112:true:document_user__v:full__v"},
};

std::string login_name(const SamplePerson& person) {
  return ascii_lower(person.first) + "." + ascii_lower(person.last) + "@example.com";
}

std::string sample_value(const SamplePerson& person, const Field& field) {
  switch (field.id) {
    case FieldId::kId:
      return std::string(person.id);
    case FieldId::kUserName:
    case FieldId::kEmail:
    case FieldId::kFederatedId:
    case FieldId::kSalesforceUserName:
      return login_name(person);
    case FieldId::kFirstName:
      return std::string(person.first);
    case FieldId::kLastName:
      return std::string(person.last);
    case FieldId::kAlias:
      return ascii_lower(person.first);
    case FieldId::kTitle:
      return std::string(person.title);
    case FieldId::kTimezone:
      return "Europe/Berlin";
    case FieldId::kLocale:
      return "en_US";
    case FieldId::kLanguage:
      return "en";
    case FieldId::kOfficePhone:
    case FieldId::kFax:
    case FieldId::kMobilePhone:
      return "+1 555 010 0100";
    case FieldId::kSite:
      return "Berlin";
    case FieldId::kCompany:
      return "Example Ltd";
    case FieldId::kActive:
    case FieldId::kDomainActive:
      return "true";
    case FieldId::kNeedsToChangePassword:
      return "false";
    case FieldId::kSecurityPolicyId:
      return "821";
    case FieldId::kLicenseType:
      return "full__v";
    case FieldId::kVaultMembership:
      return std::string(person.membership);
    default:
      return {};  // blank: flags stay as they are, optional texts are cleared
  }
}

}  // namespace

Result<Answer> sample_update_file(const RequestContext&) {
  const auto columns = update_columns();
  codec::CsvWriter csv;
  for (const Field* column : columns) csv.cell(column->name);
  csv.end_record();
  for (const SamplePerson& person : kPeople) {
    for (const Field* column : columns) csv.cell(sample_value(person, *column));
    csv.end_record();
  }
  return Answer{.body = csv.take(), .format = codec::AnswerFormat::kCsv};
}

}  // namespace muster::vault_api

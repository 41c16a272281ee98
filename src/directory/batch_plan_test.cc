#include "directory/batch_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "directory/testing.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

using namespace std::string_view_literals;
using Cells = std::vector<std::pair<std::string_view, Value>>;

constexpr Value kNull{ValueKind::kNull, ""};

Value text(std::string_view value) { return {ValueKind::kText, value}; }

// One JSON-like record with these cells.
BatchPlan plan_of(const Cells& cells, BlankCell blank = BlankCell::kClear) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{.blank = blank});
  EXPECT_TRUE(builder.begin_record().has_value());
  for (const auto& [name, value] : cells) builder.cell(name, value);
  builder.end_record();
  return builder.take();
}

std::string errors_of(const RecordPlan& record) {
  std::string lines;
  for (const Error& error : record.errors) {
    if (!lines.empty()) lines += '\n';
    lines += std::string(wire_name(error.type)) + ' ' + error.message;
  }
  return lines;
}

std::string errors_of(const Cells& cells) { return errors_of(plan_of(cells).records.at(0)); }

Result<void> header(const std::vector<std::string_view>& names) {
  return BatchPlanBuilder(testing::small_domain(), BatchRules{}).header(names);
}

// "name=text" of every text the record sets.
std::string texts_of(const RecordPlan& record) {
  std::string lines;
  for (const auto& [id, value] : record.patch.texts) {
    if (!lines.empty()) lines += ';';
    lines += std::string(field(id).name) + '=' + std::string(value);
  }
  return lines;
}

TEST(BatchPlanHeader, NamesAreTrimmedAndFoundInAnyCase) {
  EXPECT_TRUE(header({" ID ", "User_Title__V", "vault_membership", "security_profile"}));
}

TEST(BatchPlanHeader, ErrorsOfTheWholeRequest) {
  struct Row {
    std::vector<std::string_view> names;
    ErrorType type;
    const char* message;
  };
  const Row rows[] = {
      {{"id", "nickname"}, ErrorType::kAttributeNotSupported, "Unknown field [nickname]."},
      {{"id", "nickname", "user_title__v", "colour"},
       ErrorType::kAttributeNotSupported,
       "Unknown fields [nickname, colour]."},
      {{"user_title__v"}, ErrorType::kParameterRequired, "Missing required parameter [id]"},
      {{}, ErrorType::kParameterRequired, "Missing required parameter [id]"},
      {{"id", "ID"}, ErrorType::kInvalidData, "Repeated column [ID]."},
      {{"id", "security_profile", "security_profile__v"},
       ErrorType::kInvalidData,
       "Repeated column [security_profile__v]."},
      {{"id", "file", "FILE"}, ErrorType::kInvalidData, "Repeated column [FILE]."},
      // Unknown names are told first: a header that lost its line ends looks like this.
      {{"id", "id", "nickname"}, ErrorType::kAttributeNotSupported, "Unknown field [nickname]."},
  };
  for (const Row& row : rows) {
    const auto done = header(row.names);
    ASSERT_FALSE(done.has_value()) << row.message;
    EXPECT_EQ(done.error(), (Error{row.type, row.message}));
  }
}

TEST(BatchPlanHeader, TooManyColumns) {
  std::vector<std::string_view> names(limits::kColumnsMax, "");
  names.front() = "id";
  EXPECT_TRUE(header(names).has_value());
  names.emplace_back("");
  EXPECT_EQ(header(names).error(), (Error{ErrorType::kInvalidData, "More than 200 columns."}));
}

TEST(BatchPlanHeader, AFloodOfUnknownNamesIsCut) {
  const std::vector<std::string_view> names(100'000, "x");
  EXPECT_EQ(header(names).error().type, ErrorType::kAttributeNotSupported);
  EXPECT_LT(header(names).error().message.size(), 300U);
}

TEST(BatchPlan, UntitledColumnMustBeEmpty) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  ASSERT_TRUE(builder.header({"id", "", "user_title__v"}));
  ASSERT_TRUE(builder.begin_record());
  EXPECT_TRUE(builder.cell(0, text("25001")));
  EXPECT_TRUE(builder.cell(1, text(" ")));
  EXPECT_EQ(builder.cell(1, text("x")).error(),
            (Error{ErrorType::kInvalidData, "Column 2 holds values but has no name."}));
}

TEST(BatchPlan, ColumnsOfOtherCallsFailTheirRecords) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  ASSERT_TRUE(builder.header({"id", "file", "password__v"}));
  ASSERT_TRUE(builder.begin_record());
  EXPECT_TRUE(builder.cell(0, text("25001")));
  EXPECT_TRUE(builder.cell(1, text("u1/picture.png")));
  builder.end_record();
  EXPECT_EQ(errors_of(builder.take().records.at(0)),
            "ATTRIBUTE_NOT_SUPPORTED Field [file] is not supported by this call.");
  EXPECT_EQ(errors_of({{"id", text("1")}, {"domain", text("true")}}),
            "ATTRIBUTE_NOT_SUPPORTED Field [domain] is not supported by this call.");
}

TEST(BatchPlan, FiveHundredRecordsAndNotOneMore) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  for (int i = 1; i <= 500; ++i) {
    ASSERT_TRUE(builder.begin_record());
    builder.cell("id", text("25001"));
    builder.end_record();
  }
  EXPECT_EQ(builder.begin_record().error(),
            (Error{ErrorType::kInvalidData, "More than 500 records."}));
}

TEST(BatchPlan, Ids) {
  struct Row {
    Value value;
    const char* errors;
    const char* id_text;
    std::int32_t id;
  };
  const Row rows[] = {
      {text("25001"), "", "25001", 25001},
      {text(" 25001\t"), "", "25001", 25001},
      {text("2147483647"), "", "2147483647", 2147483647},
      {text("2147483648"), "INVALID_DATA Invalid value [2147483648] for field [id].", "2147483648",
       0},
      {text("0"), "INVALID_DATA Invalid value [0] for field [id].", "0", 0},
      {text("12021.0"), "INVALID_DATA Invalid value [12021.0] for field [id].", "12021.0", 0},
      {text("+5"), "INVALID_DATA Invalid value [+5] for field [id].", "+5", 0},
      {text("0x10"), "INVALID_DATA Invalid value [0x10] for field [id].", "0x10", 0},
      {text("me"), "INVALID_DATA Invalid value [me] for field [id].", "me", 0},
      {text(""), "PARAMETER_REQUIRED Missing required parameter [id]", "", 0},
      {text("  "), "PARAMETER_REQUIRED Missing required parameter [id]", "", 0},
      {kNull, "PARAMETER_REQUIRED Missing required parameter [id]", "", 0},
      {{ValueKind::kNested, "[1]"}, "INVALID_DATA Field [id] takes a single value.", "", 0},
      {{ValueKind::kTooLong, "1111"}, "INVALID_DATA Field [id] is too long.", "", 0},
      {{ValueKind::kBoolean, "true"},
       "INVALID_DATA Invalid value [true] for field [id].",
       "true",
       0},
  };
  for (const Row& row : rows) {
    const BatchPlan plan = plan_of({{"id", row.value}});
    const RecordPlan& record = plan.records.at(0);
    EXPECT_EQ(errors_of(record), row.errors);
    EXPECT_EQ(record.id_text, row.id_text);
    EXPECT_EQ(record.id.value_or(UserId{}), UserId{row.id});
  }
}

TEST(BatchPlan, IdErrorsComeFirst) {
  EXPECT_EQ(errors_of({{"nickname", text("x")}, {"active__v", text("1")}}),
            "PARAMETER_REQUIRED Missing required parameter [id]\n"
            "ATTRIBUTE_NOT_SUPPORTED Unknown field [nickname].\n"
            "INVALID_DATA Invalid value [1] for field [active__v].");
}

TEST(BatchPlan, ARecordThatIsNoObjectNeedsNoIdToo) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  ASSERT_TRUE(builder.begin_record());
  builder.record_error(ErrorType::kInvalidData, "Record is not an object.");
  builder.end_record();
  EXPECT_EQ(errors_of(builder.take().records.at(0)), "INVALID_DATA Record is not an object.");
}

TEST(BatchPlan, AcceptedTexts) {
  struct Row {
    const char* name;
    Value value;
    const char* texts;
  };
  const Row rows[] = {
      {"user_title__v", text("Director, Quality"), "user_title__v=Director, Quality"},
      {"user_title__v", text(" kept blanks "), "user_title__v= kept blanks "},
      {"user_title__v", {ValueKind::kBoolean, "true"}, "user_title__v=true"},
      {"user_title__v", text("two\nlines\tand\x01 a bell\x07"),
       "user_title__v=two\nlines\tand a bell"},
      {"office_phone__v", text("5551234"), "office_phone__v=5551234"},
      {"user_email__v", text("nadia@example.com"), "user_email__v=nadia@example.com"},
      {"user_name__v", text("nadia.brandt@example.com"), "user_name__v=nadia.brandt@example.com"},
      {"user_timezone__v", text(" Asia/Calcutta "), "user_timezone__v=Asia/Calcutta"},
      {"user_locale__v", text("de_DE"), "user_locale__v=de_DE"},
      {"user_language__v", text("zh_CN"), "user_language__v=zh_CN"},
      {"USER_LANGUAGE__V", text("en"), "user_language__v=en"},
      {"federated_id__v", text(""), "federated_id__v="},
      {"mobile_phone__v", kNull, "mobile_phone__v="},
  };
  for (const Row& row : rows) {
    const BatchPlan plan = plan_of({{"id", text("25001")}, {row.name, row.value}});
    EXPECT_EQ(errors_of(plan.records.at(0)), "") << row.name;
    EXPECT_EQ(texts_of(plan.records.at(0)), row.texts);
  }
}

TEST(BatchPlan, LengthIsCountedInCodePoints) {
  std::string longest;
  for (int i = 0; i < 255; ++i) longest += "田";
  EXPECT_EQ(errors_of({{"id", text("1")}, {"user_title__v", text(longest)}}), "");
  longest += "x";
  EXPECT_EQ(errors_of({{"id", text("1")}, {"user_title__v", text(longest)}}),
            "INVALID_DATA Value of field [user_title__v] is longer than 255 characters.");
}

TEST(BatchPlan, RefusedValues) {
  struct Row {
    const char* name;
    Value value;
    const char* error;
  };
  const Row rows[] = {
      {"domain_active__v", text("maybe"),
       "INVALID_DATA Invalid value [maybe] for field [domain_active__v]."},
      {"active__v", text("1"), "INVALID_DATA Invalid value [1] for field [active__v]."},
      {"active__v", text("yes"), "INVALID_DATA Invalid value [yes] for field [active__v]."},
      {"user_email__v", text("nadia"),
       "INVALID_DATA Invalid value [nadia] for field [user_email__v]."},
      {"user_email__v", text(" a@b "),
       "INVALID_DATA Invalid value [ a@b ] for field [user_email__v]."},
      {"user_name__v", text("nadia"),
       "INVALID_DATA Invalid value [nadia] for field [user_name__v]."},
      {"user_name__v", text("a;b@example.com"),
       "INVALID_DATA Invalid value [a;b@example.com] for field [user_name__v]."},
      {"user_timezone__v", text("Berlin"),
       "INVALID_DATA Invalid value [Berlin] for field [user_timezone__v]."},
      {"user_locale__v", text("en"), "INVALID_DATA Invalid value [en] for field [user_locale__v]."},
      {"user_language__v", text("English"),
       "INVALID_DATA Invalid value [English] for field [user_language__v]."},
      {"security_policy_id__v", text("999"),
       "INVALID_DATA Invalid value [999] for field [security_policy_id__v]."},
      {"security_policy_id__v", text("Basic"),
       "INVALID_DATA Invalid value [Basic] for field [security_policy_id__v]."},
      {"license_type__v", text("Full"),
       "INVALID_DATA Invalid value [Full] for field [license_type__v]."},
      {"office_phone__v", text("123456789012345678901"),
       "INVALID_DATA Value of field [office_phone__v] is longer than 20 characters."},
      {"federated_id__v",
       {ValueKind::kNested, "[]"},
       "INVALID_DATA Field [federated_id__v] takes a single value."},
      {"user_title__v",
       {ValueKind::kTooLong, "xxx"},
       "INVALID_DATA Field [user_title__v] is too long."},
      {"user_title__v",
       {ValueKind::kBadText, "a\rb"},
       "INVALID_DATA Field [user_title__v] contains a carriage return without a line feed."},
      {"vault_membership", text("9999"),
       "INVALID_DATA Unknown vault [9999] in field [vault_membership]."},
      {"app_licensing", text("4114rimReg_v"),
       "INVALID_DATA Invalid value [4114rimReg_v] in field [app_licensing]."},
      {"created_date__v", text("yesterday"),
       "INVALID_DATA Field [created_date__v] is not editable."},
      {"created_by__v", text("Nadia"), "INVALID_DATA Field [created_by__v] is not editable."},
      {"vault_id__v", text("9999"), "INVALID_DATA Field [vault_id__v] is not editable."},
      {"nickname", text("x"), "ATTRIBUTE_NOT_SUPPORTED Unknown field [nickname]."},
      {"ID", text("1"), "INVALID_DATA Repeated field [ID]."},
  };
  for (const Row& row : rows) {
    const BatchPlan plan = plan_of({{"id", text("25001")}, {row.name, row.value}});
    EXPECT_EQ(errors_of(plan.records.at(0)), row.error);
    EXPECT_EQ(texts_of(plan.records.at(0)), "") << row.name;
    EXPECT_EQ(plan.records.at(0).id, UserId{25001});
  }
}

TEST(BatchPlan, BlankOrNullOfARequiredField) {
  for (const Field& row : all_fields()) {
    if (!row.required || !row.editable) continue;
    const std::string error =
        "PARAMETER_REQUIRED Missing required parameter [" + std::string(row.name) + "]";
    EXPECT_EQ(errors_of({{"id", text("1")}, {row.name, text("")}}), error);
    EXPECT_EQ(errors_of({{"id", text("1")}, {row.name, kNull}}), error);
  }
}

TEST(BatchPlan, BlankOrNullThatLeavesThingsAsTheyAre) {
  for (const char* name :
       {"is_domain_admin__v", "active__v", "domain_active__v", "user_needs_to_change_password__v",
        "license_type__v", "vault_membership", "app_licensing", "security_profile__v",
        "created_date__v", "vault_id__v"}) {
    for (const Value value : {text(""), kNull}) {
      const BatchPlan plan = plan_of({{"id", text("1")}, {name, value}});
      const RecordPlan& record = plan.records.at(0);
      EXPECT_EQ(errors_of(record), "") << name;
      EXPECT_TRUE(record.patch.texts.empty() && record.patch.read_only.empty()) << name;
      EXPECT_TRUE(record.patch.memberships.empty() && record.patch.app_licensing.empty()) << name;
      EXPECT_FALSE(record.patch.is_domain_admin || record.patch.active ||
                   record.patch.domain_active || record.patch.needs_to_change_password ||
                   record.patch.license || record.patch.security_profile)
          << name;
    }
  }
}

TEST(BatchPlan, UpsertKeepsWhatIsBlankAndClearsNull) {
  const BatchPlan plan = plan_of({{"id", text("1")},
                                  {"user_first_name__v", text("")},
                                  {"user_title__v", text("")},
                                  {"company__v", kNull}},
                                 BlankCell::kKeep);
  EXPECT_EQ(errors_of(plan.records.at(0)), "");
  EXPECT_EQ(texts_of(plan.records.at(0)), "company__v=");
}

TEST(BatchPlan, FieldsThatMoveByThemselvesAreIgnored) {
  for (const char* name :
       {"last_login__v", "modified_date__v", "modified_by__v", "group_id__v", "domain_name__v"}) {
    for (const Value value : {text("whatever"), kNull, Value{ValueKind::kNested, "[1,6]"}}) {
      const BatchPlan plan = plan_of({{"id", text("1")}, {name, value}});
      EXPECT_EQ(errors_of(plan.records.at(0)), "") << name;
      EXPECT_TRUE(plan.records.at(0).patch.read_only.empty()) << name;
    }
  }
}

TEST(BatchPlan, ReadOnlyValuesAreBroughtToOneForm) {
  struct Row {
    const char* name;
    Value value;
    const char* kept;
  };
  const Row rows[] = {
      {"created_date__v", text("2024-03-01T08:00:00Z"), "2024-03-01T08:00:00.000Z"},
      {"created_date__v", text("2024-03-01T08:00:00.000Z"), "2024-03-01T08:00:00.000Z"},
      {"created_by__v", text(" 1 "), "1"},
      {"domain_id__v", text("76"), "76"},
      {"vault_id__v", {ValueKind::kNested, "[4112,\"3003\"]"}, "3003,4112"},
      {"vault_id__v", text("4112;3003"), "3003,4112"},
      {"vault_id__v", {ValueKind::kNested, "[]"}, ""},
  };
  for (const Row& row : rows) {
    const BatchPlan plan = plan_of({{"id", text("25001")}, {row.name, row.value}});
    EXPECT_EQ(errors_of(plan.records.at(0)), "");
    ASSERT_EQ(plan.records.at(0).patch.read_only.size(), 1U) << row.name;
    EXPECT_EQ(plan.records.at(0).patch.read_only[0].second, row.kept);
  }
}

TEST(BatchPlan, FlagsIdsAndLicenses) {
  const BatchPlan plan = plan_of({{"id", text("25001")},
                                  {"is_domain_admin__v", {ValueKind::kBoolean, "true"}},
                                  {"active__v", text("FALSE")},
                                  {"domain_active__v", text(" true ")},
                                  {"user_needs_to_change_password__v", text("True")},
                                  {"security_policy_id__v", text("823")},
                                  {"license_type__v", text("view_based__v")},
                                  {"security_profile", text("vault_owner__v")},
                                  {"vault_membership", text("3003:true;4112:false")},
                                  {"app_licensing", text("3003|exampleQms_v")}});
  const UserPatch& patch = plan.records.at(0).patch;
  EXPECT_EQ(errors_of(plan.records.at(0)), "");
  EXPECT_EQ(patch.is_domain_admin, true);
  EXPECT_EQ(patch.active, false);
  EXPECT_EQ(patch.domain_active, true);
  EXPECT_EQ(patch.needs_to_change_password, true);
  EXPECT_EQ(patch.security_policy_id, PolicyId{823});
  EXPECT_EQ(patch.license, LicenseType::kViewBased);
  EXPECT_EQ(patch.security_profile, "vault_owner__v");
  ASSERT_EQ(patch.memberships.size(), 2U);
  EXPECT_EQ(patch.memberships[1].vault_id, testing::kClinical);
  EXPECT_EQ(patch.memberships[1].active, false);
  ASSERT_EQ(patch.app_licensing.size(), 1U);
  EXPECT_EQ(patch.app_licensing[0].application, "exampleQms_v");
}

TEST(BatchPlan, ErrorsOfARecordAreLimited) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  ASSERT_TRUE(builder.begin_record());
  for (int i = 0; i < 1000; ++i) builder.cell("unknown" + std::to_string(i), text("x"));
  builder.end_record();
  const BatchPlan plan = builder.take();
  ASSERT_EQ(plan.records.at(0).errors.size(), limits::kRecordErrorsMax);
  EXPECT_EQ(plan.records.at(0).errors.front().message, "Missing required parameter [id]");
}

TEST(BatchPlan, TextOutlivesTheBodyAndTheBuilder) {
  BatchPlan plan;
  {
    std::string body = "Director";
    BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
    ASSERT_TRUE(builder.begin_record());
    builder.cell("id", text("25001"));
    builder.cell("user_title__v", text(body));
    builder.cell("app_licensing", text("3003|exampleQms_v"));
    builder.end_record();
    body = "overwritten";
    plan = builder.take();
  }
  EXPECT_EQ(texts_of(plan.records.at(0)), "user_title__v=Director");
  EXPECT_EQ(plan.records.at(0).patch.app_licensing.at(0).application, "exampleQms_v");
}

TEST(BatchPlan, EqualMembershipsOfNeighboursAreKeptByEach) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  for (const char* memberships : {"3003:false", "3003:false", "3003:maybe", "4112", "3003:false"}) {
    ASSERT_TRUE(builder.begin_record());
    builder.cell("id", text("25001"));
    builder.cell("vault_membership", text(memberships));
    builder.end_record();
  }
  const BatchPlan plan = builder.take();
  for (const std::size_t i : {0U, 1U, 4U}) {
    ASSERT_EQ(plan.records[i].patch.memberships.size(), 1U) << i;
    EXPECT_EQ(plan.records[i].patch.memberships[0].vault_id, testing::kQuality);
    EXPECT_EQ(plan.records[i].patch.memberships[0].active, false);
  }
  EXPECT_EQ(plan.records[2].errors.size(), 1U);
  EXPECT_EQ(plan.records[3].patch.memberships.at(0).vault_id, testing::kClinical);
}

TEST(BatchPlan, KeptTextsStayApartInBlocks) {
  BatchPlan plan;
  std::vector<std::string> texts;
  std::vector<std::string_view> kept;
  for (std::size_t i = 0; i < 200; ++i) {
    texts.emplace_back((i * 997) % 40'000, static_cast<char>('a' + i % 26));
    kept.push_back(plan.keep(texts.back()));
  }
  const BatchPlan moved = std::move(plan);
  for (std::size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(kept[i], texts[i]) << i;
}

TEST(BatchPlan, StateOfARecordDoesNotLeakIntoTheNext) {
  BatchPlanBuilder builder(testing::small_domain(), BatchRules{});
  ASSERT_TRUE(builder.begin_record());
  builder.cell("id", text("me"));
  builder.cell("user_title__v", text("a"));
  builder.end_record();
  ASSERT_TRUE(builder.begin_record());
  builder.cell("id", text("25001"));
  builder.cell("user_title__v", text("b"));
  builder.end_record();
  const BatchPlan plan = builder.take();
  EXPECT_EQ(errors_of(plan.records.at(1)), "");
  EXPECT_EQ(texts_of(plan.records.at(1)), "user_title__v=b");
}

}  // namespace
}  // namespace muster::directory

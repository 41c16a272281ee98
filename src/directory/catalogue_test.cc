#include "directory/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "directory/user_fields.h"

namespace muster::directory {
namespace {

TEST(Catalogue, EveryValueIsFoundAndFitsItsField) {
  struct List {
    std::span<const CatalogueValue> values;
    const CatalogueValue* (*find)(std::string_view);
    FieldId field;
  };
  for (const List& list : {List{time_zones(), find_time_zone, FieldId::kTimezone},
                           List{locales(), find_locale, FieldId::kLocale},
                           List{languages(), find_language, FieldId::kLanguage}}) {
    for (const CatalogueValue& row : list.values) {
      EXPECT_EQ(list.find(row.value), &row) << row.value;
      EXPECT_FALSE(row.label.empty()) << row.value;
      EXPECT_LE(row.value.size(), field(list.field).length) << row.value;
    }
  }
}

TEST(Catalogue, TimeZonesWithTheirStandardOffset) {
  const std::pair<const char*, const char*> expected[] = {
      {"Europe/Berlin", "(GMT+01:00) Central European Standard Time (Europe/Berlin)"},
      {"Pacific/Niue", "(GMT-11:00) Niue Time (Pacific/Niue)"},
      {"America/Los_Angeles", "(GMT-08:00) Pacific Standard Time (America/Los_Angeles)"},
      {"Europe/Dublin", "(GMT+00:00) Greenwich Mean Time (Europe/Dublin)"},
      {"Australia/Sydney", "(GMT+10:00) Australian Eastern Standard Time (Australia/Sydney)"},
      {"Asia/Kathmandu", "(GMT+05:45) Nepal Time (Asia/Kathmandu)"},
  };
  for (const auto& [value, label] : expected) {
    ASSERT_NE(find_time_zone(value), nullptr) << value;
    EXPECT_EQ(find_time_zone(value)->label, label);
  }
}

TEST(Catalogue, LegacyTimeZoneNamesAreAccepted) {
  for (const char* name : {"Asia/Calcutta", "US/Pacific", "UTC", "GMT", "Etc/UTC", "Africa/Accra",
                           "Asia/Singapore", "Etc/GMT+5"}) {
    EXPECT_NE(find_time_zone(name), nullptr) << name;
  }
}

TEST(Catalogue, UnknownValues) {
  for (const char* name : {"", "Europe", "europe/berlin", "America/Los Angeles", "Mars/Olympus"}) {
    EXPECT_EQ(find_time_zone(name), nullptr) << name;
  }
  EXPECT_EQ(find_locale("en"), nullptr);
  EXPECT_EQ(find_locale("en_us"), nullptr);
  EXPECT_EQ(find_language("english"), nullptr);
}

TEST(Catalogue, LocalesOfTheDocumentation) {
  EXPECT_EQ(find_locale("pt_BR")->label, "Brazil");
  EXPECT_EQ(find_locale("en_US")->label, "United States");
  EXPECT_EQ(find_locale("es_US")->label, "United States (Spanish)");
  EXPECT_EQ(find_locale("de_DE")->label, "Germany");
  EXPECT_NE(find_locale("en_SG"), nullptr);
  EXPECT_GE(locales().size(), 130U);
}

TEST(Catalogue, LabelsOfLocalesAreDistinct) {
  std::vector<std::string_view> labels;
  for (const CatalogueValue& locale : locales()) labels.push_back(locale.label);
  std::ranges::sort(labels);
  EXPECT_EQ(std::ranges::adjacent_find(labels), labels.end());
}

TEST(Catalogue, LanguagesOfTheDocumentation) {
  EXPECT_EQ(find_language("en")->label, "English");
  EXPECT_EQ(find_language("ja")->label, "Japanese");
  EXPECT_EQ(find_language("zh_CN")->label, "Chinese (China)");
  EXPECT_GE(languages().size(), 40U);
}

}  // namespace
}  // namespace muster::directory

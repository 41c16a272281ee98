#include "vault_api/versions.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

TEST(Versions, OneAYearFirstThenThree) {
  std::string list;
  for (const Version version : all_versions()) list += to_string(version) + " ";
  EXPECT_EQ(list,
            "v7.0 v8.0 v9.0 v10.0 v11.0 v12.0 v13.0 v14.0 v15.0 v16.0 "
            "v17.1 v17.2 v17.3 v18.1 v18.2 v18.3 v19.1 v19.2 v19.3 v20.1 v20.2 v20.3 "
            "v21.1 v21.2 v21.3 v22.1 v22.2 v22.3 v23.1 v23.2 v23.3 v24.1 v24.2 v24.3 "
            "v25.1 v25.2 v25.3 v26.1 v26.2 ");
}

TEST(Versions, FoundWithAndWithoutTheLetter) {
  EXPECT_EQ(find_version("v25.2"), (Version{25, 2}));
  EXPECT_EQ(find_version("25.2"), (Version{25, 2}));
  EXPECT_EQ(find_version("v7.0"), (Version{7, 0}));
}

TEST(Versions, OtherTextsAreUnknown) {
  for (const char* text :
       {"", "v", "latest", "v99.9", "v26.3", "v17.0", "V25.2", "v025.2", "v25.2.0", "v25", "vv25.2",
        "v25.2 ", "v6.0", "v25.", "v.2", "v25.02", "v+25.2", "v25.+2", "v99999999999.2"}) {
    EXPECT_FALSE(find_version(text)) << text;
  }
}

}  // namespace
}  // namespace muster::vault_api

// For tests: the files of the shared corpora. Tests run in the project's root.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace muster::codec {

inline std::filesystem::path corpus(const char* name) {
  return std::filesystem::path("../shared/corpora") / name;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// The files of a folder with that extension, in the order of their names.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                   const char* extension) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  EXPECT_FALSE(found.empty()) << folder;
  return found;
}

}  // namespace muster::codec

// Command line of the benchmark programs: "--name value" pairs, nothing else.
//
//   const Flags flags(argc, argv);
//   const int clients = flags.number("--clients", 1);
#pragma once

#include <map>
#include <stdexcept>
#include <string>

namespace muster::bench {

class Flags {
 public:
  Flags(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
      if (i + 1 == argc) throw std::runtime_error(std::string(argv[i]) + " needs a value");
      given_[argv[i]] = argv[i + 1];
    }
  }

  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise = "") const {
    const auto found = given_.find(name);
    return found == given_.end() ? otherwise : found->second;
  }
  [[nodiscard]] int number(const std::string& name, int otherwise) const {
    return given_.contains(name) ? std::stoi(given_.at(name)) : otherwise;
  }
  [[nodiscard]] double decimal(const std::string& name, double otherwise) const {
    return given_.contains(name) ? std::stod(given_.at(name)) : otherwise;
  }

 private:
  std::map<std::string, std::string> given_;
};

}  // namespace muster::bench

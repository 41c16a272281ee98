#include "samples.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace muster::bench {

std::string members(const std::vector<Sample>& samples, double seconds) {
  if (samples.empty()) throw std::runtime_error("nothing ended in time");
  std::vector<double> ms;
  ms.reserve(samples.size());
  for (const Sample& sample : samples) ms.push_back(sample.ms);
  std::ranges::sort(ms);
  const auto percentile = [&](double share) {
    return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(),
                "\"count\":%zu,\"per_s\":%.2f,\"p50_ms\":%.4f,\"p90_ms\":%.4f,\"p99_ms\":%.4f,"
                "\"max_ms\":%.4f",
                ms.size(), static_cast<double>(ms.size()) / seconds, percentile(0.5),
                percentile(0.9), percentile(0.99), ms.back());
  return text.data();
}

double busy_seconds(const std::vector<Sample>& samples) {
  double ms = 0;
  for (const Sample& sample : samples) ms += sample.ms;
  return ms / 1000;
}

void write_log(const std::string& path, const std::vector<Sample>& samples) {
  std::ofstream out(path);
  for (const Sample& sample : samples) out << sample.at_s << ' ' << sample.ms << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace muster::bench

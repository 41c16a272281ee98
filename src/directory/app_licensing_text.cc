#include "directory/app_licensing_text.h"

#include <algorithm>
#include <expected>
#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

constexpr std::size_t kApplicationBytesMax = 100;

Error in_licensing(std::string_view what, std::string_view text) {
  return {ErrorType::kInvalidData,
          quoted(what, text, quoted(" in field", field(FieldId::kAppLicensing).name, "."))};
}

// Cuts the text up to the next separator off `rest` and gives it, trimmed; nullopt once `rest`
// was used up.
std::optional<std::string_view> next_part(std::optional<std::string_view>& rest, char separator) {
  if (!rest) return std::nullopt;
  const std::size_t end = rest->find(separator);
  const std::string_view part = trim(rest->substr(0, end));
  if (end == std::string_view::npos) {
    rest.reset();
  } else {
    rest->remove_prefix(end + 1);
  }
  return part;
}

// There is no catalogue of applications: names are free.
bool is_application_name(std::string_view name) {
  return name.size() <= kApplicationBytesMax && is_word(name);
}

std::expected<AppLicensePatch, Error> parse_one(std::string_view text, VaultId vault) {
  std::optional<std::string_view> rest = text;
  const std::string_view name = *next_part(rest, ':');
  const std::string_view active = next_part(rest, ':').value_or("");
  const std::string_view license = next_part(rest, ':').value_or("");
  if (rest || !is_application_name(name)) {
    return std::unexpected(in_licensing("Invalid value", text));
  }
  const AppLicensePatch patch{.vault_id = vault,
                              .application = name,
                              .active = parse_boolean(active),
                              .license = parse_license(license)};
  if (!active.empty() && !patch.active) {
    return std::unexpected(in_licensing("Invalid value", text));
  }
  if (!license.empty() && !patch.license) {
    return std::unexpected(in_licensing("Unknown license type", license));
  }
  return patch;
}

// One record's licensing text while it is read.
class Licensing {
 public:
  Licensing(const Domain& domain, std::vector<AppLicensePatch>& licenses)
      : domain_(domain), licenses_(licenses) {}

  // "{vault}|{application}...|{application}..."
  void add_vault(std::string_view text) {
    std::optional<std::string_view> rest = text;
    const std::string_view vault = *next_part(rest, '|');
    const auto vault_id = parse_id<VaultId>(vault);
    if (!vault_id || !rest) return fail(in_licensing("Invalid value", text));
    if (domain_.find_vault(*vault_id) == nullptr) {
      return fail(in_licensing("Unknown vault", vault));
    }
    while (const auto application = next_part(rest, '|')) {
      if (is_full()) return;
      add_application(*application, *vault_id);
    }
  }

  // Hostile cells hold tens of thousands of applications: enough is enough.
  [[nodiscard]] bool is_full() {
    if (!full_ && licenses_.size() >= limits::kAppLicensesMax) {
      fail(in_licensing("More applications than", std::to_string(limits::kAppLicensesMax)));
      full_ = true;
    }
    return full_ || errors_.size() >= limits::kRecordErrorsMax;
  }

  [[nodiscard]] std::vector<Error> take_errors() { return std::move(errors_); }

 private:
  void add_application(std::string_view text, VaultId vault) {
    auto patch = parse_one(text, vault);
    if (!patch) return fail(std::move(patch.error()));
    const bool repeated = std::ranges::any_of(licenses_, [&](const AppLicensePatch& other) {
      return other.vault_id == vault && other.application == patch->application;
    });
    if (repeated) return fail(in_licensing("Repeated application", patch->application));
    licenses_.push_back(*patch);
  }

  void fail(Error error) { errors_.push_back(std::move(error)); }

  const Domain& domain_;
  std::vector<AppLicensePatch>& licenses_;
  std::vector<Error> errors_;
  bool full_ = false;
};

}  // namespace

std::vector<Error> parse_app_licensing(std::string_view text, const Domain& domain,
                                       std::vector<AppLicensePatch>& licenses) {
  Licensing licensing(domain, licenses);
  std::optional<std::string_view> rest = text;
  while (const auto vault = next_part(rest, ';')) {
    if (licensing.is_full()) break;
    licensing.add_vault(*vault);
  }
  return licensing.take_errors();
}

std::string format_app_licensing(std::span<const AppLicense> licenses) {
  std::string text;
  VaultId vault;
  for (const AppLicense& license : licenses) {
    if (license.vault_id != vault) {
      vault = license.vault_id;
      if (!text.empty()) text += ';';
      text += to_string(vault);
    }
    text += '|';
    text += license.application;
    text += license.active ? ":true:" : ":false:";
    text += license_name(license.license);
  }
  return text;
}

}  // namespace muster::directory

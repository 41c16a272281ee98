#include "app/copy_store.h"

#include <memory>
#include <utility>

#include "store/embedded/embedded_archive.h"
#include "store/postgres/postgres_archive.h"
#include "system/sodium_secrets.h"
#include "system/system_clock.h"

namespace muster::app {
namespace {

// As the base of what either kind opens.
template <typename Base, typename Opened>
Result<std::unique_ptr<Base>> as_base(Result<Opened> opened) {
  if (!opened) return std::unexpected(std::move(opened.error()));
  return std::unique_ptr<Base>(std::move(*opened));
}

Result<std::unique_ptr<store::ArchiveSource>> open_source(const StoreLocation& location) {
  if (location.url.empty()) {
    return as_base<store::ArchiveSource>(store::EmbeddedSource::open(location.data_dir));
  }
  const auto options = postgres_options(location);
  if (!options) return std::unexpected(options.error());
  return as_base<store::ArchiveSource>(store::PostgresSource::open(*options));
}

Result<std::unique_ptr<store::ArchiveTarget>> open_target(const StoreLocation& location) {
  if (location.url.empty()) {
    return as_base<store::ArchiveTarget>(
        store::EmbeddedTarget::open(location.data_dir, system::SystemClock().now()));
  }
  const auto options = postgres_options(location);
  if (!options) return std::unexpected(options.error());
  return as_base<store::ArchiveTarget>(store::PostgresTarget::open(*options));
}

}  // namespace

Result<store::CopyReport> copy_store(const StoreLocation& from, const StoreLocation& to) {
  const auto source = open_source(from);
  if (!source) return std::unexpected(source.error());
  const auto target = open_target(to);
  if (!target) return std::unexpected(target.error());
  return store::copy_archive(**source, **target, system::SodiumHasher());
}

}  // namespace muster::app

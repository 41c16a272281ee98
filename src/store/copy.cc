#include "store/copy.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/hex.h"

namespace muster::store {
namespace {

constexpr std::size_t kPieceRows = 1000;
constexpr std::size_t kPieceAnswers = 50;  // one may have a megabyte

using Visit = std::function<Result<void>(const ArchivePiece& piece, const ArchivePlace& place)>;

// The rows of one section behind `place`; `visit` is told up to where the piece goes.
Result<void> walk_section(ArchiveSource& source, ArchivePlace place, const Visit& visit) {
  const bool is_large = place.section == ArchiveSection::kAnswers;
  while (true) {
    const Result<ArchivePiece> piece = source.read(place, is_large ? kPieceAnswers : kPieceRows);
    if (!piece) return std::unexpected(piece.error());
    if (size_of(*piece) == 0) return {};
    place.key = last_key(*piece);
    if (auto done = visit(*piece, place); !done) return done;
  }
}

Result<void> walk(ArchiveSource& source, const ArchivePlace& place, const Visit& visit) {
  const auto first = std::to_underlying(place.section);
  for (auto number = first; number < kArchiveSections; ++number) {
    const ArchivePlace begin{.section = static_cast<ArchiveSection>(number), .key = {}};
    auto done = walk_section(source, number == first ? place : begin, visit);
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<ArchiveContent> content_of(ArchiveSource& source, const directory::Hasher& hasher) {
  const auto head = source.head();
  if (!head) return std::unexpected(head.error());
  ArchiveContent content;
  const std::unique_ptr<directory::RunningDigest> hash = hasher.begin_sha256();
  std::string text;
  append_canonical(text, *head);
  hash->update(text);
  const auto done = walk(source, {}, [&](const ArchivePiece& piece, const ArchivePlace& place) {
    text.clear();
    append_canonical(text, piece, *head->domain);
    hash->update(text);
    content.rows.at(std::to_underlying(place.section)) += static_cast<std::int64_t>(size_of(piece));
    return Result<void>();
  });
  if (!done) return std::unexpected(done.error());
  content.hash = hash->finish();
  return content;
}

Result<CopyReport> copy_archive(ArchiveSource& source, ArchiveTarget& target,
                                const directory::Hasher& hasher) {
  const auto head = source.head();
  if (!head) return std::unexpected(head.error());
  const auto wanted = content_of(source, hasher);
  if (!wanted) return std::unexpected(wanted.error());
  const auto place = target.begin(*head, hex_lower(wanted->hash));
  if (!place) return std::unexpected(place.error());
  auto done = walk(source, *place, [&](const ArchivePiece& piece, const ArchivePlace& up_to) {
    return target.write(piece, up_to);
  });
  if (done) done = target.complete();
  if (!done) return std::unexpected(done.error());
  const auto copied = content_of(target, hasher);
  if (!copied) return std::unexpected(copied.error());
  const CopyReport report{.source = *wanted, .target = *copied};
  if (report.is_whole()) done = target.mark_initialised();
  if (!done) return std::unexpected(done.error());
  return report;
}

}  // namespace muster::store

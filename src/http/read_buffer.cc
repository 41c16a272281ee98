#include "http/read_buffer.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"

namespace muster::http {
namespace {

constexpr std::size_t kCapacity = limits::kReadBufferBytesMax;
constexpr std::size_t kSpareBlocksMax = 64;  // 4 MiB a thread

}  // namespace

// Reserved, so that give_back() cannot throw: it runs in destructors.
BlockPool::BlockPool() { spare_.reserve(kSpareBlocksMax); }

BlockPool::Block BlockPool::take() {
  if (spare_.empty()) return std::make_unique_for_overwrite<char[]>(kCapacity);
  Block block = std::move(spare_.back());
  spare_.pop_back();
  return block;
}

void BlockPool::give_back(Block block) {
  if (spare_.size() < kSpareBlocksMax) spare_.push_back(std::move(block));
}

std::span<char> ReadBuffer::space() {
  if (!block_) block_ = pool_.take();
  // Only a rest at the end of the block is moved: a header cut by the block's end, a chunk line.
  if (end_ == kCapacity && begin_ > 0) {
    std::copy(block_.get() + begin_, block_.get() + end_, block_.get());
    end_ -= begin_;
    begin_ = 0;
  }
  return {block_.get() + end_, kCapacity - end_};
}

void ReadBuffer::consume(std::size_t bytes) {
  MUSTER_ASSERT(bytes <= end_ - begin_);
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

void ReadBuffer::append(std::string_view bytes) {
  const std::span<char> room = space();
  MUSTER_ASSERT(bytes.size() <= room.size());
  std::ranges::copy(bytes, room.begin());
  commit(bytes.size());
}

void ReadBuffer::clear() {
  if (block_) pool_.give_back(std::move(block_));
  begin_ = end_ = 0;
}

}  // namespace muster::http

// What a connection has received and not yet used: one block of limits::kReadBufferBytesMax, never
// more, borrowed while there is something in it.
//
//   auto space = buffer.space();            // write received bytes there
//   buffer.commit(n);
//   buffer.consume(parser.next(buffer.data()).consumed);
//
// A BlockPool serves the connections of one I/O thread and outlives them. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace muster::http {

class BlockPool {
 public:
  using Block = std::unique_ptr<char[]>;

  BlockPool();

  [[nodiscard]] Block take();
  void give_back(Block block);

 private:
  std::vector<Block> spare_;
};

class ReadBuffer {
 public:
  explicit ReadBuffer(BlockPool& pool) : pool_(pool) {}
  ~ReadBuffer() { clear(); }
  ReadBuffer(const ReadBuffer&) = delete;
  ReadBuffer& operator=(const ReadBuffer&) = delete;

  // Valid until the next call of another function than consume().
  [[nodiscard]] std::string_view data() const { return {block_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  // Room for more behind data(); empty when the block is full.
  [[nodiscard]] std::span<char> space();
  void commit(std::size_t bytes) { end_ += bytes; }
  void consume(std::size_t bytes);
  // Copies `bytes` behind data(). REQUIRES: they fit.
  void append(std::string_view bytes);
  // Drops the contents and returns the block.
  void clear();

 private:
  BlockPool& pool_;
  BlockPool::Block block_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace muster::http

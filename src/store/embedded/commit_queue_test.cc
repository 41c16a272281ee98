#include "store/embedded/commit_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>

namespace muster::store {
namespace {

std::shared_ptr<Commit> commit_number(Sequence sequence) {
  auto commit = std::make_shared<Commit>();
  commit->changes.sequence = sequence;
  return commit;
}

TEST(CommitQueueTest, OneLeaderFlushesAllThatAreComplete) {
  std::vector<std::size_t> groups;
  CommitQueue queue(0, [&](const CommitGroup& group) -> Result<void> {
    groups.push_back(group.size());
    return {};
  });
  const auto first = commit_number(1);
  const auto second = commit_number(2);
  queue.enqueue(first);
  queue.enqueue(second);
  second->is_complete = true;
  EXPECT_TRUE(queue.finish(*first));
  EXPECT_TRUE(queue.finish(*second));
  EXPECT_EQ(groups, std::vector<std::size_t>{2});
}

TEST(CommitQueueTest, AfterAFailedFlushNothingIsFlushed) {
  int flushes = 0;
  CommitQueue queue(0, [&](const CommitGroup&) -> Result<void> {
    ++flushes;
    return fail(ErrorType::kUnexpectedError, "no disk");
  });
  const auto first = commit_number(1);
  queue.enqueue(first);
  EXPECT_FALSE(queue.finish(*first));
  const auto second = commit_number(2);
  queue.enqueue(second);
  EXPECT_FALSE(queue.finish(*second));
  EXPECT_TRUE(queue.failed());
  EXPECT_EQ(flushes, 1);
}

// Nobody knows what a flush that ran out of memory left on disk: waiting or going on would be
// wrong.
TEST(CommitQueueDeathTest, AThrowingFlushEndsTheProcess) {
  CommitQueue queue(0, [](const CommitGroup&) -> Result<void> { throw std::bad_alloc(); });
  const auto commit = commit_number(1);
  queue.enqueue(commit);
  EXPECT_DEATH(static_cast<void>(queue.finish(*commit)), "bad_alloc");
}

}  // namespace
}  // namespace muster::store

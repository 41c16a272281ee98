// A user that may be about to change: copied at the first edit, so that a record that asks for
// nothing new costs no allocation.
//
//   UserDraft draft(before);
//   if (draft.now().domain_active) draft.edit().domain_active = false;
//   std::shared_ptr<User> after = draft.take();   // null: nothing was edited
//
// Not thread-safe; `before` outlives the draft.
#pragma once

#include <memory>
#include <span>
#include <utility>

#include "directory/user.h"

namespace muster::directory {

class UserDraft {
 public:
  explicit UserDraft(const User& before) : before_(before) {}

  [[nodiscard]] const User& before() const { return before_; }
  [[nodiscard]] const User& now() const { return after_ ? *after_ : before_; }
  [[nodiscard]] User& edit() {
    if (!after_) after_ = std::make_shared<User>(before_);
    return *after_;
  }
  void set_texts(std::span<const User::TextChange> texts) {
    if (after_) {
      after_->set_texts(texts);
    } else {
      after_ = std::make_shared<User>(before_, texts);
    }
  }
  [[nodiscard]] std::shared_ptr<User> take() { return std::move(after_); }

 private:
  const User& before_;
  std::shared_ptr<User> after_;
};

}  // namespace muster::directory

#include "store/changes.h"

namespace muster::store {
namespace {

template <typename Map>
void merge_map(Map& target, const Map& newer) {
  target.reserve(target.size() + newer.size());
  for (const auto& [key, stamped] : newer) target.insert_or_assign(key, stamped);
}

template <typename Map>
void forget_map(Map& target, const Map& older, Sequence up_to) {
  for (const auto& [key, stamped] : older) {
    const auto found = target.find(key);
    if (found != target.end() && found->second.sequence <= up_to) target.erase(found);
  }
}

}  // namespace

void Layer::merge(const Layer& newer) {
  merge_map(users, newer.users);
  merge_map(names, newer.names);
  merge_map(federated_ids, newer.federated_ids);
  merge_map(sessions, newer.sessions);
  merge_map(credentials, newer.credentials);
}

void Layer::forget(const Layer& older, Sequence up_to) {
  forget_map(users, older.users, up_to);
  forget_map(names, older.names, up_to);
  forget_map(federated_ids, older.federated_ids, up_to);
  forget_map(sessions, older.sessions, up_to);
  forget_map(credentials, older.credentials, up_to);
}

}  // namespace muster::store

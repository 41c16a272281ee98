#include "http/reading_for_test.h"

#include <algorithm>
#include <memory>

#include "http/request_parser.h"

namespace muster::http {
namespace {

class Reader {
 public:
  void arrive(std::string_view piece) {
    buffer_ += piece;
    while (!reading_.refusal && advance()) {
    }
    reading_.left = reading_.refusal ? 0 : buffer_.size();
    reading_.held_most = std::max(reading_.held_most, buffer_.size());
  }

  [[nodiscard]] Reading take() { return std::move(reading_); }

 private:
  struct InProgress {
    Request request;
    RequestParser parser{request};
    std::string body;
  };

  bool advance() {
    if (!current_) current_ = std::make_unique<InProgress>();
    const auto step = current_->parser.next(buffer_);
    if (step.refusal) reading_.refusal = step.refusal;
    if (step.refusal || step.consumed == 0) return false;
    current_->body += step.body;
    buffer_.erase(0, step.consumed);
    if (current_->parser.done()) finish();
    return !buffer_.empty();
  }

  void finish() {
    RequestRead read;
    read.method = current_->request.method;
    read.target = current_->request.target;
    read.body = current_->body;
    read.ends_connection = !current_->parser.wants_keep_alive();
    for (const Header& field : current_->request.headers) {
      read.fields.push_back(field.name + ": " + field.value);
    }
    reading_.requests.push_back(std::move(read));
    current_.reset();
  }

  std::string buffer_;
  std::unique_ptr<InProgress> current_;
  Reading reading_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Reading& reading) {
  for (const RequestRead& request : reading.requests) {
    out << request.method << ' ' << request.target << " (" << request.fields.size() << " fields, "
        << request.body.size() << " body bytes); ";
  }
  if (reading.refusal) out << "refused: " << refusal_text(*reading.refusal);
  return out << " left " << reading.left;
}

Reading read_in_pieces(std::string_view bytes, const std::vector<std::size_t>& cuts) {
  Reader reader;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    reader.arrive(bytes.substr(from, cut - from));
    from = cut;
  }
  reader.arrive(bytes.substr(from));
  return reader.take();
}

Reading read_whole(std::string_view bytes) { return read_in_pieces(bytes, {}); }

Reading read_byte_by_byte(std::string_view bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) cuts.push_back(cut);
  return read_in_pieces(bytes, cuts);
}

}  // namespace muster::http

#include "store/archive.h"

#include <utility>

#include "base/assert.h"
#include "base/json_escape.h"
#include "base/text.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_text.h"
#include "store/embedded/user_row.h"
#include "store/storable_text.h"

namespace muster::store {
namespace {

using directory::Domain;

std::string key_of(const directory::UserPtr& user) { return to_string(user->id); }
std::string key_of(const OwnedCredential& row) { return to_string(row.id); }
std::string key_of(const directory::Session& session) { return digest_text(session.id_hash); }
std::string key_of(const directory::Batch& batch) { return batch.id; }
std::string key_of(const directory::DomainAuditRow& row) { return std::to_string(row.id); }
std::string key_of(const directory::LoginAuditRow& row) { return std::to_string(row.id); }
std::string key_of(const directory::KeptAnswer& answer) { return digest_text(answer.key); }

// A JSON array, element by element.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) { out_ += '['; }

  Line& number(std::int64_t value) {
    commas_.next(out_);
    append_integer(out_, value);
    return *this;
  }
  Line& text(std::string_view value) {
    commas_.next(out_);
    append_json_string(out_, is_storable(value) ? value : std::string_view(made_storable(value)));
    return *this;
  }
  void end() { out_ += "]\n"; }

 private:
  std::string& out_;
  Commas commas_;
};

void append_row(std::string& out, const directory::UserPtr& user, const Domain& domain) {
  append_integer(out, user->id.value);
  append_user(out, *user, domain);
  out += '\n';
}

void append_row(std::string& out, const OwnedCredential& row, const Domain& /*domain*/) {
  append_credential(out, row.id, row.credential);
  out += '\n';
}

void append_row(std::string& out, const directory::Session& session, const Domain& /*domain*/) {
  append_session(out, session);
  out += '\n';
}

void append_row(std::string& out, const directory::Batch& batch, const Domain& /*domain*/) {
  Line line(out);
  line.text(batch.id).number(batch.user_id.value).number(batch.vault_id.value);
  line.text(batch.operation).number(milliseconds(batch.started));
  line.number(milliseconds(batch.finished)).number(batch.records).number(batch.succeeded);
  line.number(batch.failed).number(batch.unchanged).text(batch.client_id);
  line.text(batch.reference_id).text(batch.undone_by).end();
}

void append_row(std::string& out, const directory::DomainAuditRow& row, const Domain& /*domain*/) {
  Line line(out);
  line.number(row.id).number(milliseconds(row.timestamp)).text(row.user_name).text(row.full_name);
  line.text(row.on_behalf_of).text(row.action).text(row.item).number(row.item_id.value);
  line.number(row.is_new ? 1 : 0).text(row.execution_id);
  for (const auto& change : row.changes) {
    line.text(change.field).text(change.old_value).text(change.new_value);
  }
  line.end();
}

void append_row(std::string& out, const directory::LoginAuditRow& row, const Domain& /*domain*/) {
  Line line(out);
  line.number(row.id).number(milliseconds(row.timestamp)).number(row.user_id.value);
  for (const std::string* text : {&row.user_name, &row.full_name, &row.source_ip, &row.type,
                                  &row.status, &row.browser, &row.platform}) {
    line.text(*text);
  }
  line.end();
}

void append_row(std::string& out, const directory::KeptAnswer& answer, const Domain& /*domain*/) {
  Line line(out);
  line.text(digest_text(answer.key)).text(digest_text(answer.body));
  line.number(milliseconds(answer.at)).number(std::ssize(answer.text));
  line.end();
  out += answer.text;
  out += '\n';
}

}  // namespace

std::string last_key(const ArchivePiece& piece) {
  return std::visit(
      [](const auto& rows) {
        MUSTER_ASSERT(!rows.empty());
        return key_of(rows.back());
      },
      piece);
}

std::size_t size_of(const ArchivePiece& piece) {
  return std::visit([](const auto& rows) { return rows.size(); }, piece);
}

void append_canonical(std::string& out, const ArchiveHead& head) {
  append_domain(out, *head.domain);
  out += '\n';
  append_integer(out, head.next_user_id.value);
  out += '\n';
}

void append_canonical(std::string& out, const ArchivePiece& piece, const Domain& domain) {
  std::visit(
      [&](const auto& rows) {
        for (const auto& row : rows) append_row(out, row, domain);
      },
      piece);
}

std::string mark_text(const CopyMark& mark) {
  std::string text(kCopyMark);
  text += mark.content + ' ';
  append_integer(text, std::to_underlying(mark.place.section));
  return text + ' ' + mark.place.key;
}

std::optional<CopyMark> parse_mark(std::string_view text) {
  if (!text.starts_with(kCopyMark)) return std::nullopt;
  text.remove_prefix(kCopyMark.size());
  const std::size_t content = text.find(' ');
  const std::size_t section = text.find(' ', content + 1);
  if (content == text.npos || section == text.npos) return std::nullopt;
  const auto number = parse_digits<std::uint8_t>(text.substr(content + 1, section - content - 1));
  if (!number || *number >= kArchiveSections) return std::nullopt;
  return CopyMark{.content = std::string(text.substr(0, content)),
                  .place = {.section = static_cast<ArchiveSection>(*number),
                            .key = std::string(text.substr(section + 1))}};
}

}  // namespace muster::store

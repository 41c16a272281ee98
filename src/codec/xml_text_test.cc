#include "codec/xml_text.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/json_writer.h"

namespace muster::codec {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHead = R"(<?xml version="1.0" encoding="UTF-8"?><response>)";
constexpr std::string_view kTail = "</response>";

// What stands inside the root.
std::string inside(std::string_view json) {
  const std::string xml = xml_from_json(json);
  EXPECT_TRUE(xml.starts_with(kHead)) << xml;
  EXPECT_TRUE(xml.ends_with(kTail)) << xml;
  return xml.substr(kHead.size(), xml.size() - kHead.size() - kTail.size());
}

std::string text_of(std::string_view text) {
  JsonWriter json;
  json.begin_object();
  json.member("t", text);
  json.end_object();
  const std::string xml = inside(json.take());
  return xml.substr(3, xml.size() - 7);
}

TEST(XmlText, AnswerOfTheProtocol) {
  EXPECT_EQ(xml_from_json(R"({"responseStatus":"SUCCESS","sessionId":"4F0C","userId":12021})"),
            R"(<?xml version="1.0" encoding="UTF-8"?><response><responseStatus>SUCCESS)"
            "</responseStatus><sessionId>4F0C</sessionId><userId>12021</userId></response>");
}

TEST(XmlText, EachShapeOfJson) {
  struct Case {
    std::string_view json;
    std::string_view xml;
  };
  for (const auto& [json, xml] : {
           Case{"{}", ""},
           {R"({"a":null,"b":"","c":true,"d":false,"e":-7})",
            "<a></a><b></b><c>true</c><d>false</d><e>-7</e>"},
           {R"({"a":{"b":{"c":1},"d":{}}})", "<a><b><c>1</c></b><d></d></a>"},
           // Any other array: the key once per item.
           {R"({"v":[1,2]})", "<v>1</v><v>2</v>"},
           {R"({"v":["a,]}","b"],"w":1})", "<v>a,]}</v><v>b</v><w>1</w>"},
           {R"({"v":[],"w":1})", "<w>1</w>"},
           {R"({"v":[null]})", "<v></v>"},
           {R"({"v":[{}]})", "<v></v>"},
           {R"({"v":[[1,2],[3]]})", "<v>1</v><v>2</v><v>3</v>"},
           {R"({"e":[{"type":"A","message":"m"},{"type":"B","message":"n"}]})",
            "<e><type>A</type><message>m</message></e><e><type>B</type><message>n</message></e>"},
           // Objects of one key each: one element that holds them.
           {R"({"users":[{"user":{"id":1}},{"user":{"id":2}}]})",
            "<users><user><id>1</id></user><user><id>2</id></user></users>"},
           {R"({"a":[{"b":[{"c":1}]},{"b":[{"c":2},{"c":3}]}],"z":0})",
            "<a><b><c>1</c></b><b><c>2</c><c>3</c></b></a><z>0</z>"},
           {R"({"a":[{"b":[1,2]}]})", "<a><b>1</b><b>2</b></a>"},
           // One object with more keys: each item stays apart.
           {R"({"d":[{"id":1},{"id":2,"n":"x"}]})", "<d><id>1</id></d><d><id>2</id><n>x</n></d>"},
           {R"({"d":[{"id":1},7]})", "<d><id>1</id></d><d>7</d>"},
       }) {
    EXPECT_EQ(inside(json), xml) << json;
  }
}

TEST(XmlText, KeysThatAreNoElementNames) {
  EXPECT_EQ(inside(R"({"v7.0":1,"7":2,"a b[3].c":3,"":4,"<\"":5})"),
            "<v7.0>1</v7.0><_7>2</_7><a_b_3_.c>3</a_b_3_.c><_>4</_><____>5</____>");
}

TEST(XmlText, TextIsEscaped) {
  EXPECT_EQ(text_of(R"(<a href="x">&amp;</a> 'q' \ / ]]>)"),
            R"(&lt;a href="x"&gt;&amp;amp;&lt;/a&gt; 'q' \ / ]]&gt;)");
  EXPECT_EQ(text_of("line\nnext\ttab\rend"), "line\nnext\ttab&#13;end");
  EXPECT_EQ(text_of("Grüße, 水, \xF0\x9F\x98\x80"), "Grüße, 水, \xF0\x9F\x98\x80");
}

TEST(XmlText, CharactersOutsideXmlAreRemoved) {
  EXPECT_EQ(text_of("a\0b\x01\x08\x0B\x0C\x1F"
                    "c\xEF\xBF\xBE\xEF\xBF\xBF"
                    "d\xEF\xBF\xBD\x7F"sv),
            "abcd\xEF\xBF\xBD\x7F");
}

TEST(XmlText, DeepAndWideAnswersTakeTimeInProportion) {
  constexpr std::size_t kItems = 100'000;
  constexpr std::size_t kDepth = 60;
  std::string json = "{\"a\":";
  for (std::size_t i = 0; i < kDepth; ++i) json += "[{\"b\":";
  json += "[1";
  for (std::size_t i = 0; i < kItems; ++i) json += ",1";
  json += ']';
  for (std::size_t i = 0; i < kDepth; ++i) json += "}]";
  json += '}';
  const std::string xml = xml_from_json(json);
  EXPECT_GT(xml.size(), kItems * std::string_view("<b>1</b>").size());
}

}  // namespace
}  // namespace muster::codec

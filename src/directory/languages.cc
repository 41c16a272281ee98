// Languages of the user interface, ISO 639-1 codes, some with a country.
#include <algorithm>

#include "directory/catalogue.h"

namespace muster::directory {
namespace {

constexpr CatalogueValue kLanguages[] = {
    // clang-format off
    {"ar", "Arabic"},
    {"bg", "Bulgarian"},
    {"bn", "Bangla"},
    {"ca", "Catalan"},
    {"cs", "Czech"},
    {"da", "Danish"},
    {"de", "German"},
    {"el", "Greek"},
    {"en", "English"},
    {"en_GB", "English (United Kingdom)"},
    {"es", "Spanish"},
    {"es_MX", "Spanish (Mexico)"},
    {"et", "Estonian"},
    {"fa", "Persian"},
    {"fi", "Finnish"},
    {"fr", "French"},
    {"fr_CA", "French (Canada)"},
    {"he", "Hebrew"},
    {"hi", "Hindi"},
    {"hr", "Croatian"},
    {"hu", "Hungarian"},
    {"id", "Indonesian"},
    {"is", "Icelandic"},
    {"it", "Italian"},
    {"ja", "Japanese"},
    {"kk", "Kazakh"},
    {"ko", "Korean"},
    {"lt", "Lithuanian"},
    {"lv", "Latvian"},
    {"ms", "Malay"},
    {"nb", "Norwegian Bokmål"},
    {"nl", "Dutch"},
    {"no", "Norwegian"},
    {"pl", "Polish"},
    {"pt", "Portuguese"},
    {"pt_BR", "Portuguese (Brazil)"},
    {"ro", "Romanian"},
    {"ru", "Russian"},
    {"sk", "Slovak"},
    {"sl", "Slovenian"},
    {"sr", "Serbian"},
    {"sv", "Swedish"},
    {"ta", "Tamil"},
    {"te", "Telugu"},
    {"th", "Thai"},
    {"tr", "Turkish"},
    {"uk", "Ukrainian"},
    {"ur", "Urdu"},
    {"vi", "Vietnamese"},
    {"zh", "Chinese"},
    {"zh_CN", "Chinese (China)"},
    {"zh_TW", "Chinese (Taiwan)"},
    // clang-format on
};
static_assert(std::ranges::is_sorted(kLanguages, {}, &CatalogueValue::value));

}  // namespace

std::span<const CatalogueValue> languages() { return kLanguages; }

}  // namespace muster::directory

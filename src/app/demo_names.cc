#include "app/demo_names.h"

namespace muster::app {
namespace {

// clang-format off
constexpr std::array kRegions{
    DemoRegion{"de_DE", "de", "Europe/Berlin", "Köln", "+49 221 55", "Brandt & Söhne GmbH",
      {{{"Jürgen", "juergen"}, {"Anke", "anke"}, {"Björn", "bjoern"}, {"Käthe", "kaethe"}, {"Sören", "soeren"}, {"Nadia", "nadia"},
        {"Götz", "goetz"}, {"Ulrike", "ulrike"}, {"Matthias", "matthias"}, {"Bärbel", "baerbel"}, {"Lukas", "lukas"}, {"Heike", "heike"}}},
      {{{"Müller", "mueller"}, {"Weiß", "weiss"}, {"Brandt", "brandt"}, {"Größler", "groessler"}, {"Schäfer", "schaefer"}, {"Köhler", "koehler"},
        {"von der Heide", "vonderheide"}, {"Jäger", "jaeger"}, {"Krüger", "krueger"}, {"Lindner", "lindner"}, {"Vogt", "vogt"}, {"Süß", "suess"}}}},
    DemoRegion{"fr_FR", "fr", "Europe/Paris", "Besançon", "+33 381 55", "Études Cliniques Réunies",
      {{{"Chloé", "chloe"}, {"Françoise", "francoise"}, {"Jérôme", "jerome"}, {"Anaïs", "anais"}, {"Benoît", "benoit"}, {"Zoé", "zoe"},
        {"Étienne", "etienne"}, {"Noémie", "noemie"}, {"Loïc", "loic"}, {"Hélène", "helene"}, {"Rémi", "remi"}, {"Camille", "camille"}}},
      {{{"Lefèvre", "lefevre"}, {"D’Aubigné", "daubigne"}, {"Gauthier", "gauthier"}, {"Béranger", "beranger"}, {"Garçon", "garcon"}, {"Noël", "noel"},
        {"Hébert", "hebert"}, {"Renard", "renard"}, {"Prévost", "prevost"}, {"Chênevert", "chenevert"}, {"Moreau", "moreau"}, {"Lemaître", "lemaitre"}}}},
    DemoRegion{"es_ES", "es", "Europe/Madrid", "Málaga", "+34 952 55", "Ensayos del Sur, S.A.",
      {{{"Íñigo", "inigo"}, {"Begoña", "begona"}, {"Tomás", "tomas"}, {"Lucía", "lucia"}, {"Andrés", "andres"}, {"María José", "mariajose"},
        {"Ramón", "ramon"}, {"Ana", "ana"}, {"Joaquín", "joaquin"}, {"Inés", "ines"}, {"Óscar", "oscar"}, {"Sofía", "sofia"}}},
      {{{"Muñoz", "munoz"}, {"Ruiz", "ruiz"}, {"Ibáñez", "ibanez"}, {"Núñez Prado", "nunezprado"}, {"García", "garcia"}, {"Peña", "pena"},
        {"Gómez", "gomez"}, {"Sáez", "saez"}, {"Cañete", "canete"}, {"Herrera", "herrera"}, {"Güell", "guell"}, {"Ordóñez", "ordonez"}}}},
    DemoRegion{"pl_PL", "pl", "Europe/Warsaw", "Łódź", "+48 42 55", "Badania Wisła",
      {{{"Łukasz", "lukasz"}, {"Małgorzata", "malgorzata"}, {"Paweł", "pawel"}, {"Agnieszka", "agnieszka"}, {"Michał", "michal"}, {"Bożena", "bozena"},
        {"Grzegorz", "grzegorz"}, {"Żaneta", "zaneta"}, {"Rafał", "rafal"}, {"Kinga", "kinga"}, {"Bogusław", "boguslaw"}, {"Zuzanna", "zuzanna"}}},
      {{{"Wiśniewski", "wisniewski"}, {"Dąbrowska", "dabrowska"}, {"Łęcki", "lecki"}, {"Żółkiewska", "zolkiewska"}, {"Szczęsny", "szczesny"}, {"Jabłońska", "jablonska"},
        {"Górski", "gorski"}, {"Krawczyk", "krawczyk"}, {"Piątek", "piatek"}, {"Kozłowska", "kozlowska"}, {"Sikora", "sikora"}, {"Głowacki", "glowacki"}}}},
    DemoRegion{"en_US", "en", "America/New_York", "Trenton", "+1 609 555", "Delaware Trials, Inc.",
      {{{"Liam", "liam"}, {"Grace", "grace"}, {"Ethan", "ethan"}, {"Olivia", "olivia"}, {"Mary-Ann", "maryann"}, {"Darnell", "darnell"},
        {"Joshua", "joshua"}, {"Ruth", "ruth"}, {"Caleb", "caleb"}, {"Naomi", "naomi"}, {"Walter", "walter"}, {"Denise", "denise"}}},
      {{{"O'Hara", "ohara"}, {"Osei", "osei"}, {"Carter", "carter"}, {"Whitfield", "whitfield"}, {"Smith-Jones", "smithjones"}, {"McAllister", "mcallister"},
        {"Bailey", "bailey"}, {"Nguyen-Cole", "nguyencole"}, {"Ramsey", "ramsey"}, {"Fitzgerald", "fitzgerald"}, {"Hughes", "hughes"}, {"Ortega", "ortega"}}}},
    DemoRegion{"ja_JP", "ja", "Asia/Tokyo", "大阪", "+81 6 5555", "関西臨床株式会社",
      {{{"健太", "kenta"}, {"美咲", "misaki"}, {"翔", "sho"}, {"陽子", "yoko"}, {"大輔", "daisuke"}, {"さくら", "sakura"},
        {"一郎", "ichiro"}, {"恵子", "keiko"}, {"ユウキ", "yuki"}, {"直美", "naomi"}, {"拓也", "takuya"}, {"千夏", "chinatsu"}}},
      {{{"佐藤", "sato"}, {"鈴木", "suzuki"}, {"高橋", "takahashi"}, {"田中", "tanaka"}, {"渡辺", "watanabe"}, {"山本", "yamamoto"},
        {"中村", "nakamura"}, {"小林", "kobayashi"}, {"加藤", "kato"}, {"吉田", "yoshida"}, {"松本", "matsumoto"}, {"井上", "inoue"}}}},
    DemoRegion{"zh_CN", "zh_CN", "Asia/Shanghai", "上海", "+86 21 5555", "长江医药研究",
      {{{"伟", "wei"}, {"秀英", "xiuying"}, {"芳", "fang"}, {"磊", "lei"}, {"静怡", "jingyi"}, {"浩然", "haoran"},
        {"梅", "mei"}, {"建国", "jianguo"}, {"雨桐", "yutong"}, {"志强", "zhiqiang"}, {"丽华", "lihua"}, {"子轩", "zixuan"}}},
      {{{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"}, {"陈", "chen"}, {"杨", "yang"},
        {"赵", "zhao"}, {"黄", "huang"}, {"周", "zhou"}, {"吴", "wu"}, {"徐", "xu"}, {"孙", "sun"}}}},
    DemoRegion{"ko_KR", "ko", "Asia/Seoul", "부산", "+82 51 555", "한강 임상 연구소",
      {{{"민준", "minjun"}, {"서연", "seoyeon"}, {"지훈", "jihoon"}, {"하은", "haeun"}, {"도윤", "doyun"}, {"수빈", "subin"},
        {"현우", "hyunwoo"}, {"지민", "jimin"}, {"예진", "yejin"}, {"준호", "junho"}, {"은지", "eunji"}, {"태영", "taeyoung"}}},
      {{{"김", "kim"}, {"이", "lee"}, {"박", "park"}, {"최", "choi"}, {"정", "jung"}, {"강", "kang"},
        {"조", "cho"}, {"윤", "yoon"}, {"장", "jang"}, {"임", "lim"}, {"한", "han"}, {"오", "oh"}}}},
    DemoRegion{"ru_RU", "ru", "Europe/Moscow", "Тверь", "+7 482 255", "Волга Фарма",
      {{{"Алексей", "aleksei"}, {"Ольга", "olga"}, {"Дмитрий", "dmitrii"}, {"Екатерина", "ekaterina"}, {"Сергей", "sergei"}, {"Наталья", "natalya"},
        {"Юрий", "yurii"}, {"Людмила", "lyudmila"}, {"Фёдор", "fyodor"}, {"Ксения", "kseniya"}, {"Игорь", "igor"}, {"Вера", "vera"}}},
      {{{"Иваненко", "ivanenko"}, {"Соловей", "solovei"}, {"Ткаченко", "tkachenko"}, {"Белых", "belykh"}, {"Журавель", "zhuravel"}, {"Коваль", "koval"},
        {"Черных", "chernykh"}, {"Шевчук", "shevchuk"}, {"Гончар", "gonchar"}, {"Дудник", "dudnik"}, {"Литвин", "litvin"}, {"Савченко", "savchenko"}}}},
    DemoRegion{"pt_BR", "pt_BR", "America/Sao_Paulo", "São Paulo", "+55 11 5555", "Clínica Ipê Ltda.",
      {{{"João", "joao"}, {"Conceição", "conceicao"}, {"Antônio", "antonio"}, {"Luísa", "luisa"}, {"Vinícius", "vinicius"}, {"Letícia", "leticia"},
        {"César", "cesar"}, {"Márcia", "marcia"}, {"Otávio", "otavio"}, {"Beatriz", "beatriz"}, {"Flávio", "flavio"}, {"Júlia", "julia"}}},
      {{{"Gonçalves", "goncalves"}, {"da Conceição", "daconceicao"}, {"Araújo", "araujo"}, {"Magalhães", "magalhaes"}, {"Simões", "simoes"}, {"Falcão", "falcao"},
        {"Nascimento", "nascimento"}, {"Brandão", "brandao"}, {"Camões", "camoes"}, {"Ribeiro", "ribeiro"}, {"Sant’Anna", "santanna"}, {"Teixeira", "teixeira"}}}},
    DemoRegion{"it_IT", "it", "Europe/Rome", "Forlì", "+39 0543 55", "Ricerca Adriatica S.p.A.",
      {{{"Niccolò", "niccolo"}, {"Giulia", "giulia"}, {"Matteo", "matteo"}, {"Chiara", "chiara"}, {"Gabriele", "gabriele"}, {"Noè", "noe"},
        {"Francesca", "francesca"}, {"Pierluigi", "pierluigi"}, {"Beatrice", "beatrice"}, {"Ludovica", "ludovica"}, {"Tommaso", "tommaso"}, {"Serena", "serena"}}},
      {{{"D'Angelo", "dangelo"}, {"Nicolò", "nicolo"}, {"Cantù", "cantu"}, {"Zanardi", "zanardi"}, {"Bellocchio", "bellocchio"}, {"Dalla Costa", "dallacosta"},
        {"Vercelli", "vercelli"}, {"Marchetti", "marchetti"}, {"Fantozzi", "fantozzi"}, {"Scuderi", "scuderi"}, {"Ghirelli", "ghirelli"}, {"Panebianco", "panebianco"}}}},
    DemoRegion{"en_IN", "en", "Asia/Kolkata", "Pune", "+91 20 5555", "Sahyadri Clinical Pvt. Ltd.",
      {{{"Ananya", "ananya"}, {"Arjun", "arjun"}, {"Priya", "priya"}, {"Rohan", "rohan"}, {"Lakshmi", "lakshmi"}, {"Vikram", "vikram"},
        {"कविता", "kavita"}, {"सुनील", "sunil"}, {"Meera", "meera"}, {"Farhan", "farhan"}, {"दीपा", "deepa"}, {"Harpreet", "harpreet"}}},
      {{{"Iyer", "iyer"}, {"शर्मा", "sharma"}, {"Deshpande", "deshpande"}, {"Kulkarni", "kulkarni"}, {"Banerjee", "banerjee"}, {"गुप्ता", "gupta"},
        {"Reddy", "reddy"}, {"Chatterjee", "chatterjee"}, {"Nair", "nair"}, {"Singh", "singh"}, {"Mehta", "mehta"}, {"Qureshi", "qureshi"}}}},
};
// clang-format on

}  // namespace

std::span<const DemoRegion> demo_regions() { return kRegions; }

}  // namespace muster::app

"""Names, addresses and numbers without what people write differently: case, accents, punctuation, legal forms."""

import polars as pl

# One spelling for each legal form. Two names with different ones are rather two companies.
LEGAL_FORMS: dict[str, str] = {
    **dict.fromkeys(("inc", "incorporated", "corp", "corporation", "corporacion"), "corp"),
    **dict.fromkeys(("ltd", "limited", "ltda", "limitada", "pvt", "private", "pte", "pty", "proprietary"), "ltd"),
    **dict.fromkeys(("llc", "lc"), "llc"),
    **dict.fromkeys(("llp", "lllp", "lp"), "lp"),
    **dict.fromkeys(("plc",), "plc"),
    **dict.fromkeys(("gmbh", "mbh", "gesmbh"), "gmbh"),
    **dict.fromkeys(("ag", "aktiengesellschaft"), "ag"),
    **dict.fromkeys(("kg", "kgaa", "ohg", "ug", "ev", "eg"), "kg"),
    **dict.fromkeys(("sa", "sae", "saa", "sab"), "sa"),
    **dict.fromkeys(("sarl", "sas", "sasu", "eurl", "snc"), "sarl"),
    **dict.fromkeys(("srl", "sl", "slu", "sau"), "srl"),
    **dict.fromkeys(("spa",), "spa"),
    **dict.fromkeys(("bv", "besloten"), "bv"),
    **dict.fromkeys(("nv",), "nv"),
    **dict.fromkeys(("ab", "aktiebolag"), "ab"),
    **dict.fromkeys(("as", "asa", "aps", "ans", "aktieselskab"), "as"),
    **dict.fromkeys(("oy", "oyj"), "oy"),
    **dict.fromkeys(("sro", "zoo", "doo", "dd", "ood", "eood", "kft", "rt", "zrt", "sp"), "sro"),
    **dict.fromkeys(("ooo", "oao", "pao", "zao", "ao", "jsc", "ojsc", "cjsc", "pjsc"), "jsc"),
    **dict.fromkeys(("kk", "gk", "kabushiki", "kaisha"), "kk"),
    **dict.fromkeys(("cia", "compania", "compagnie", "cie", "co", "company"), "co"),
    **dict.fromkeys(("bhd", "sdn", "tbk", "pt", "cv", "eirl", "epp", "ccorp"), "other"),
}
# Words that say nothing about which company it is.
_FILLERS = ("the", "and", "of", "de", "la", "le", "les", "et", "und", "y", "der", "die", "das", "for", "fuer")
_LETTERS = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "\u0131": "i",  # without its dot
    "\u2019": "'",
    "`": "'",
    "&": " and ",
    "@": " at ",
}
_STREETS = {
    "street": "st",
    "strasse": "st",
    "str": "st",
    "avenue": "ave",
    "av": "ave",
    "road": "rd",
    "boulevard": "blvd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "square": "sq",
    "highway": "hwy",
    "parkway": "pkwy",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "suite": "ste",
    "floor": "fl",
    "building": "bldg",
}
# Everybody may have an address there, so sharing it says nothing.
FREE_MAIL = (
    *("gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com", "live.com", "aol.com", "icloud.com"),
    *("msn.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "qq.com", "163.com", "protonmail.com", "yandex.ru"),
    *("example.com", "example.org", "test.com", "comcast.net", "me.com", "t-online.de", "orange.fr", "free.fr"),
)
_COUNTRIES = {
    **dict.fromkeys(("united states", "united states of america", "u s a", "u s", "usa", "america"), "us"),
    **dict.fromkeys(("united kingdom", "great britain", "england", "scotland", "wales", "u k", "uk"), "gb"),
    "germany": "de",
    "deutschland": "de",
    "france": "fr",
    "netherlands": "nl",
    "the netherlands": "nl",
    "holland": "nl",
    "nederland": "nl",
    "sweden": "se",
    "sverige": "se",
    "norway": "no",
    "norge": "no",
    "denmark": "dk",
    "danmark": "dk",
    "finland": "fi",
    "suomi": "fi",
    "spain": "es",
    "espana": "es",
    "italy": "it",
    "italia": "it",
    "austria": "at",
    "osterreich": "at",
    "switzerland": "ch",
    "schweiz": "ch",
    "belgium": "be",
    "belgie": "be",
    "belgique": "be",
    "portugal": "pt",
    "ireland": "ie",
    "eire": "ie",
    "poland": "pl",
    "polska": "pl",
    "canada": "ca",
    "mexico": "mx",
    "brazil": "br",
    "brasil": "br",
    "australia": "au",
    "new zealand": "nz",
    "japan": "jp",
    "china": "cn",
    "india": "in",
    "singapore": "sg",
}


def folded(text: pl.Expr) -> pl.Expr:
    """Lower case, without accents, one blank between words; nothing for an empty text."""
    plain = text.cast(pl.String).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    plain = plain.str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    plain = plain.str.replace_all(r"\ba/s\b", "as").str.replace_all(r"['.]", "")
    plain = plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return pl.when(plain != "").then(plain)


def words(text: pl.Expr) -> pl.Expr:
    """The words of a folded text, in order; letters that stand alone in a row are one word (`s a` is `sa`)."""
    joined = text.str.replace_all(r"\b(\p{L}) (?:(\p{L})\b) (?:(\p{L})\b)", "${1}${2}${3}")
    joined = joined.str.replace_all(r"\b(\p{L}) (\p{L})\b", "${1}${2}")
    return joined.fill_null("").str.split(" ").list.eval(pl.element().filter(pl.element() != ""))


def telling(all_words: pl.Expr) -> pl.Expr:
    """The words without legal forms and fillers; all of them where nothing else would be left."""
    silent = [*LEGAL_FORMS, *_FILLERS]
    kept = all_words.list.eval(pl.element().filter(~pl.element().is_in(silent)))
    return pl.when(kept.list.len() > 0).then(kept).otherwise(all_words)


def legal_form(all_words: pl.Expr) -> pl.Expr:
    """The legal form that a name ends with, in one spelling; null where it names none."""
    forms = all_words.list.eval(
        pl.element().filter(pl.element().is_in(list(LEGAL_FORMS))).replace_strict(LEGAL_FORMS, default=None)
    )
    return forms.list.last()


def numbers(all_words: pl.Expr) -> pl.Expr:
    """The numbers in a text: `Fund 2` is not `Fund 3`, and house 7 is not house 9."""
    return all_words.list.eval(pl.element().filter(pl.element().str.contains(r"\d"))).list.unique().list.sort()


def street(text: pl.Expr) -> pl.Expr:
    """An address line with the usual words in one spelling."""
    listed = words(folded(text)).list.eval(pl.element().replace(list(_STREETS), list(_STREETS.values())))
    joined = listed.list.join(" ")
    return pl.when(joined != "").then(joined)


def code(text: pl.Expr) -> pl.Expr:
    """A number or code: letters and digits only."""
    plain = text.cast(pl.String).str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return pl.when(plain.str.len_chars() >= 3).then(plain)


def phone(text: pl.Expr) -> pl.Expr:
    """The last seven digits of a telephone number."""
    digits = text.cast(pl.String).str.replace_all(r"\D", "")
    return pl.when(digits.str.len_chars() >= 7).then(digits.str.tail(7))


def domain(text: pl.Expr) -> pl.Expr:
    """The domain of an e-mail or web address, unless everybody may have one there."""
    host = text.cast(pl.String).str.to_lowercase().str.strip_chars()
    host = host.str.replace(r"^.*@", "").str.replace(r"^[a-z]+://", "").str.replace(r"[/?#:].*$", "")
    host = host.str.replace(r"^www\.", "").str.strip_chars(" .>;,")
    return pl.when(host.str.contains(r"^[^\s.]+(\.[^\s.]+)+$") & ~host.is_in(FREE_MAIL)).then(host)


def country(text: pl.Expr) -> pl.Expr:
    """A country's two letters where we know its name, otherwise its name."""
    return folded(text).replace(_COUNTRIES)

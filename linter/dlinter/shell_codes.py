"""ShellCheck's codes as rules, so that they are chosen, ignored and explained like all others.

Which code has which severity is read from ShellCheck 0.11 (``src/ShellCheck/{Analytics,Parser}.hs`` and
``Checks/*.hs``); a finding itself carries the severity that ShellCheck gave it.
"""

from __future__ import annotations

from dlinter.rule import RuleInfo, Severity

WIKI = "https://www.shellcheck.net/wiki/{}"

_CODES = {
    Severity.ERROR: """
        1000 1008 1017-1021 1026-1029 1033-1066 1070-1077 1080-1082 1084-1089 1092 1095 1097 1100-1106 1108-1109
        1113-1116 1118-1128 1131 1133-1134 1137-1146 2037 2045 2066-2068 2070-2075 2077-2084 2096 2104-2105 2107-2111
        2118 2122 2127 2142 2144-2145 2148 2151-2152 2157-2159 2168 2170 2173 2182 2189 2199 2201 2203-2204 2208 2218
        2224-2225 2239 2241-2242 2246 2255 2259-2261 2264-2265 2270-2287 2289-2290 2296-2301 2304 2314-2316 2325-2326
        2328 2330 2332""",
    Severity.WARNING: """
        1007 1010-1012 1014 1078 1083 1090 1094 1098 1107 1110-1112 1132 2010-2011 2024 2027 2033-2034 2036 2038
        2041-2044 2046 2048-2051 2053-2058 2060-2065 2069 2076 2087-2093 2097-2101 2106 2112-2115 2120-2121 2123-2125
        2128 2139-2141 2146-2147 2150 2154-2156 2163-2167 2171-2172 2174 2176-2180 2183-2184 2186-2188 2190-2195 2198
        2200 2202 2205-2207 2209-2211 2213-2217 2220-2222 2226-2227 2229 2232 2238 2240 2245 2247 2252-2254 2256-2258
        2262 2266 2288 2294 2302-2303 2305-2307 2309 2313 2318-2320 2324 2327 2333-2334 2336 3001-3062""",
    Severity.INFO: """
        1001 1003 1009 1079 1091 1093 2009 2012-2023 2025-2026 2028-2032 2035 2059 2086 2094-2095 2102-2103 2117 2119
        2153 2162 2185 2196-2197 2223 2230-2231 2249 2251 2263 2267 2269 2291 2295 2308 2310-2312 2317 2329""",
    Severity.STYLE: """
        1135 2000-2007 2116 2126 2129 2143 2160-2161 2175 2181 2212 2219 2233-2237 2243-2244 2248 2250 2268 2292-2293
        2321-2323 2331 2335""",
}

#: Never asked for. 1090, 1091: what is sourced lies in the image (hadolint leaves them and 2187 out too).
#: 2148, 2239: about the shebang, which is ours.
EXCLUDED = (1090, 1091, 2148, 2187, 2239)
#: What hadolint leaves out (Hadolint/Shell.hs).
HADOLINT_EXCLUDED = (1090, 1091, 2187)

#: Errors and warnings that the profile ``default`` leaves out, because in Dockerfiles they are mostly meant that way:
#: word splitting that is wanted (2046 2068 2206 2207), loops and names under the author's control (2010 2038 2043 2044
#: 2045), what fails loudly anyway (2155, the idiom of the official images), ambiguities that every shell of an image
#: resolves alike (1102 1105), and matters of taste (1007 1083 1098 2027 2053 2112 2113 2120 2140 2166 2174).
QUIET = frozenset((
    1007, 1083, 1098, 1102, 1105, 2010, 2027, 2038, 2043, 2044, 2045, 2046, 2053, 2068, 2112, 2113, 2120, 2140, 2155,
    2166, 2174, 2206, 2207,
))  # fmt: skip

#: one line on what is found most often in Dockerfiles
_TITLES = {
    1007: "Remove the blank after = if a value was meant",
    1008: "This shell is not known",
    1017: "Save the script without carriage returns",
    1072: "The shell cannot read this",
    1073: "The shell cannot read this",
    1083: "A brace stands here as plain text",
    2006: "Write $(command) instead of backquotes",
    2010: "Use a glob or find instead of ls piped to grep",
    2015: "a && b || c runs c also where b fails",
    2016: "Nothing is expanded within single quotes",
    2028: "echo may not expand the escape sequence",
    2034: "The variable is set and never used",
    2035: "Write ./*, so that names that begin with a dash do not become options",
    2038: "find piped to xargs breaks at names with blanks; use -print0 and -0, or -exec",
    2039: "The shell of this image may not know this",
    2046: "The output is split into words at blanks",
    2059: "A variable stands in the format of printf",
    2061: "Quote the pattern, so that the shell does not expand it",
    2062: "Quote the pattern, so that the shell does not expand it",
    2064: "The trap's command is expanded now, not when the signal comes",
    2069: "Redirect standard output first, then standard error to it",
    2086: "The variable is split at blanks and expanded as a pattern",
    2102: "A range matches a single character",
    2103: "Use a subshell instead of cd and cd back",
    2114: "A directory of the system is deleted",
    2115: "If the variable is empty, this deletes from the root",
    2140: "The quotes end and begin again in the middle of the word",
    2144: "-e does not work with globs",
    2145: "An array is joined with text here",
    2153: "The variable is not set; another one has nearly the same name",
    2154: "The variable is used but never set",
    2155: "The exit status of the command is lost",
    2156: "A file name becomes part of the script",
    2162: "read takes backslashes away without -r",
    2164: "If cd fails, what follows runs in the wrong folder",
    2166: "Write [ p ] && [ q ] instead of -a",
    2174: "-m holds for the deepest folder only",
    2196: "Write grep -E instead of egrep",
    2197: "Write grep -F instead of fgrep",
    2215: "An option stands here as a command",
    2230: "Write command -v instead of which",
    2251: "A command behind ! does not stop the script",
    2261: "Several redirections compete for one stream",
    2288: "This is run as a command and ends in an odd sign",
    2289: "The name of this command has a line feed in it",
    3009: "Brace expansion is not known to this shell",
    3010: "[[ ]] is not known to this shell",
    3014: "== is not known to test in this shell",
    3020: "&> is not known to this shell",
    3028: "This variable is bash's and not set in this shell",
    3030: "Arrays are not known to this shell",
    3037: "echo's options are not the same in every shell",
    3040: "This option of set is not known to every sh",
    3043: "local is not in every sh",
    3044: "This builtin is bash's",
    3046: "Write . instead of source",
    3054: "References to arrays are not known to this shell",
    3057: "Substrings of variables are not known to this shell",
    3060: "Replacing in variables is not known to this shell",
}


class ShellRule(RuleInfo):
    """A check of ShellCheck's. It has no module: :mod:`dlinter.shellcheck` makes its findings."""

    __slots__ = ()

    @property
    def url(self) -> str:
        return WIKI.format(self.code)


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for word in text.split():
        first, _, last = word.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _rule(number: int, severity: Severity) -> ShellRule:
    code = f"SC{number}"
    quiet = severity < Severity.WARNING or number in QUIET
    return ShellRule(
        code, f"shellcheck-{code.lower()}", severity, "", ("hadolint",) if quiet else ("default", "hadolint", "cis"),
        (), (), (), _TITLES.get(number, f"What ShellCheck's {code} says"),
        f"{WIKI.format(code)} shows what goes wrong and how to write it.", __name__, "",
    )  # fmt: skip


#: by code
SHELLCHECK: dict[str, ShellRule] = {}
for _number, _level in sorted((n, level) for level, text in _CODES.items() for n in _numbers(text)):
    if _number not in EXCLUDED:
        SHELLCHECK[f"SC{_number}"] = _rule(_number, _level)
_others: dict[str, ShellRule] = {}


def rule_of(number: int, severity: Severity) -> ShellRule:
    """The rule of that number, one made up where ShellCheck knows more codes than the table here."""
    code = f"SC{number}"
    return SHELLCHECK.get(code) or _others.setdefault(code, _rule(number, severity))

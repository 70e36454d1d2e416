"""BuildKit's notions of white space. None of them is Python's, which counts ``\\x1c`` to ``\\x1f`` too."""

from __future__ import annotations

#: Go's unicode.IsSpace: ends of lines and of arguments, words of ENV, LABEL and ARG
SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
#: parser.go, reWhitespace: between keyword, flags and words
BLANK = "\t\v\f\r "
#: ``\\s`` of Go's regexp: in directives
REGEXP_SPACE = "\t\n\f\r "
#: unicode.IsSpace on single bytes, as the scanner of flags and HEALTHCHECK use it
BYTE_SPACE = b"\t\n\v\f\r \x85\xa0"

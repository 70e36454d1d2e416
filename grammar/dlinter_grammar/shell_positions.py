"""Where in a command the next token stands, and what words mean there.

What a word is depends on its place: ``in`` after ``for x``, ``then`` at the start of a command, ``a=1`` before its
first word. These tables say what bash's read_token knows from its last tokens (reserved_word_acceptable,
special_case_tokens, assignment_acceptable).
"""

from __future__ import annotations

from .shell_words import PATTERN, REGEX, VALUE

ARGUMENTS = 0  # after the first word of a command
DECLARATION = 1  # the same, of a command that takes a=(...)
PREFIX = 2  # after an assignment or a leading redirection
TARGET = 3  # after a redirection operator
COMMAND = 4  # where a command may start
NO_TIME = 5  # the same, but `time` is a common word
BANGED = 6  # after ! and `time`
PIPED = 23  # after | and newlines: as NO_TIME
COPROC = 7
COPROC_NAME = 8
FUNCTION_NAME = 9
FOR_NAME = 10
SELECT_NAME = 11
FOR_IN = 12
CASE_SUBJECT = 13
CASE_IN = 14
CLAUSE = 15  # the start of a pattern list, or esac
PATTERN_WORD = 16
PATTERN_NEXT = 17
TERM = 18
UNARY_OPERAND = 19
LEFT_OPERAND = 20
RIGHT_OPERAND = 21
TERM_END = 22

RESERVING = frozenset((COMMAND, NO_TIME, PIPED, BANGED, COPROC, COPROC_NAME))
ASSIGNING = RESERVING | {PREFIX}
TESTING = frozenset((TERM, UNARY_OPERAND, LEFT_OPERAND, RIGHT_OPERAND, TERM_END))

# Reserved word: its token, and where what follows it stands.
RESERVED = {
    "if": ("IF", COMMAND),
    "then": ("THEN", COMMAND),
    "elif": ("ELIF", COMMAND),
    "else": ("ELSE", COMMAND),
    "fi": ("FI", NO_TIME),
    "for": ("FOR", FOR_NAME),
    "select": ("FOR", SELECT_NAME),
    "in": ("IN", ARGUMENTS),
    "do": ("DO", COMMAND),
    "done": ("DONE", NO_TIME),
    "while": ("WHILE", COMMAND),
    "until": ("WHILE", COMMAND),
    "case": ("CASE", CASE_SUBJECT),
    "esac": ("ESAC", NO_TIME),
    "{": ("LBRACE", COMMAND),
    "}": ("RBRACE", NO_TIME),
    "!": ("BANG", BANGED),
    "[[": ("DOUBLE_LBRACKET", TERM),
    "]]": ("DOUBLE_RBRACKET", NO_TIME),
    "function": ("FUNCTION", FUNCTION_NAME),
    "coproc": ("COPROC", COPROC),
    "time": ("TIME", BANGED),
}
OPENING = frozenset(("if", "for", "select", "while", "until", "case", "{"))
CLOSING = frozenset(("fi", "done", "esac", "}"))

# Where the next word stands after a word.
AFTER_WORD = {
    COMMAND: ARGUMENTS,
    NO_TIME: ARGUMENTS,
    BANGED: ARGUMENTS,
    PREFIX: ARGUMENTS,
    PIPED: ARGUMENTS,
    COPROC: COPROC_NAME,
    COPROC_NAME: ARGUMENTS,
    FUNCTION_NAME: NO_TIME,
    FOR_NAME: FOR_IN,
    SELECT_NAME: FOR_IN,
    FOR_IN: ARGUMENTS,
    CASE_SUBJECT: CASE_IN,
    CASE_IN: ARGUMENTS,
    CLAUSE: PATTERN_NEXT,
    PATTERN_WORD: PATTERN_NEXT,
    PATTERN_NEXT: PATTERN_NEXT,
    TERM: LEFT_OPERAND,
    UNARY_OPERAND: TERM_END,
    RIGHT_OPERAND: TERM_END,
    TERM_END: TERM_END,
    LEFT_OPERAND: TERM_END,
}

# bash's builtins.c (ASSIGNMENT_BUILTIN), and the two that read_token_word adds.
DECLARING = frozenset(("alias", "declare", "eval", "export", "let", "local", "readonly", "typeset"))

# bash's test.c (test_unop, binary_test).
UNARY = frozenset("-" + letter for letter in "abcdefghknoprstuvwxzGLNORS")
BINARY = {
    **dict.fromkeys(("=", "==", "!="), PATTERN),
    **dict.fromkeys(("-nt", "-ot", "-ef", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"), VALUE),
    "=~": REGEX,
}

"""The language server: ``dlint server``."""

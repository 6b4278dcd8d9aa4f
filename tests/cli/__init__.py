"""The command line: it teaches, it says what is wrong, and it never shows a trace."""

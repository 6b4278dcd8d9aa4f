"""Kinds of objects, one module each; `kind.py` says what each promises."""

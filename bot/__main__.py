"""`python -m bot` is the `pirsch-bot` command."""

from bot.cli import main

if __name__ == "__main__":
    main(prog_name="pirsch-bot")

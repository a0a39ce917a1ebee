"""What goes wrong in an expression, said with the place in its text."""

from rulebook.said import Said
from rulebook.said import gettext_noop as _


class FeelError(Exception):
    """An expression can't be read, or an operation in it has no defined answer.

    message: one sentence. position: characters from the start of the text, None where no place is to blame.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position

    @property
    def sentence(self) -> str:
        """The message with its place."""
        if self.position is None:
            return self.message
        return Said(_("%(message)s (at character %(place)s)"), message=self.message, place=self.position + 1)

    def __str__(self) -> str:
        return str(self.sentence)

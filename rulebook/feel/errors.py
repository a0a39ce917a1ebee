"""What goes wrong in an expression, said with the place in its text."""


class FeelError(Exception):
    """An expression can't be read, or an operation in it has no defined answer.

    message: one sentence. position: characters from the start of the text, None where no place is to blame.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        if self.position is None:
            return self.message
        return f"{self.message} (at character {self.position + 1})"

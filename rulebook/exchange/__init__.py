"""Tables as files for people and other tools: workbooks (XLSX) and DMN 1.3, out and in again.

Pure: no Django, no clock. A file brings rules with the columns and the hit policy that it names; whether the table may
have those is for who takes them in. All that is wrong is said at once, with its place in the file; nothing is guessed.
"""

from rulebook.exchange.dmn_reading import read_dmn
from rulebook.exchange.dmn_writing import write_dmn
from rulebook.exchange.places import FileProblem, FileRefused
from rulebook.exchange.workbook_reading import read_workbook
from rulebook.exchange.workbook_writing import write_workbook

__all__ = ["FileProblem", "FileRefused", "read_dmn", "read_workbook", "write_dmn", "write_workbook"]

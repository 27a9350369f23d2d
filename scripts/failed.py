"""The tests of a JUnit report that failed, one in a line: what `pytest @FILE` takes. Usage: failed.py REPORT.xml."""

import sys
from xml.etree import ElementTree


def failed(report: str) -> list[str]:
    """Node ids, in the order of the report; its family must be xunit1, which names files."""
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return [
        f"{case.get('file')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


if __name__ == "__main__":
    print(*failed(sys.argv[1]), sep="\n")

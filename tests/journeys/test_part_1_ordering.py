import pytest
pytestmark = pytest.mark.browser
def test_smoke(enter, house):
    page = enter("ana")
    print(page.url, page.title())

"""Slack's markup as HTML: what people know, and nothing that runs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.pages.mrkdwn import colour, mrkdwn, plain

LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer">{1}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("*bold* _sloped_ ~struck~", "<b>bold</b> <i>sloped</i> <s>struck</s>", id="marks"),
        pytest.param("*_both_*", "<b><i>both</i></b>", id="nested"),
        pytest.param("2 * 3 * 4, snake_case_name, * no*", "2 * 3 * 4, snake_case_name, * no*", id="no marks"),
        pytest.param("`*code*` &amp;", "<code>*code*</code> &amp;", id="code"),
        pytest.param("a ```b\n*c*``` d", "a <pre>b\n*c*</pre> d", id="fence"),
        pytest.param(
            "<https://x.example/?a=1&amp;b|shop>",
            LINK.format("https://x.example/?a=1&amp;b", "shop"),
            id="link",
        ),
        pytest.param(
            "<https://x.example>", LINK.format("https://x.example", "https://x.example"), id="bare link"
        ),
        pytest.param("<mailto:a@x.example|A>", LINK.format("mailto:a@x.example", "A"), id="mail"),
        pytest.param("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;", id="no script"),
        pytest.param("<data:text/html,x|x>", "&lt;data:text/html,x|x&gt;", id="no data"),
        pytest.param(
            "<!channel> <!here>",
            '<span class="mention loud">@channel</span> <span class="mention loud">@here</span>',
            id="all",
        ),
        pytest.param(
            "<@U1> <#C1|sales>",
            '<span class="mention">@U1</span> <span class="mention">#sales</span>',
            id="one",
        ),
        pytest.param("<!subteam^S1|@team>", '<span class="mention">@team</span>', id="group"),
        pytest.param("&lt;!channel&gt;", "&lt;!channel&gt;", id="escaped mention"),
        pytest.param("&amp;lt; &quot; &#39;", "&amp;lt; &amp;quot; &amp;#39;", id="three entities only"),
        pytest.param("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", id="tag"),
        pytest.param(
            "&gt; one\n&gt; two\nthree",
            "<blockquote>one</blockquote><blockquote>two</blockquote>three",
            id="quote",
        ),
        pytest.param(
            "one\n• two\nthree\nfour", 'one<span class="point">• two</span>three<br>four', id="points"
        ),
        pytest.param(":tada: :nothing: 12:30:45", "🎉 :nothing: 12:30:45", id="emoji"),
        pytest.param("a\0b \ud800", "a\ufffdb ?", id="what no page can carry"),
        pytest.param("<!date^99999999999999^{date}|later>", "later", id="far date"),
        pytest.param("<!date^999999999999^{date}|later>", "later", id="impossible date"),
        pytest.param(
            "<!date^1763708400^{date_short_pretty} {time}|21 Nov>",
            '<time datetime="2025-11-21T07:00:00+00:00" data-format="{date_short_pretty} {time}" '
            'title="21 Nov">Nov 21, 2025 07:00</time>',
            id="date",
        ),
        pytest.param(
            '<!date^1763708400^{time}" onclick="x|f>',
            '<time datetime="2025-11-21T07:00:00+00:00" data-format="{time}&#34; onclick=&#34;x" '
            'title="f">07:00&#34; onclick=&#34;x</time>',
            id="date in disguise",
        ),
    ],
)
def test_markup(text: str, html: str) -> None:
    assert str(mrkdwn(text)) == html


def test_plain_text_knows_emoji_and_nothing_else() -> None:
    assert str(plain("*no* <b> :tada: &amp;")) == "*no* &lt;b&gt; 🎉 &amp;"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("good", "#2eb886"), ("#d00", "#d00"), ("1f883d", "#1f883d"), ('red" x="', "#ddd"), ("", "#ddd")],
)
def test_colours(name: str, shown: str) -> None:
    assert colour(name) == shown


class Reader(HTMLParser):
    """Collects the tags and attributes of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[tuple[str, str]] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags are closed in their order."""
        assert self.open.pop() == tag


KNOWN = {
    *((tag, "") for tag in ("a", "b", "i", "s", "code", "pre", "blockquote", "br", "span", "time")),
    *(("a", name) for name in ("href", "target", "rel")),
    *(("time", name) for name in ("datetime", "data-format", "title")),
    ("span", "class"),
}
PIECES = st.sampled_from(
    [
        "<",
        ">",
        "&lt;",
        "&gt;",
        "&amp;",
        "*",
        "_",
        "~",
        "`",
        "```",
        "|",
        "\n",
        "• ",
        "&gt; ",
        "<!date^1^{time}|",
        "<https://",
        "<javascript:",
        "<!channel>",
        "<@",
        '"',
        "'",
        " onload=",
        "<script>",
        "</b>",
        ":x:",
        "\0",
        "\ud800",
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=24).map("".join))
def test_whatever_strangers_write_becomes_known_and_closed_tags(text: str) -> None:
    reader = Reader()
    reader.feed(str(mrkdwn(text)))
    reader.close()
    assert reader.open == []
    assert reader.seen <= KNOWN
    assert all(link.lower().startswith(("http://", "https://", "mailto:")) for link in reader.links)


def test_long_and_unlucky_text_takes_no_time() -> None:
    for text in ("*" * 3000, "_a" * 1500, "<" * 3000, "`" * 3000, ":a" * 1500, "*_~" * 1000, "*a " * 1000):
        assert mrkdwn(text)

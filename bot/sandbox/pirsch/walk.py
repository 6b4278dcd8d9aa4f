"""How one visitor goes through the shop: which pages, which events, how long."""

from random import Random
from typing import NamedTuple

from bot.sandbox.pirsch.people import Weighted
from bot.sandbox.pirsch.rows import Event, Page, Pairs, View

ORDER, SIGNUP, ADDED = "purchase", "signup", "add_to_cart"
MISSING, OUTBOUND, DOWNLOAD = "404 Page Not Found", "Outbound Link Click", "File Download"


class Product(NamedTuple):
    """Something the shop sells."""

    page: Page
    name: str
    cents: int


def _product(path: str, name: str, category: str, cents: int) -> Product:
    return Product(Page(f"/products/{path}", f"{name} – Shop", (("category", category),)), name, cents)


def _article(path: str, title: str, author: str) -> Page:
    return Page(f"/blog/{path}", title, (("author", author), ("category", "blog")))


HOME = Page("/", "Shop")
LIST = Page("/products", "Products – Shop")
PRICING = Page("/pricing", "Pricing – Shop")
CART = Page("/cart", "Cart – Shop")
CHECKOUT = Page("/checkout", "Checkout – Shop")
THANKS = Page("/checkout/thank-you", "Thank you – Shop")
JOIN = Page("/signup", "Create an account – Shop")
CARE = Page("/care", "Care and repair – Shop")
ABOUT = Page("/about", "About – Shop")
GONE = Page("/old-catalogue", "Page not found – Shop")

PRODUCTS = Weighted(
    [
        (10, _product("paper-kite", "Paper kite", "kites", 2490)),
        (8, _product("kite-line", "Kite line 50 m", "lines", 1250)),
        (6, _product("box-kite", "Box kite", "kites", 5900)),
        (5, _product("wind-meter", "Wind meter", "tools", 7900)),
        (4, _product("stunt-kite", "Stunt kite", "kites", 12990)),
        (2, _product("starter-bundle", "Starter bundle", "bundles", 19900)),
    ]
)
ARTICLES = Weighted(
    [
        (5, _article("how-we-sew", "How we sew", "Ada")),
        (4, _article("mending", "Mending a kite", "Grace")),
        (2, _article("ten-years", "Ten years", "Ada")),
    ]
)
_LANDING = Weighted(
    [(42, "home"), (20, "product"), (16, "article"), (12, "list"), (6, "pricing"), (4, "care")]
)
_NEXT = Weighted([(38, "product"), (22, "list"), (14, "article"), (10, "home"), (8, "pricing"), (8, "care")])
_FIXED = {"home": HOME, "list": LIST, "pricing": PRICING, "care": CARE}
_CURRENCY = {"us": "USD", "gb": "GBP", "ch": "CHF"}


class Mood(NamedTuple):
    """What the hour does to a visitor: the share of dead links, and whether paying works."""

    dead_links: float = 0.006
    can_pay: bool = True


class Walk:
    """One session in the making: pages are viewed one after another, events happen on the page in view."""

    __slots__ = ("at", "events", "page", "rng", "views")

    def __init__(self, rng: Random, at: int, page: Page) -> None:
        self.rng, self.at, self.page = rng, at, page
        self.views = [View(at, page)]
        self.events: list[Event] = []

    def go(self, page: Page) -> None:
        """Look at the present page for a while, then open another."""
        self.at += 4 + min(900, int(self.rng.expovariate(1 / 45)))
        self.page = page
        self.views.append(View(self.at, page))

    def do(self, name: str, meta: Pairs = (), duration: int = 0, *, interactive: bool = True) -> None:
        """Let an event happen on the present page. Its tags are merged; explicit meta wins."""
        self.at += 1 + int(self.rng.random() * 8)
        own = {key for key, _ in meta}
        tags = tuple(pair for pair in self.page.tags if pair[0] not in own)
        self.events.append(Event(self.at, name, self.page, duration, meta + tags, interactive))


def stroll(rng: Random, at: int, country: str, mood: Mood) -> Walk:
    """Walk through the shop as a person."""
    if rng.random() < mood.dead_links:
        walk = Walk(rng, at, GONE)
        walk.do(MISSING, (("path", GONE.path),), interactive=False)
    else:
        walk = Walk(rng, at, _page(rng, _LANDING.draw(rng)))
    if rng.random() < 0.42:
        return walk
    added: Product | None = None
    while len(walk.views) < 25 and rng.random() < 0.68:
        kind = _NEXT.draw(rng)
        if kind == "product":
            added = _look_at(walk, PRODUCTS.draw(rng)) or added
        else:
            walk.go(_page(rng, kind))
            _aside(walk)
    if added:
        _buy(walk, added, country, mood)
    elif rng.random() < 0.03:
        walk.go(JOIN)
        if rng.random() < 0.6:
            walk.do(SIGNUP, (("plan", "pro" if rng.random() < 0.2 else "free"),))
    return walk


def glance(rng: Random, at: int, page: Page = HOME) -> Walk:
    """Look at one page and go, as spam and most bots do."""
    return Walk(rng, at, page)


def _page(rng: Random, kind: str) -> Page:
    if kind == "product":
        return PRODUCTS.draw(rng).page
    return ARTICLES.draw(rng) if kind == "article" else _FIXED[kind]


def _look_at(walk: Walk, product: Product) -> Product | None:
    walk.go(product.page)
    if walk.rng.random() >= 0.16:
        return None
    walk.do(ADDED, (("product", product.name), ("price", money(product.cents))))
    return product


def _aside(walk: Walk) -> None:
    luck = walk.rng.random()
    if luck < 0.012:
        walk.do(OUTBOUND, (("url", "https://www.instagram.com/shop"),))
    elif luck < 0.02:
        walk.do(DOWNLOAD, (("file", "/files/knots.pdf"),))


def _buy(walk: Walk, product: Product, country: str, mood: Mood) -> None:
    rng = walk.rng
    walk.go(CART)
    if rng.random() >= 0.62:
        return
    walk.go(CHECKOUT)
    if rng.random() >= 0.68 or not mood.can_pay:
        return
    walk.go(THANKS)
    pieces = 1 + min(4, int(rng.expovariate(1.4)))
    meta = (
        ("amount", money(product.cents * pieces)),
        ("currency", _CURRENCY.get(country, "EUR")),
        ("order_id", f"{rng.getrandbits(40):010x}"),
        ("product", product.name),
    )
    walk.do(ORDER, meta)


def money(cents: int) -> str:
    """Write an amount the way JavaScript does: no trailing zeros."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)

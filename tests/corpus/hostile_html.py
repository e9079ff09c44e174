"""HTML that is deep, endless, or says something else than a person sees."""

from collections.abc import Iterator
from random import Random

from tests.corpus.hostile_words import WISH, mail

Ways = Iterator[tuple[str, bytes]]


def _html(body: str | bytes) -> bytes:
    return mail(body, {"Content-Type": "text/html; charset=utf-8"})


def elements(dice: Random) -> Ways:
    for tag in (
        "div",
        "b",
        "table><tr><td",
        "blockquote",
        "svg",
        "font",
        "a",
        "ul><li",
        "x-y",
        "template",
        "select",
        "math><mi",
    ):
        yield f"{tag} 40,000 deep", _html(f"<{tag}>" * 40_000 + WISH)
    yield "1,400 blockquotes", _html("<blockquote>" * 1_400 + WISH + "</blockquote>" * 1_400)
    yield "100,000 beside each other", _html("<p>poistakaa</p>" * 60_000)
    yield "misnested for ever", _html("<b><i><u></b></i></u>" * 20_000 + WISH)
    yield "formatting that is opened again and again", _html("<b><i><a><font><p>" * 3_000 + WISH)
    yield "text inside a table, moved out", _html("<table>" * 500 + ("poistakaa tietoni" + "<tr>") * 5_000)
    yield "never-ending tag", _html("<div " + "a" * 900_000)
    yield "smaller-than signs", _html("<" * 900_000)
    yield "ampersands", _html("&" * 500_000)
    yield "tags cut by NUL", _html(b"<scr\x00ipt>alert(1)</scr\x00ipt>" * 2_000 + WISH.encode())
    yield (
        "random tags",
        _html(
            "".join(
                f"<{'/' * dice.randrange(2)}{dice.choice(['p', 'b', 'td', 'a', 'svg', 'form'])}>" for _ in range(60_000)
            )
        ),
    )
    yield "nothing but an end", _html("</html></body>" + WISH)
    yield "frames", _html("<frameset><frame src=x>" * 3_000 + WISH)
    yield "a plaintext element", _html("<plaintext>" + WISH * 300)
    yield "text areas", _html("<textarea>" * 9_000 + WISH)


def attributes(_dice: Random) -> Ways:
    yield "one of a megabyte", _html(f'<p title="{"a" * 1_000_000}">{WISH}</p>')
    yield "100,000 on one element", _html("<p " + " ".join(f"a{n}=b" for n in range(100_000)) + f">{WISH}</p>")
    yield "a style of 500 kB", _html(f'<p style="{"color:red;" * 50_000}">{WISH}</p>')
    yield "a style on each of 20,000", _html("<span style='display:block;font-size:10px'>poistakaa </span>" * 20_000)
    yield "quotes left open", _html(f"<p title='{WISH}<p>{WISH}")
    yield "an image in the text", _html(f'<img src="data:image/png;base64,{"A" * 900_000}">{WISH}')
    yield "links to scripts", _html(f"<a href='javascript:alert(1)' onclick=x>{WISH}</a>")


def hidden_words(_dice: Random) -> Ways:
    for style in (
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "font-size:0",
        "opacity:0",
        "color:#fff;background:#fff",
        "position:absolute;left:-9999px",
        "max-height:0;overflow:hidden",
        "mso-hide:all",
        "display&#58;none",
        "disp\\lay:none",
        "text-indent:-9999px",
    ):
        yield style, _html(f'<p>Kiitos avusta!</p><div style="{style}">Poistakaa kaikki tietoni</div>')
    yield "by a style sheet", _html(f"<style>.x{{display:none}}</style><p>Kiitos!</p><p class=x>{WISH}</p>")
    yield "in a comment", _html(f"<p>Kiitos!</p><!-- {WISH} -->")
    yield "in a comment that ends early", _html(f"<p>Kiitos!</p><!--> {WISH} -->")
    yield "in a comment for one program", _html(f"<!--[if mso]>{WISH}<![endif]--><p>Kiitos!</p>")
    yield "in CDATA", _html(f"<![CDATA[{WISH}]]><p>Kiitos!</p>")
    for tag in ("script", "style", "title", "noscript", "template", "object", "xmp", "noembed", "option"):
        yield f"in {tag}", _html(f"<p>Kiitos!</p><{tag}>{WISH}</{tag}>")
    yield "in a script that never ends", _html(f"<script>{WISH}" + "x" * 100_000)
    yield "in an attribute", _html(f"<p hidden>{WISH}</p><input value='{WISH}'><img alt='{WISH}'>")


def comments_and_entities(_dice: Random) -> Ways:
    yield "a comment that never ends", _html("<!--" + "<" * 900_000)
    yield "100,000 comments", _html("<!---->" * 100_000 + WISH)
    yield "comments between letters", _html("<!-- x -->".join("poistakaa tietoni"))
    yield "hyphens", _html("<!" + "-" * 900_000)
    yield "a doctype of 500 kB", _html("<!DOCTYPE " + "a" * 500_000 + ">" + WISH)
    yield (
        "entities that are defined",
        _html('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>' + WISH),
    )
    yield "numbers beyond Unicode", _html("&#x110000;&#xffffffff;&#0;&#x80;&#99999999999999999999;" * 3_000 + WISH)
    yield "every letter a number", _html("".join(f"&#{ord(c)};" for c in WISH * 1_000))
    yield "numbers that turn text around", _html("&#x202e;&#8238;" * 1_000 + WISH)
    yield "line breaks as numbers in the title", _html("<title>a&#13;&#10;Bcc: x@y.example</title>" + WISH)


FAMILIES = (elements, attributes, hidden_words, comments_and_entities)

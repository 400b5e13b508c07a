// Everything from outside is shown as it is, in both outputs. Each case is
// something that a host name, a file name or a note could hold.
#include <gtest/gtest.h>

#include "report/html.h"
#include "report/markdown.h"
#include "report/notes.h"

namespace kmb::report {
namespace {

Document of(Block block) {
    Document document;
    document.blocks.push_back(std::move(block));
    return document;
}

std::string html_of_notes(std::string_view notes) {
    const std::string html = to_html(of({UserText{std::string(notes)}}));
    const std::size_t start = html.find("<body>\n") + 7;
    return html.substr(start, html.find("</body>") - start);
}

TEST(Clean, KeepsTextAndReplacesWhatIsNone) {
    EXPECT_EQ(clean("核心 é 😀"), "核心 é 😀");
    EXPECT_EQ(clean("a\x01"
                    "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(clean("\x1b[31m"), "\xEF\xBF\xBD[31m");
    EXPECT_EQ(clean("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");          // overlong "/"
    EXPECT_EQ(clean("\xED\xA0\x80").find('\xED'), std::string::npos);  // half a surrogate
    EXPECT_EQ(clean("\xE2\x80\xAE"
                    "gpj"),
              "\xEF\xBF\xBD"
              "gpj");                                          // turns text around
    EXPECT_EQ(clean("\xE6\xA0"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // cut at the end
    EXPECT_EQ(clean("a\nb\tc\r\nd\re"), "a b c d e");
    EXPECT_EQ(clean("a\nb\tc\r\nd\re", true), "a\nb\tc\nd\ne");
}

TEST(Html, EscapesTextAndAttributes) {
    EXPECT_EQ(escape_html("<img src=x onerror='alert(1)'>&\""),
              "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&quot;");
    Picture picture{"f.svg", "x", "image/svg+xml", "\" onload=\"alert(1)", text("<b>")};
    const std::string html = to_html(of({picture}));
    EXPECT_NE(html.find("alt=\"&quot; onload=&quot;alert(1)\""), std::string::npos);
    EXPECT_NE(html.find("<figcaption>&lt;b&gt;</figcaption>"), std::string::npos);
}

// Test vectors of RFC 4648, section 10.
TEST(Html, Base64) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foob"), "Zm9vYg==");
    EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xFF\xFE\xFD"), "//79");
}

TEST(Markdown, EscapesMarkup) {
    EXPECT_EQ(escape_markdown("a*b_c`d[e]<f>|g\\h$i$~~j~~"),
              "a\\*b\\_c\\`d\\[e\\]\\<f>\\|g\\\\h\\$i\\$\\~\\~j\\~\\~");
    EXPECT_EQ(escape_markdown("&lt; & x"), "\\&lt; & x");
    EXPECT_EQ(escape_markdown("==mark== a = b"), "\\==mark\\== a = b");
    EXPECT_EQ(escape_markdown("line\nbreak"), "line break");
}

// A bar ends a cell of a GFM table even inside a code span.
TEST(Markdown, CodeSpans) {
    EXPECT_EQ(markdown_code("a|b", true), "`a\\|b`");
    EXPECT_EQ(markdown_code("a|b", false), "`a|b`");
    EXPECT_EQ(markdown_code("a`b", false), "``a`b``");
    EXPECT_EQ(markdown_code("`a", false), "`` `a ``");
    EXPECT_EQ(markdown_code("", false), "");
}

TEST(Markdown, TextAtTheStartOfALineStaysText) {
    EXPECT_EQ(to_markdown(of({Paragraph{text("# no heading")}})), "\\# no heading\n");
    EXPECT_EQ(to_markdown(of({Paragraph{text("- no item")}})), "\\- no item\n");
    EXPECT_EQ(to_markdown(of({Paragraph{text("1. no item")}})), "1\\. no item\n");
    EXPECT_EQ(to_markdown(of({Paragraph{text("> no quotation")}})), "\\> no quotation\n");
    EXPECT_EQ(to_markdown(of({Paragraph{text("2026-11-22")}})), "2026-11-22\n");
}

TEST(Markdown, FencesAreLongerThanWhatTheyHold) {
    const CodeBlock block{"```\nrm -rf\n```", "sh"};
    EXPECT_EQ(to_markdown(of({block})), "````sh\n```\nrm -rf\n```\n````\n");
}

TEST(Markdown, PathsInLinksAreEncoded) {
    EXPECT_EQ(escape_path("figures/a b)(.svg"), "figures/a%20b%29%28.svg");
}

TEST(Notes, SubsetBecomesHtml) {
    EXPECT_EQ(
        html_of_notes("# Title\nText with **bold**, `a<b` and [x](https://e.org/?a=1&b=2).\n"),
        "<h3>Title</h3>\n<p>Text with <strong>bold</strong>, <code>a&lt;b</code> and "
        "<a href=\"https://e.org/?a=1&amp;b=2\">x</a>.</p>\n");
    EXPECT_EQ(html_of_notes("- a\n- b\n  more\n\n1. c\n"),
              "<ul>\n<li>a</li>\n<li>b more</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n");
    EXPECT_EQ(html_of_notes("```c\nif (a < b)\n\n  x;\n```\nafter\n"),
              "<pre><code>if (a &lt; b)\n\n  x;\n</code></pre>\n<p>after</p>\n");
    EXPECT_EQ(html_of_notes("| n | t |\n|--|--:|\n| 1 | a\\|b |\n"),
              "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">n</th>"
              "<th scope=\"col\" class=\"number\">t</th></tr></thead>\n<tbody>\n<tr><td>1</td>"
              "<td class=\"number\">a|b</td></tr>\n</tbody></table></div>\n");
}

TEST(Notes, NothingElseBecomesMarkup) {
    EXPECT_EQ(html_of_notes("<script>alert(1)</script>\n"),
              "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    EXPECT_EQ(html_of_notes("[x](javascript:alert(1))\n"), "<p>[x](javascript:alert(1))</p>\n");
    EXPECT_EQ(html_of_notes("[x](data:text/html,a)\n"), "<p>[x](data:text/html,a)</p>\n");
    EXPECT_EQ(html_of_notes("[x](https://e.org/\" onclick=\"a)\n"),
              "<p>[x](https://e.org/&quot; onclick=&quot;a)</p>\n");
    EXPECT_EQ(html_of_notes("![x](https://e.org/x.png)\n"),
              "<p><a href=\"https://e.org/x.png\">x</a></p>\n");
    EXPECT_EQ(html_of_notes("a ** b\n\n**open\n"), "<p>a ** b</p>\n<p>**open</p>\n");
    EXPECT_EQ(html_of_notes("`open\n"), "<p>`open</p>\n");
}

TEST(Notes, CommentsAreHiddenOutsideOfCode) {
    EXPECT_EQ(html_of_notes("a <!-- b\nc --> d\n\n    \n```\n<!-- e -->\n```\n"),
              "<p>a d</p>\n<pre><code>&lt;!-- e --&gt;\n</code></pre>\n");
}

// What the user left open must not swallow the rest of the report.
TEST(Notes, OpenFencesAndCommentsAreClosed) {
    EXPECT_EQ(contained("text\n```c\nint x;"), "text\n```c\nint x;\n```\n");
    EXPECT_EQ(contained("~~~~\n```\n~~~\n"), "~~~~\n```\n~~~\n~~~~\n");
    EXPECT_EQ(contained("a <!-- b\n"), "a <!-- b\n-->\n");
    EXPECT_EQ(contained("a <!-- b --> c\n```\n<!--\n```\n"), "a <!-- b --> c\n```\n<!--\n```\n");
}

// Crafted input must not take time out of proportion.
TEST(Notes, ManyOpenMarksAreReadInOnePass) {
    std::string notes;
    for (int i = 0; i < 20000; ++i) {
        notes += "[`**";
    }
    EXPECT_FALSE(parse_notes(notes).empty());
}

}  // namespace
}  // namespace kmb::report

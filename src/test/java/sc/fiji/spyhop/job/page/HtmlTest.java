package sc.fiji.spyhop.job.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void textsDoNothing() {
    assertEquals(
        "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; it&#39;s ä",
        Html.text("<script>alert(\"1\")</script> & it's\nä"));
  }

  /** As Java's own reader of references understands it. */
  @Test
  void pathsLeadToTheirFiles() {
    for (String name :
        new String[] {
          "a b.png",
          "50%.png",
          "#1?.png",
          "ä/\u00e4 a\u0308.png",
          "it's \"q\" <x>&.png",
          "c:1.png",
          "日本 🐳.png",
          "a+b;c=d,e@f.png",
          "//x.png"
        }) {
      String reference = Html.path(name);
      assertEquals("./" + name, URI.create(reference).getPath());
      assertEquals(null, URI.create(reference).getScheme());
      assertFalse(reference.contains("'"), reference);
    }
  }
}

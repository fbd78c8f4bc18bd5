package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StringsTest {

  @Test
  void oneAndSeveral() {
    assertEquals("1 box", Strings.count(1, "box"));
    assertEquals("0 boxes", Strings.count(0, "box"));
    assertEquals("2 minibatches", Strings.count(2, "minibatch"));
    assertEquals("2 epochs", Strings.count(2, "epoch"));
    assertEquals("2 classes", Strings.count(2, "class"));
    assertEquals("5 label images", Strings.count(5, "label image"));
    assertEquals("15 epochs", Strings.count(15, "epoch"));
    assertEquals("3 classes", Strings.count(3, "class"));
  }
}

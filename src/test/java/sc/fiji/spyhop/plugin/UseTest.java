package sc.fiji.spyhop.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;

/** Plugins with settings, as users write them. */
class UseTest {

  /** A kind of plugin with two settings. */
  @Kind("knob")
  public interface Knob extends Adjustable {}

  @Plugin(type = Knob.class, name = "dial")
  public static class Dial implements Knob {
    @Override
    public Map<String, Double> settings() {
      return Map.of("low", 0.25, "high", 8.0);
    }
  }

  @Plugin(type = Knob.class, name = "button")
  public static class Button implements Knob {}

  @Test
  void settingsThatAreNotGivenAreThePluginsOwn() {
    assertEquals(
        Map.of("low", 0.25, "high", -1e-9),
        Use.parse(Knob.class, " dial ( high = -1e-9 ) ").settings());
    assertEquals("dial(high=8, low=0.25)", Use.parse(Knob.class, "dial").text());
    assertEquals("button", Use.parse(Knob.class, "button()").text());
  }

  @Test
  void severalStandWithCommas() {
    List<Use<Knob>> uses = Use.parseAll(Knob.class, "dial(low=1, high=2), button,dial");
    assertEquals(List.of("dial", "button", "dial"), uses.stream().map(Use::name).toList());
    for (Use<Knob> use : uses) assertEquals(use, Use.parse(Knob.class, use.text()));
    assertEquals(List.of(), Use.parseAll(Knob.class, " "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dial(low)", "dial(low=x)", "dial(low=1", "dial)", "dial(low=1=2)", "dial(middle=1)",
        "dial(low=1,)", "a b", "sc.fiji.Dial", "button(low=1)", "dial((low=1))", "knob"
      })
  void allElseIsRefused(String text) {
    String said =
        assertThrows(SpyhopException.class, () -> Use.parse(Knob.class, text)).getMessage();
    assertTrue(said.endsWith("."), said);
  }

  @Test
  void whatIsMissingIsNamedWithWhereItWent() {
    SpyhopException e =
        assertThrows(
            MissingPluginException.class,
            () -> Use.of(Knob.class, "lever", Map.of(), "lever-2.jar"));
    assertTrue(
        e.getMessage()
            .startsWith(
                "The plugin for the knob lever(), from lever-2.jar, is not there; there are button,"
                    + " dial. Put its jar "),
        e.getMessage());
  }
}

package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

/** Group and layer normalization, as data. */
class NormalizationTest {

  private static final GroupNorm GROUPS = new GroupNorm("g", "in", 12, 4, 1e-5);
  private static final LayerNorm LAYER = new LayerNorm("l", "in", 12, 1e-6);

  private static Shape after(Layer layer, Shape in) {
    return Shapes.after(layer, List.of(in));
  }

  @Test
  void shapesStayAsTheyAre() {
    for (Layer layer : List.of(GROUPS, LAYER)) {
      for (Shape s :
          List.of(
              Shape.of(12),
              Shape.of(12, 5),
              Shape.of(12, Shape.ANY, 7),
              Shape.of(12, 3, 4, Shape.ANY))) {
        assertEquals(s, after(layer, s));
      }
      String message = refused(() -> after(layer, Shape.of(8, 4, 4)));
      assertTrue(message.contains("expected 12 channels, received 8 from in"), message);
    }
  }

  @Test
  void parametersAreOfChannels() {
    for (Layer layer : List.of(GROUPS, LAYER)) {
      List<Parameter> p = layer.parameters();
      assertEquals(
          List.of(layer.name() + ".weight", layer.name() + ".bias"),
          p.stream().map(Parameter::name).toList());
      assertEquals(Parameter.Role.SCALE, p.get(0).role());
      assertEquals(Parameter.Role.SHIFT, p.get(1).role());
      for (Parameter parameter : p) {
        assertEquals(List.of(12), parameter.shape());
        assertTrue(parameter.role().isTrained() && !parameter.role().isDecayed());
      }
    }
  }

  private static String refused(Supplier<Object> made) {
    return assertThrows(SpyhopException.class, made::get).getMessage();
  }

  @Test
  void whatNoNetworkCouldUseIsRefused() {
    Map<String, Supplier<Object>> all =
        Map.of(
            "multiple of its 5 groups", () -> new GroupNorm("g", "in", 12, 5, 1e-5),
            "expected groups of at least 1, received 0",
                () -> new GroupNorm("g", "in", 12, 0, 1e-5),
            "expected channels of at least 1", () -> new GroupNorm("g", "in", 0, 1, 1e-5),
            "expected epsilon in (0, 1), received 0.0", () -> new GroupNorm("g", "in", 4, 2, 0),
            "expected epsilon in (0, 1), received 1.0", () -> new LayerNorm("l", "in", 4, 1),
            "expected channels of at least 1, received -1",
                () -> new LayerNorm("l", "in", -1, 1e-5));
    all.forEach(
        (part, made) -> {
          String message = refused(made);
          assertTrue(message.contains(part), message);
        });
  }

  /** Of 12 channels in 4 groups, 18 may have 2 and 8 may have 4. */
  @Test
  void groupsFitOtherNumbersOfChannels() {
    assertEquals(2, GROUPS.withChannels(18).groups());
    assertEquals(4, GROUPS.withChannels(8).groups());
    assertEquals(1, GROUPS.withChannels(7).groups());
    GroupNorm instance = new GroupNorm("i", "in", 12, 12, 1e-5);
    assertTrue(instance.withChannels(7).isInstanceNorm());
    assertEquals(7, LAYER.withChannels(7).channels());
  }

  @Test
  void classesThatAreOthersGetNormalizationOfTheirOwn() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("a", 8, 3)
            .groupNorm(4)
            .convolution("b", 6, 1)
            .groupNorm(3)
            .activation("out", Layer.Function.SIGMOID)
            .build();
    Network changed = Surgery.withClasses(network, 4);
    GroupNorm last = (GroupNorm) changed.layer("b_gn_new");
    assertEquals(4, last.channels());
    assertEquals(1, last.groups());
    assertEquals(network.layer("a_gn"), changed.layer("a_gn"));
  }

  @Test
  void descriptionsSayWhatIsNormalizedTogether() {
    assertEquals("group norm of 4 groups", GROUPS.description());
    assertEquals("group norm of 1 group", new GroupNorm("g", "in", 3, 1, 1e-5).description());
    assertEquals("instance norm", new GroupNorm("g", "in", 3, 3, 1e-5).description());
    assertEquals("layer norm", LAYER.description());
    assertFalse(GROUPS.isInstanceNorm());
  }
}

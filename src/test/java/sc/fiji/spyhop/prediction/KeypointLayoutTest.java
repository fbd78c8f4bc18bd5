package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.KeypointLayout.Pair;

class KeypointLayoutTest {

  private static final List<String> NAMES = List.of("ear", "eye", "nose", "tail");

  private static KeypointLayout layout(List<Pair> skeleton, List<Pair> mirrored) {
    return new KeypointLayout(NAMES, skeleton, mirrored);
  }

  private static void assertRefused(String why, List<Pair> skeleton, List<Pair> mirrored) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> layout(skeleton, mirrored)).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void theMirrorSwapsPairsAndLeavesTheRest() {
    KeypointLayout layout = layout(List.of(), List.of(new Pair("ear", "eye")));
    assertEquals("eye", layout.mirror("ear"));
    assertEquals("ear", layout.mirror("eye"));
    assertEquals("tail", layout.mirror("tail"));
  }

  @Test
  void whatIsPairedIsKnownAndMirroredOnce() {
    assertRefused(
        "mirrored twice", List.of(), List.of(new Pair("ear", "eye"), new Pair("ear", "nose")));
    assertRefused(
        "mirrored twice", List.of(), List.of(new Pair("ear", "eye"), new Pair("nose", "eye")));
    assertRefused("expected pairs of", List.of(), List.of(new Pair("ear", "paw")));
    assertRefused("expected pairs of", List.of(), List.of(new Pair("paw", "ear")));
    assertRefused("expected pairs of", List.of(new Pair("ear", "paw")), List.of());
    assertRefused("expected pairs of", List.of(new Pair("paw", "ear")), List.of());
    assertThrows(IllegalArgumentException.class, () -> new Pair("ear", "ear"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new KeypointLayout(List.of("ear", "eye", "ear"), List.of(), List.of()));
    assertEquals(
        2,
        layout(List.of(new Pair("ear", "eye"), new Pair("ear", "nose")), List.of())
            .skeleton()
            .size());
  }

  @Test
  void leftAndRightAreToldByName() {
    List<String> names =
        List.of(
            "rightear",
            "LeftEar",
            "tail",
            "L_eye",
            "R_eye",
            "tip-l",
            "tip-r",
            "a left paw",
            "a right paw",
            "left knee",
            "lips",
            "rips",
            "curl",
            "curr");
    List<Pair> skeleton = List.of(new Pair("tail", "lips"));
    KeypointLayout layout =
        new KeypointLayout(names, skeleton, List.of(new Pair("lips", "rips"))).withMirroredByName();
    assertEquals(
        List.of(
            new Pair("LeftEar", "rightear"),
            new Pair("L_eye", "R_eye"),
            new Pair("tip-l", "tip-r"),
            new Pair("a left paw", "a right paw")),
        layout.mirrored());
    assertEquals(names, layout.names());
    assertEquals(skeleton, layout.skeleton());
  }
}

package sc.fiji.spyhop.pipeline.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.pipeline.training.Photographs.Photograph;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

class PhotographsTest {

  private static Photograph photograph(String name, int number) {
    return new Photograph(
        name,
        new LocalizedObject(new Box(0, 0, 4, 4), "head"),
        new Pose(List.of()),
        number,
        () -> new Frame(name, ArrayImgs.unsignedBytes(4, 4, 1), PixelSize.UNCALIBRATED));
  }

  /** Six flights, each of which has seen two of three whales twice. */
  private static Photographs photographs() {
    List<Photograph> all = new ArrayList<>();
    for (int flight = 0; flight < 6; flight++) {
      for (int k = 0; k < 4; k++) {
        all.add(photograph("F" + flight + "_" + k + ".png", (flight + k / 2) % 3));
      }
    }
    return new Photographs(
        all, List.of("a", "b", "c"), List.of("nose", "tail"), List.of("head"), List.of());
  }

  private static Set<String> flights(List<Photograph> part) {
    return part.stream().map(p -> p.name().substring(0, 2)).collect(Collectors.toSet());
  }

  @Test
  void aFlightIsOnOneSideAndEachWhaleOnBoth() {
    for (int seed = 0; seed < 10; seed++) {
      List<String> notes = new ArrayList<>();
      Grouping flights = Grouping.of("{flight}_*", Path.of("none"));
      List<List<Photograph>> parts =
          photographs().split(new Splitter(flights, 0.3, seed), notes::add);
      Set<String> both = new HashSet<>(flights(parts.get(0)));
      both.retainAll(flights(parts.get(1)));
      assertEquals(Set.of(), both);
      for (List<Photograph> part : parts) {
        assertEquals(3, part.stream().map(Photograph::number).distinct().count());
      }
      assertEquals(24, parts.get(0).size() + parts.get(1).size());
      assertTrue(notes.get(0).contains("stay on one side"), notes.toString());
    }
  }

  @Test
  void ofOneWhaleNothingIsLearnt() {
    Photographs one =
        new Photographs(
            photographs().all().stream().filter(p -> p.number() == 1).toList(),
            List.of("a", "b", "c"),
            List.of("nose", "tail"),
            List.of("head"),
            List.of());
    Splitter any = new Splitter(Grouping.BY_NAME, 0.3, 1);
    String message =
        assertThrows(SpyhopException.class, () -> one.split(any, n -> {})).getMessage();
    assertTrue(message.contains("two or more classes"), message);
    assertFalse(photographs().split(any, n -> {}).get(1).isEmpty());
  }
}

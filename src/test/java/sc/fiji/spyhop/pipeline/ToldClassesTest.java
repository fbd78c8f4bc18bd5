package sc.fiji.spyhop.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.MultiLabelClassification;

/** What a chain tells of objects that may be of several classes, or of none. */
class ToldClassesTest {

  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final ClassTask SEVERAL = MultiLabelClassification.of(NAMES);

  private static Finding finding(int number, ClassTask task, float... p) {
    LocalizedObject object = new LocalizedObject(new Box(1, 2, 3, 4), "box", 0.9);
    return Finding.at(number, Optional.of(object), Affine.IDENTITY)
        .withClasses(ToldClasses.of(task, new ClassScores(p)));
  }

  private static PipelineResult result(Finding... findings) {
    return new PipelineResult(new ImageSize(10, 10), List.of(findings), List.of());
  }

  @Test
  void anObjectHasARowForEachClassThatIsTold() {
    PipelineResult result =
        result(
            finding(1, SEVERAL, 0.6f, 0.1f, 0.8f),
            finding(2, SEVERAL, 0.1f, 0.2f, 0.3f),
            finding(3, SEVERAL, 0.9f, 0.1f, 0.1f));
    FindingTable table = new FindingTable(NAMES, List.of(), List.of(), RegionNames.OBJECTS, 1);
    List<List<String>> rows =
        table.rows("i.tif", 1, 1, result).stream().map(r -> r.subList(1, 5)).toList();
    assertEquals(
        List.of(
            List.of("1", "1", "c", "0.8"),
            List.of("1", "2", "a", "0.6"),
            List.of("2", "", "", ""),
            List.of("3", "1", "a", "0.9")),
        rows);
    assertEquals(
        List.of("a; c", "none", "a"),
        result.annotation(NAMES).objects().stream().map(LocalizedObject::type).toList());
    assertEquals("a 0.60; c 0.80, none, a 0.90", result.summary(NAMES));
  }

  /** Of classes that exclude each other the most likely ones are told, as many as are asked for. */
  @Test
  void ofOneClassTheMostLikelyIsTold() {
    Finding one = finding(1, Classification.of(NAMES), 0.3f, 0.1f, 0.6f);
    FindingTable table = new FindingTable(NAMES, List.of(), List.of(), RegionNames.OBJECTS, 2);
    assertEquals(
        List.of("c", "a"),
        table.rows("i.tif", 1, 1, result(one)).stream().map(r -> r.get(3)).toList());
    assertEquals("c 0.60", result(one).summary(NAMES));
  }
}

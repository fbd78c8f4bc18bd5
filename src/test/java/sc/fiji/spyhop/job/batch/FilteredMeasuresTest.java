package sc.fiji.spyhop.job.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * Of objects of one class alone the measures are those that they have among all: a cell of 4 x 4
 * pixels on a ground of 10 lies between two of another class, of 200, which cover most of what is
 * two to five pixels away from it.
 */
class FilteredMeasuresTest {

  private static final KeptClasses LIVE = new KeptClasses(List.of("live"));
  private static final Measures BACKGROUND = Measures.parse("background");
  private static final int[][] CELLS = {{0, 0, 9, 12}, {10, 4, 4, 4}, {15, 0, 15, 12}};

  private static ImagePlus image() {
    ByteProcessor plane = new ByteProcessor(30, 12);
    plane.setValue(10);
    plane.fill();
    for (int i = 0; i < CELLS.length; i++) {
      plane.setRoi(CELLS[i][0], CELLS[i][1], CELLS[i][2], CELLS[i][3]);
      plane.setValue(i == 1 ? 50 : 200);
      plane.fill();
    }
    plane.resetRoi();
    return new ImagePlus("cells.tif", plane);
  }

  private static String last(List<String> row) {
    return row.get(row.size() - 1);
  }

  @Test
  void aBoxOfAnotherClassIsNoBackground() {
    List<LocalizedObject> objects = new ArrayList<>();
    for (int i = 0; i < CELLS.length; i++) {
      Box box = new Box(CELLS[i][0], CELLS[i][1], CELLS[i][2], CELLS[i][3]);
      objects.add(new LocalizedObject(box, i == 1 ? "live" : "dead", 0.5));
    }
    HyperstackAnnotations all =
        HyperstackAnnotations.run(
            Frames.of(image()),
            (z, t, frame, part) -> new Annotation(new ImageSize(30, 12), objects, List.of()),
            Progress.NONE);
    FoundAnnotations found =
        FoundAnnotations.boxes(
            "cells.tif",
            Path.of(""),
            all,
            LIVE,
            new FoundAnnotations.Shown(List.of("live", "dead"), KeypointLayout.NONE),
            BACKGROUND,
            ShownScale.SAME);
    assertEquals(1, found.count());
    assertEquals(1, found.rois().size());
    assertEquals(List.of("10"), found.rows().map(FilteredMeasuresTest::last).toList());
  }

  @Test
  void anOutlinedObjectOfAnotherClassIsNoBackground() {
    LabelMap labels = new LabelMap(30, 12);
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < CELLS.length; i++) {
      int[] c = CELLS[i];
      for (int y = c[1]; y < c[1] + c[3]; y++) {
        for (int x = c[0]; x < c[0] + c[2]; x++) labels.set(x, y, i + 1);
      }
      segments.add(
          new Segment(
                  i + 1,
                  (long) c[2] * c[3],
                  c[0] + c[2] / 2.0,
                  c[1] + c[3] / 2.0,
                  0.75,
                  c[0],
                  c[1],
                  c[2],
                  c[3])
              .withClasses(i == 1 ? new ClassScores(1f, 0f) : new ClassScores(0f, 1f)));
    }
    ImagePlus image = image();
    HyperstackSegmentation segmented =
        HyperstackSegmentation.run(
            Frames.of(image),
            new RegionNames(List.of(), List.of("live", "dead"), LIVE),
            (z, t, frame, part) -> new Segmentation(labels, segments),
            Progress.NONE);
    FoundObjects found =
        FoundObjects.of(
            "cells.tif", segmented, LookArea.ALL.in(image), BACKGROUND, ShownScale.SAME);
    assertEquals(1, found.count());
    assertEquals(List.of("10"), found.rows().map(FilteredMeasuresTest::last).toList());
    assertEquals("1", found.rows().toList().get(0).get(3), "numbered anew");
    assertEquals(1, segmented.labels().getProcessor().get(11, 5));
    assertEquals(0, segmented.labels().getProcessor().get(2, 5));
  }
}

package sc.fiji.spyhop.explain.learned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** A network of which it is known what it answers to, as its weights are written down. */
class FeatureMapsTest {

  private static final int SIDE = 24;

  /** Rows of 3 x 3 kernels. */
  private static final float[] VERTICAL = {-1, 0, 1, -1, 0, 1, -1, 0, 1};

  private static final float[] HORIZONTAL = {-1, -1, -1, 0, 0, 0, 1, 1, 1};
  private static final float[] DOUBLE = {-2, 0, 2, -2, 0, 2, -2, 0, 2};
  private static final float[] NEVER = {0, 0, 0, 0, -1, 0, 0, 0, 0};

  private static Model model() {
    return model(SIDE);
  }

  /**
   * @param size of its input, or any
   */
  private static Model model(int size) {
    return model(size, false);
  }

  private static Model model(int size, boolean normalized) {
    NetworkBuilder b =
        NetworkBuilder.input("image", Shape.of(1, size, size))
            .padding(Padding.VALID)
            .convolution("c1", 4, 3);
    if (normalized) b.instanceNorm();
    Network network =
        b.relu()
            .maxPool("p1", 2)
            .globalPool("gap", Layer.PoolingKind.AVERAGE)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Map<String, Tensor> tensors = new LinkedHashMap<>(Initialization.of(network, 1).tensors());
    float[] weight = tensors.get("c1.weight").data();
    float[][] kernels = {VERTICAL, HORIZONTAL, DOUBLE, NEVER};
    for (int k = 0; k < kernels.length; k++) System.arraycopy(kernels[k], 0, weight, 9 * k, 9);
    return new Model(
        new ModelSpec(
            "handmade",
            "",
            Classification.of(List.of("a", "b")),
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Stretch(SIDE, SIDE, Interpolation.BILINEAR),
                new Normalization.Fixed(List.of(0.0), List.of(1.0)),
                PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            ""),
        network,
        new Weights(tensors));
  }

  /** Black, but for a square of 3 x 3 of some brightness whose corner is at a place. */
  private static Frame square(int x, int y, float value) {
    float[] pixels = new float[SIDE * SIDE];
    for (int i = 0; i < 9; i++) pixels[(y + i / 3) * SIDE + x + i % 3] = value;
    return new Frame(x + "," + y, ArrayImgs.floats(pixels, SIDE, SIDE, 1), PixelSize.UNCALIBRATED);
  }

  /** Squares of brightness 1 to 5, so that the last is the strongest. */
  private static List<Frame> squares() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 1; i <= 5; i++) frames.add(square(2 * i + 2, 14 - 2 * i, i));
    return frames;
  }

  private static FeatureMaps maps(String layer, int patches, List<Frame> frames) {
    return maps(SIDE, layer, patches, frames);
  }

  private static FeatureMaps maps(int size, String layer, int patches, List<Frame> frames) {
    return FeatureMaps.of(
        model(size), layer, patches, 0, 1, frames.size(), frames::get, Progress.NONE);
  }

  /**
   * By hand: the kernel of vertical edges gives 3 times the brightness where its right column lies
   * on the left side of the square and its left column outside, so one pixel left of the square;
   * its middle row is that of the square.
   */
  @ParameterizedTest
  @ValueSource(ints = {SIDE, Shape.ANY})
  void theStrongestPatchIsWhereTheEdgeWasPlanted(int size) {
    FeatureMaps found = maps(size, "c1_relu", 3, squares());
    FeatureMap vertical = found.maps().get(0);
    assertEquals(15, vertical.max(), 1e-5);
    assertEquals(5, vertical.images());
    assertEquals(3, vertical.patches().size());
    for (int rank = 0; rank < 3; rank++) {
      int i = 5 - rank;
      Patch p = vertical.patches().get(rank);
      assertEquals((2 * i + 2) + "," + (14 - 2 * i), p.image());
      assertEquals(3 * i, p.activation(), 1e-5);
      // the window covers two pixels left of the square and its first column, or one pixel and two
      assertEquals(2 * i + 2 - 2 + 1.5, p.x(), 1e-9);
      assertEquals(14 - 2 * i + 1.5, p.y(), 1e-9);
      assertEquals(3, p.width());
      assertArrayEquals(new float[] {0, 0, i, 0, 0, i, 0, 0, i}, p.pixels()[0]);
      // the activation comes back through the kernel, turned neither round nor over
      for (int k = 0; k < 9; k++) {
        assertEquals(3 * i * VERTICAL[k], p.projection()[0][k], 1e-4);
      }
    }
    Patch horizontal = found.maps().get(1).patches().get(0);
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 5, 5, 5}, horizontal.pixels()[0]);
  }

  /** Through pooling, a patch is larger, and its projection is where the maximum came from. */
  @ParameterizedTest
  @ValueSource(ints = {SIDE, Shape.ANY})
  void projectionsGoThroughTheSwitchesOfPooling(int size) {
    Patch p = maps(size, "p1", 1, squares()).maps().get(0).patches().get(0);
    assertEquals(4, p.width());
    assertEquals(4, p.height());
    int best = 0;
    int lit = 0;
    for (int i = 0; i < 16; i++) {
      if (p.projection()[0][i] > p.projection()[0][best]) best = i;
      if (p.projection()[0][i] != 0) lit++;
    }
    assertEquals(6, lit); // one kernel of 3 x 3, whose middle column is 0
    assertEquals(5, p.pixels()[0][best], "the brightest way leads to the square");
  }

  /** The projection is of the image that the patch is of, by its statistics, not by the patch's. */
  @Test
  void projectionsGoThroughTheStatisticsOfTheWholeMap() {
    List<float[]> projections = new ArrayList<>();
    for (int size : new int[] {SIDE, Shape.ANY}) {
      Model model = model(size, true);
      FeatureMaps found =
          FeatureMaps.of(model, "c1_relu", 1, 0, 1, 5, squares()::get, Progress.NONE);
      projections.add(found.maps().get(0).patches().get(0).projection()[0]);
    }
    assertArrayEquals(projections.get(0), projections.get(1), 1e-6f);
    assertTrue(Math.abs(projections.get(0)[2]) > 1e-3);
  }

  @Test
  void deadAndDoubleMapsAreNamed() {
    FeatureMaps found = maps("c1_relu", 9, squares());
    assertEquals(OptionalInt.of(1), found.maps().get(2).twin());
    assertEquals("like 1", found.maps().get(2).fault());
    assertEquals(OptionalInt.empty(), found.maps().get(1).twin());
    assertTrue(found.maps().get(3).isDead());
    assertEquals("dead", found.maps().get(3).fault());
    assertEquals(List.of(), found.maps().get(3).patches());
    assertEquals(0, found.maps().get(3).images());
  }

  @Test
  void theLastRectifierIsTheDefault() {
    assertEquals("c1_relu", maps("", 1, squares()).layer());
  }

  /** 4 of 5 images fit in 2 x 2; a map that is dead has a place as well, but for the last. */
  @Test
  void patchesStandBesideTheirProjections() {
    FeatureMaps found = maps("c1_relu", 4, squares());
    PatchSheet sheet = new PatchSheet(found);
    assertEquals(
        List.of("map 1, up to 15.0", "map 2, up to 15.0", "map 3, up to 30.0, like 1"),
        sheet.titles());
    BufferedImage tile = sheet.tile(found.maps().get(0));
    int cell = 36; // 3 pixels, enlarged to 36
    assertEquals(2 * (2 * cell + 2) + 8, tile.getWidth());
    int top = 14 + 2;
    assertEquals(top + 2 * cell + 2, tile.getHeight());
    assertEquals(0x000000, tile.getRGB(4, top + 4) & 0xffffff);
    assertEquals(0xffffff, tile.getRGB(cell - 4, top + 4) & 0xffffff);
    int right = 2 * cell + 2 + 8;
    assertEquals(0x000000, tile.getRGB(right + 4, top + 4) & 0xffffff);
    assertEquals(0x808080, tile.getRGB(right + cell / 2, top + 4) & 0xffffff);
    assertEquals(0xffffff, tile.getRGB(right + cell - 4, top + 4) & 0xffffff);
    BufferedImage montage = sheet.montage();
    assertTrue(montage.getWidth() >= tile.getWidth() + 20);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertEquals(
        "Layer: expected one with feature maps, such as c1, c1_relu, p1, received \"c9\".",
        assertThrows(SpyhopException.class, () -> maps("c9", 1, squares())).getMessage());
    assertEquals(
        "Layer: expected one with feature maps, such as c1, c1_relu, p1, received gap, which sees"
            + " all of the image at once.",
        assertThrows(SpyhopException.class, () -> maps("gap", 1, squares())).getMessage());
    assertEquals(
        "Expected images to look at, received none.",
        assertThrows(SpyhopException.class, () -> maps("c1", 1, List.of())).getMessage());
    Frame two =
        new Frame("two", ArrayImgs.floats(new float[2 * 64], 8, 8, 2), PixelSize.UNCALIBRATED);
    SpyhopException none = assertThrows(SpyhopException.class, () -> maps("c1", 1, List.of(two)));
    assertTrue(none.getMessage().startsWith("None of the images can be looked at: two:"));
    List<Frame> mixed = new ArrayList<>(squares());
    mixed.add(1, two);
    FeatureMaps found = maps("c1_relu", 9, mixed);
    assertEquals(5, found.images());
    assertEquals(1, found.failures().size());
  }

  @Test
  void itCanBeStopped() {
    Progress stopped =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    List<Frame> frames = squares();
    assertThrows(
        CancellationException.class,
        () -> FeatureMaps.of(model(), "c1", 1, 0, 1, 5, frames::get, stopped));
  }
}

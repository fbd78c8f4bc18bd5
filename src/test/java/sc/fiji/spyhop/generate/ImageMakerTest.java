package sc.fiji.spyhop.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.TestGenerators;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class ImageMakerTest {

  /** Each of two outputs is one of two values, in both of two columns. */
  private static Generator copying() {
    Network network =
        NetworkBuilder.input("values", Shape.of(5, 1, 1))
            .bias(false)
            .transposedConvolution("image", 2, 2, 2)
            .build();
    float[] weight = new float[5 * 2 * 4];
    for (int k = 0; k < 4; k++) {
      weight[k] = 1;
      weight[8 + 4 + k] = 1;
    }
    Weights weights =
        new Weights(Map.of("image.weight", new Tensor(Axes.IOHW, new int[] {5, 2, 2, 2}, weight)));
    return new Generator(TestGenerators.noise("copying").spec(), network, weights);
  }

  @Test
  void valuesBecomePixelsOfTheModelsImages() {
    try (ImageMaker maker = ImageMaker.open(copying())) {
      GeneratedImage image = maker.image("one", new float[] {0.25f, -0.5f, 9, 9, 9});
      assertEquals(2, image.image().width());
      assertEquals(1, image.image().channels());
      assertEquals(16, image.image().pixels().getType().getBitsPerPixel());
      assertEquals(725, image.image().pixels().getAt(1, 1, 0).getRealDouble());
      assertEquals("µm", image.image().pixelSize().unit());
      assertArrayEquals(new float[] {-0.5f, -0.5f, -0.5f, -0.5f}, image.depth().orElseThrow());
    }
  }

  /** More than a minibatch, each image as if it were alone. */
  @Test
  void manyImagesAreEachAsAlone() {
    Random random = new Random(3);
    List<float[]> codes = new ArrayList<>();
    for (int i = 0; i < 70; i++) codes.add(ImageMaker.noise(6, random));
    List<Long> told = new ArrayList<>();
    try (ImageMaker maker = ImageMaker.open(TestGenerators.table("table"))) {
      Tensor all = maker.make(codes, (message, done, total) -> told.add(done));
      assertArrayEquals(new int[] {70, 3, 8, 8}, all.shape());
      Tensor last = maker.make(List.of(codes.get(69)), Progress.NONE);
      assertArrayEquals(last.data(), all.slice(69, 70).data(), 1e-5f);
      assertEquals(List.of(0L, 64L, 70L), told);
      assertEquals(8, maker.image("a", all, 1).image().pixels().getType().getBitsPerPixel());
      SpyhopException e = assertThrows(SpyhopException.class, () -> maker.image("a", new float[5]));
      assertEquals("Model table: expected 6 values for an image, received 5.", e.getMessage());
      Progress cancelled =
          new Progress() {
            @Override
            public void update(String message, long done, long total) {}

            @Override
            public boolean isCancelled() {
              return true;
            }
          };
      assertThrows(CancellationException.class, () -> maker.make(codes, cancelled));
    }
  }

  @Test
  void aWayPassesAllStations() {
    GeneratorSource noise = new GeneratorSource.Noise(1);
    List<float[]> way =
        ImageMaker.path(noise, List.of(new float[] {1}, new float[] {2}, new float[] {4}), 2);
    float[] flat = new float[way.size()];
    for (int i = 0; i < flat.length; i++) flat[i] = way.get(i)[0];
    assertArrayEquals(new float[] {1, 1.5f, 2, 3, 4}, flat, 1e-6f);
    assertEquals(2, ImageMaker.path(noise, way.subList(0, 2), 1).size());
  }

  @Test
  void theSameSeedDrawsTheSame() {
    assertArrayEquals(ImageMaker.noise(9, new Random(4)), ImageMaker.noise(9, new Random(4)));
    double sum = 0;
    double squares = 0;
    for (float v : ImageMaker.noise(20_000, new Random(1))) {
      sum += v;
      squares += v * v;
    }
    assertTrue(Math.abs(sum / 20_000) < 0.03 && Math.abs(squares / 20_000 - 1) < 0.05);
  }
}

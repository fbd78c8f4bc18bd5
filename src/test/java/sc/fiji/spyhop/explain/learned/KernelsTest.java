package sc.fiji.spyhop.explain.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

class KernelsTest {

  private static final int SIZE = 11;

  /** One input channel; kernels as given, row by row. */
  private static Kernels kernels(int channels, float[]... filters) {
    Network network =
        NetworkBuilder.input("image", Shape.of(channels, 32, 32))
            .convolution("c1", filters.length, SIZE)
            .build("c1");
    Map<String, Tensor> tensors = new LinkedHashMap<>(Initialization.of(network, 1).tensors());
    float[] weight = tensors.get("c1.weight").data();
    for (int k = 0; k < filters.length; k++) {
      System.arraycopy(filters[k], 0, weight, k * filters[k].length, filters[k].length);
    }
    return Kernels.of(network, new Weights(tensors), "");
  }

  /**
   * Crests run at an angle, degrees counterclockwise from the x axis: across them, along the angle
   * plus 90, x grows by -sin and y, which points down, by -cos.
   */
  private static float[] gabor(double angle, double frequency) {
    double radians = Math.toRadians(angle);
    float[] values = new float[SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      double x = i % SIZE - SIZE / 2;
      double y = i / SIZE - SIZE / 2;
      double across = -Math.sin(radians) * x - Math.cos(radians) * y;
      double envelope = Math.exp(-(x * x + y * y) / (2 * 3.0 * 3.0));
      values[i] = (float) (envelope * Math.sin(2 * Math.PI * frequency * across));
    }
    return values;
  }

  private static float[] blob() {
    float[] values = new float[SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      double x = i % SIZE - SIZE / 2;
      double y = i / SIZE - SIZE / 2;
      values[i] = (float) Math.exp(-(x * x + y * y) / 8);
    }
    return values;
  }

  private static float[] noise(long seed) {
    Random random = new Random(seed);
    float[] values = new float[SIZE * SIZE];
    for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
    return values;
  }

  @Test
  void gaborFunctionsAreToldByOrientationAndFrequency() {
    double[] angles = {0, 30, 45, 90, 120, 165};
    double[] frequencies = {0.15, 0.2, 0.25, 0.3, 0.2, 0.35};
    float[][] filters = new float[angles.length][];
    for (int i = 0; i < angles.length; i++) filters[i] = gabor(angles[i], frequencies[i]);
    List<Kernel> found = kernels(1, filters).kernels();
    for (int i = 0; i < angles.length; i++) {
      Kernel k = found.get(i);
      assertTrue(k.isGabor(), "kernel " + k.number());
      double off = Math.abs(k.orientation() - angles[i]);
      assertEquals(0, Math.min(off, 180 - off), 3, "orientation of " + angles[i]);
      assertEquals(frequencies[i], k.frequency(), 0.015, "frequency at " + angles[i]);
      assertEquals("", k.fault());
    }
  }

  /** By hand: minus one, nothing, plus one in each row answers to vertical edges. */
  @Test
  void anEdgeFilterHasTheOrientationOfItsEdges() {
    float[] edge = new float[SIZE * SIZE];
    for (int y = 0; y < SIZE; y++) {
      edge[y * SIZE + 4] = -1;
      edge[y * SIZE + 6] = 1;
    }
    Kernel k = kernels(1, edge).kernels().get(0);
    assertEquals(90, k.orientation(), 1e-9);
    assertEquals(0.25, k.frequency(), 0.01); // 2 sin(2 pi f) is largest there
    assertTrue(k.isGabor());
  }

  @Test
  void blobsAndNoiseAreNoWaves() {
    int waves = 0;
    float[][] filters = new float[40][];
    for (int i = 0; i < filters.length; i++) filters[i] = noise(100 + i);
    filters[0] = blob();
    List<Kernel> found = kernels(1, filters).kernels();
    assertEquals(0, found.get(0).frequency());
    assertTrue(Double.isNaN(found.get(0).orientation()));
    for (Kernel k : found) if (k.isGabor()) waves++;
    assertTrue(waves <= 8, waves + " of 40, where one in twenty is expected");
    assertFalse(found.get(0).isGabor());
  }

  @Test
  void deadAndDoubleKernelsAreNamed() {
    float[] a = gabor(20, 0.2);
    float[] minus = a.clone();
    for (int i = 0; i < minus.length; i++) minus[i] *= -0.5f;
    float[] faint = noise(3);
    for (int i = 0; i < faint.length; i++) faint[i] *= 1e-4f;
    List<Kernel> found = kernels(1, noise(1), a, minus, faint, noise(2)).kernels();
    assertEquals(OptionalInt.of(2), found.get(2).twin());
    assertEquals("like 2", found.get(2).fault());
    assertEquals("dead", found.get(3).fault());
    assertEquals("", found.get(4).fault());
  }

  /** Weights of channels lie one after the other; a wave in one of them is found. */
  @Test
  void channelsCountTogether() {
    float[] three = new float[3 * SIZE * SIZE];
    System.arraycopy(gabor(60, 0.2), 0, three, SIZE * SIZE, SIZE * SIZE);
    Kernels found = kernels(3, three);
    assertEquals(60, found.kernels().get(0).orientation(), 3);
    BufferedImage picture = KernelSheet.of(found, 0, 1, 2);
    assertTrue(picture.getWidth() > SIZE && picture.getHeight() > SIZE);
  }

  /**
   * Its lowest weight is black, its highest white, whatever their size; the second kernel right.
   */
  @Test
  void eachKernelIsShownInItsOwnRange() {
    float[] ramp = new float[SIZE * SIZE];
    for (int i = 0; i < ramp.length; i++) ramp[i] = 1e-3f * i;
    BufferedImage picture = KernelSheet.of(kernels(1, ramp, noise(1)));
    assertEquals(0x000000, picture.getRGB(11, 11) & 0xffffff);
    int scale = 56 / SIZE;
    int last = 10 + SIZE * scale - 1;
    assertEquals(0xffffff, picture.getRGB(last, last) & 0xffffff);
    assertEquals(0x808080, picture.getRGB(10 + SIZE * scale / 2, 10 + SIZE * scale / 2) & 0xffffff);
  }

  @Test
  void aLayerThatIsNoneIsRefused() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 8, 8))
            .convolution("c1", 2, 3)
            .relu()
            .flatten("flat")
            .dense("fc", 3)
            .build("fc");
    Weights weights = Initialization.of(network, 1);
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> Kernels.of(network, weights, "fc"));
    assertEquals("Layer: expected a convolution, such as c1, received \"fc\".", e.getMessage());
    Network dense = NetworkBuilder.input("image", Shape.of(4)).dense("fc", 3).build("fc");
    SpyhopException none =
        assertThrows(
            SpyhopException.class, () -> Kernels.of(dense, Initialization.of(dense, 1), ""));
    assertEquals(
        "Layer: the network has no convolution of images, so no kernels.", none.getMessage());
  }
}

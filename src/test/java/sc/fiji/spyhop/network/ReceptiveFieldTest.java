package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;

class ReceptiveFieldTest {

  // -- A plain interpreter of one-dimensional networks: [channel][position] --

  private static double[][] run(Network network, double[] input) {
    Map<String, double[][]> maps = new HashMap<>();
    maps.put(network.inputs().get(0).name(), new double[][] {input});
    for (Layer layer : network.layers()) {
      maps.put(layer.name(), apply(layer, layer.inputs().stream().map(maps::get).toList()));
    }
    return maps.get(network.outputs().get(0));
  }

  private static double[][] apply(Layer layer, List<double[][]> inputs) {
    double[][] in = inputs.get(0);
    int n = in[0].length;
    if (layer instanceof Convolution l) {
      int k = (l.kernel().get(0) - 1) * l.dilation().get(0) + 1;
      int s = l.stride().get(0);
      int out = windows(n, k, s, l.padding());
      int before = before(n, k, s, l.padding());
      double[][] result = new double[l.filters()][out];
      for (int f = 0; f < l.filters(); f++) {
        for (int o = 0; o < out; o++) {
          for (int c = 0; c < in.length; c++) {
            for (int t = 0; t < l.kernel().get(0); t++) {
              int i = o * s - before + t * l.dilation().get(0);
              if (i >= 0 && i < n) result[f][o] += weight(l, f, c, t) * in[c][i];
            }
          }
        }
      }
      return result;
    } else if (layer instanceof TransposedConvolution l) {
      int k = l.kernel().get(0);
      int s = l.stride().get(0);
      boolean same = l.padding() == Padding.SAME;
      int cut = same ? (k - s) / 2 : 0;
      double[][] result = new double[l.filters()][same ? n * s : (n - 1) * s + k];
      for (int f = 0; f < l.filters(); f++) {
        for (int c = 0; c < in.length; c++) {
          for (int i = 0; i < n; i++) {
            for (int t = 0; t < k; t++) {
              int o = i * s + t - cut;
              if (o >= 0 && o < result[f].length) result[f][o] += weight(l, f, c, t) * in[c][i];
            }
          }
        }
      }
      return result;
    } else if (layer instanceof Pooling l) {
      int k = l.kernel().get(0);
      int s = l.stride().get(0);
      int before = before(n, k, s, l.padding());
      double[][] result = new double[in.length][windows(n, k, s, l.padding())];
      for (int c = 0; c < in.length; c++) {
        for (int o = 0; o < result[c].length; o++) {
          double max = Double.NEGATIVE_INFINITY;
          double sum = 0;
          int count = 0;
          for (int i = Math.max(0, o * s - before); i < Math.min(n, o * s - before + k); i++) {
            max = Math.max(max, in[c][i]);
            sum += in[c][i];
            count++;
          }
          result[c][o] = l.kind() == PoolingKind.MAX ? max : sum / count;
        }
      }
      return result;
    } else if (layer instanceof Upsampling l) {
      int f = l.factor().get(0);
      double[][] result = new double[in.length][n * f];
      for (int c = 0; c < in.length; c++) {
        for (int o = 0; o < n * f; o++) {
          if (l.interpolation() == Interpolation.NEAREST) {
            result[c][o] = in[c][o / f];
          } else {
            double x = (o + 0.5) / f - 0.5;
            int i = (int) Math.floor(x + 1e-9);
            double part = Math.max(0, x - i);
            double left = in[c][Math.max(0, i)];
            double right = in[c][Math.min(n - 1, i + 1)];
            result[c][o] = part < 1e-9 ? left : (1 - part) * left + part * right;
          }
        }
      }
      return result;
    } else if (layer instanceof Pad l) {
      double[][] result = new double[in.length][l.before().get(0) + n + l.after().get(0)];
      for (int c = 0; c < in.length; c++) {
        for (int o = 0; o < result[c].length; o++) {
          int i = o - l.before().get(0);
          boolean inside = i >= 0 && i < n;
          if (l.mode() == Pad.Mode.ZEROS && !inside) continue;
          int mirrored = i < 0 ? -i : 2 * n - 2 - i;
          int repeated = i < 0 ? 0 : n - 1;
          int outside = l.mode() == Pad.Mode.REFLECT ? mirrored : repeated;
          result[c][o] = in[c][inside ? i : outside];
        }
      }
      return result;
    } else if (layer instanceof Resizing l) {
      int out = n * l.factor().get(0) / l.divisor().get(0);
      double[][] result = new double[in.length][out];
      for (int c = 0; c < in.length; c++) {
        for (int o = 0; o < out; o++) {
          double x = (o + 0.5) * n / out - 0.5;
          int i = (int) Math.floor(x + 1e-9);
          double part = Math.max(0, x - i);
          double left = in[c][Math.max(0, i)];
          double right = in[c][Math.min(n - 1, i + 1)];
          boolean nearest = l.interpolation() == Interpolation.NEAREST;
          result[c][o] =
              nearest ? in[c][o * n / out] : part < 1e-9 ? left : (1 - part) * left + part * right;
        }
      }
      return result;
    } else if (layer instanceof PixelShuffle l) {
      int b = l.block();
      boolean larger = l.direction() == PixelShuffle.Direction.TO_SPACE;
      double[][] result =
          larger ? new double[in.length / b][n * b] : new double[in.length * b][n / b];
      for (int c = 0; c < in.length; c++) {
        for (int i = 0; i < n; i++) {
          if (larger) result[c / b][i * b + c % b] = in[c][i];
          else result[c * b + i % b][i / b] = in[c][i];
        }
      }
      return result;
    } else if (layer instanceof Add) {
      double[][] result = new double[in.length][n];
      for (double[][] other : inputs) {
        for (int c = 0; c < in.length; c++) {
          for (int o = 0; o < n; o++) result[c][o] += other[c][o];
        }
      }
      return result;
    } else if (layer instanceof Concat) {
      return inputs.stream().flatMap(Arrays::stream).toArray(double[][]::new);
    }
    throw new AssertionError(layer);
  }

  private static int windows(int n, int k, int s, Padding padding) {
    if (padding instanceof Padding.Explicit e) {
      return (e.before().get(0) + n + e.after().get(0) - k) / s + 1;
    }
    return padding == Padding.SAME ? (n + s - 1) / s : (n - k) / s + 1;
  }

  private static int before(int n, int k, int s, Padding padding) {
    if (padding instanceof Padding.Explicit e) return e.before().get(0);
    int out = windows(n, k, s, padding);
    return padding == Padding.SAME ? Math.max(0, (out - 1) * s + k - n) / 2 : 0;
  }

  private static double weight(Layer layer, int f, int c, int t) {
    return new Random(layer.name().hashCode() * 31L + 1000 * f + 100 * c + t).nextDouble() + 0.1;
  }

  private static double[] noise(int n) {
    return new Random(n).doubles(n).toArray();
  }

  // -- What is promised, by brute force --

  /** How far outputs in the middle look beyond the pixels they cover, by planting NaN. */
  private static long brute(Network network, int multiple, int stride) {
    int n = multiple * Math.max(4, 160 / multiple);
    double[] input = noise(n);
    long halo = 0;
    for (int i = 0; i < n; i++) {
      double kept = input[i];
      input[i] = Double.NaN;
      double[] out = run(network, input)[0];
      input[i] = kept;
      int middle = n / 2 / multiple * multiple / stride;
      for (int o = middle; o < middle + multiple / stride; o++) {
        if (Double.isNaN(out[o])) {
          halo = Math.max(halo, Math.max(o * stride - i, i - (o * stride + stride - 1)));
        }
      }
    }
    return halo;
  }

  private static void assertTilesEqualTheWhole(Network network) {
    ReceptiveField field = ReceptiveField.of(network);
    int m = field.sizeMultiple().get(0);
    int s = (int) Math.round(field.stride().get(0));
    int halo = field.halo().get(0);
    int aligned = field.alignedHalo().get(0);
    int n = m * ((2 * Math.max(halo, aligned) + 40) / m + 4);
    double[] input = noise(n);
    double[] whole = run(network, input)[0];
    for (int from = 0; from <= 2 * m; from += m) {
      for (int to = n - 2 * m; to <= n; to += m) {
        double[] part = run(network, Arrays.copyOfRange(input, from, to))[0];
        int compared = 0;
        for (int o = 0; o < part.length && o + from / s < whole.length; o++) {
          int first = o * s + from;
          int last = first + s - 1;
          int blockFirst = first / m * m;
          int blockLast = last / m * m + m - 1;
          boolean safe = (from == 0 || first - halo >= from) && (to == n || last + halo < to);
          boolean safeBlock =
              (from == 0 || blockFirst - aligned >= from) && (to == n || blockLast + aligned < to);
          if (safe || safeBlock) {
            assertEquals(
                whole[o + from / s], part[o], 1e-12, "from " + from + " to " + to + " at " + o);
            compared++;
          }
        }
        assertTrue(compared > 0);
      }
    }
  }

  private static NetworkBuilder line() {
    return NetworkBuilder.input("image", Shape.of(1, Shape.ANY));
  }

  @Test
  void convolutionsAddUp() {
    ReceptiveField field =
        ReceptiveField.of(line().convolution("a", 1, 3).convolution("b", 1, 5, 1, 3).build());
    // 1 + 2 * 3
    assertEquals(List.of(7), field.halo());
    assertEquals(List.of(7), field.alignedHalo());
    assertEquals(List.of(1), field.sizeMultiple());
  }

  @Test
  void poolingMultiplies() {
    Network network =
        line()
            .convolution("a", 1, 3)
            .maxPool("p", 2)
            .convolution("b", 1, 3)
            .maxPool("q", 2)
            .build();
    ReceptiveField field = ReceptiveField.of(network);
    assertEquals(List.of(4.0), field.stride());
    assertEquals(List.of(4), field.sizeMultiple());
    // a 1, then b two pixels more on each side
    assertEquals(List.of(3), field.halo());
    assertEquals(List.of(4), field.alignedHalo());
  }

  @Test
  void vgg19SeesAsFarAsPublished() {
    Network network = Presets.vgg19(1000);
    assertTrue(ReceptiveField.of(network).everything());
    ReceptiveField field = ReceptiveField.of(network, "pool5");
    assertFalse(field.everything());
    // the receptive field of pool5 is 268 pixels wide, at stride 32
    assertEquals(List.of(32.0, 32.0), field.stride());
    assertEquals(List.of((268 - 32) / 2, (268 - 32) / 2), field.halo());
  }

  @Test
  void axesAreApart() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 8, Shape.ANY, Shape.ANY))
            .layer(
                new Convolution(
                    "c",
                    "image",
                    1,
                    1,
                    List.of(1, 3, 5),
                    List.of(1, 1, 2),
                    List.of(1, 2, 1),
                    Padding.SAME,
                    false))
            .build();
    ReceptiveField field = ReceptiveField.of(network);
    assertEquals(List.of(1, 1, 2), field.sizeMultiple());
    // 5 - 2 surplus, one before and two after the two pixels that are covered
    assertEquals(List.of(0, 2, 2), field.halo());
  }

  @Test
  void unetsAreExact() {
    for (UNet unet :
        List.of(
            UNet.of(1, new UNet.Head("y", 1)).sized(1, 2),
            UNet.of(1, new UNet.Head("y", 1)).sized(1, 3).withDecoderLevels(1),
            UNet.of(1, new UNet.Head("y", 1)).sized(1, 1).onHalfSize(),
            UNet.of(1, new UNet.Head("y", 1)).sized(1, 2).onHalfSizeWithDetails(1, 1))) {
      Network network = flat(unet.withoutBatchNorm().network());
      ReceptiveField field = ReceptiveField.of(network);
      int stride = (int) Math.round(field.stride().get(0));
      assertEquals(brute(network, field.sizeMultiple().get(0), stride), (long) field.halo().get(0));
      assertTilesEqualTheWhole(network);
    }
  }

  /** One dimension of a network, without activations. */
  private static Network flat(Network network) {
    NetworkBuilder b = line();
    Map<String, String> renamed = new HashMap<>();
    for (Layer layer : network.layers()) {
      String first = renamed.getOrDefault(layer.input(), layer.input());
      if (layer instanceof Activation) {
        renamed.put(layer.name(), first);
        continue;
      }
      b.from(first);
      if (layer instanceof Convolution l) {
        b.convolution(l.name(), 1, l.kernel().get(0), l.stride().get(0), 1);
      } else if (layer instanceof TransposedConvolution l) {
        b.transposedConvolution(l.name(), 1, l.kernel().get(0), l.stride().get(0));
      } else if (layer instanceof Pooling l) {
        b.maxPool(l.name(), l.kernel().get(0));
      } else if (layer instanceof Upsampling l) {
        b.upsample(l.name(), l.factor().get(0));
      } else {
        String second = layer.inputs().get(1);
        b.concat(layer.name(), renamed.getOrDefault(second, second));
      }
    }
    return b.build();
  }

  @Test
  void anyNetworkIsExact() {
    Random random = new Random(1);
    for (int i = 0; i < 150; i++) {
      Network network = random(random);
      ReceptiveField field = ReceptiveField.of(network);
      String text = NetworkJson.write(network);
      assertEquals(List.of(1.0), field.stride(), text);
      assertEquals(
          brute(network, field.sizeMultiple().get(0), 1), (long) field.halo().get(0), text);
      assertTilesEqualTheWhole(network);
    }
  }

  /** Down and up again by layers of all kinds, with short cuts where sizes agree. */
  private static Network random(Random random) {
    NetworkBuilder b = line();
    int depth = 1 + random.nextInt(2);
    int[] factors = new int[depth];
    String[] kept = new String[depth];
    for (int d = 0; d < depth; d++) {
      if (random.nextBoolean()) b.convolution("e" + d, 1, 1 + random.nextInt(4));
      kept[d] = b.here();
      int s = factors[d] = 2 + random.nextInt(2);
      int k = s + random.nextInt(3);
      int before = random.nextInt(k - s + 1);
      Padding explicit = new Padding.Explicit(List.of(before), List.of(k - s - before));
      switch (random.nextInt(6)) {
        case 0 -> b.maxPool("d" + d, s);
        case 3 -> b.padding(explicit).convolution("d" + d, 1, k, s, 1).padding(Padding.SAME);
        case 4 -> b.pool("d" + d, PoolingKind.AVERAGE, k, s, explicit);
        case 1 -> b.pool("d" + d, PoolingKind.AVERAGE, k, s, Padding.SAME);
        case 2 -> b.convolution("d" + d, 1, k, s, 1);
        default -> b.convolution("d" + d, 1, s - 1, s, 1);
      }
    }
    b.convolution("bottom", 1, 1 + random.nextInt(3));
    for (int d = depth - 1; d >= 0; d--) {
      switch (random.nextInt(4)) {
        case 0 -> b.upsample("u" + d, factors[d]);
        case 1 -> b.upsample("u" + d, factors[d], Interpolation.BILINEAR);
        case 2 -> b.transposedConvolution("u" + d, 1, factors[d] + random.nextInt(3), factors[d]);
        default ->
            b.padding(Padding.VALID)
                .transposedConvolution("u" + d, 1, factors[d], factors[d])
                .padding(Padding.SAME);
      }
      if (random.nextBoolean()) b.add("s" + d, kept[d]);
      if (random.nextBoolean()) b.convolution("f" + d, 1, 1 + random.nextInt(4));
    }
    return b.build();
  }

  /** Down and up again, by layers that move and mix values, between borders of all kinds. */
  @Test
  void whatMovesValuesIsExact() {
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      NetworkBuilder b = line();
      bordered(b, "first", random);
      String kept = b.here();
      int s = 2 + random.nextInt(2);
      Interpolation kind = Interpolation.values()[random.nextInt(2)];
      if (random.nextBoolean()) {
        b.layer(new Resizing("down", b.here(), List.of(1), List.of(s), kind, false));
      } else {
        b.layer(new PixelShuffle("down", b.here(), s, PixelShuffle.Direction.TO_CHANNELS));
      }
      b.convolution("mixed", 1, 1 + random.nextInt(3));
      bordered(b, "middle", random);
      if (random.nextBoolean()) {
        b.layer(new Resizing("more", b.here(), List.of(3), List.of(2), kind, false));
        b.layer(new Resizing("fewer", b.here(), List.of(2 * s), List.of(3), kind, false));
      } else {
        b.convolution("pixels", s, 1);
        b.layer(new PixelShuffle("up", b.here(), s, PixelShuffle.Direction.TO_SPACE));
      }
      if (random.nextBoolean()) b.add("sum", kept);
      Network network = b.build();
      ReceptiveField field = ReceptiveField.of(network);
      String text = NetworkJson.write(network);
      assertEquals(
          brute(network, field.sizeMultiple().get(0), 1), (long) field.halo().get(0), text);
      assertTilesEqualTheWhole(network);
    }
  }

  /** A border as wide as the convolution behind it takes away, or one that is cut off again. */
  private static void bordered(NetworkBuilder b, String name, Random random) {
    int before = random.nextInt(4);
    int after = random.nextInt(4);
    Pad.Mode mode = Pad.Mode.values()[random.nextInt(3)];
    b.layer(new Pad(name + "_border", b.here(), List.of(before), List.of(after), mode));
    if (random.nextInt(4) == 0) {
      b.layer(new Pad(name, b.here(), List.of(-before), List.of(-after), Pad.Mode.ZEROS));
    } else {
      b.padding(Padding.VALID).convolution(name, 1, before + after + 1).padding(Padding.SAME);
    }
  }

  @Test
  void unpaddedNetworksMayBeTiledToo() {
    assertTilesEqualTheWhole(
        line()
            .padding(Padding.VALID)
            .convolution("a", 1, 4)
            .maxPool("p", 2)
            .convolution("b", 1, 3)
            .maxPool("q", 3)
            .build());
  }

  @Test
  void paddingThatFollowsTheSizeIsTakenAtMultiples() {
    // unpadded 3 makes even sizes odd + 1; the strided convolution then pads as for that remainder
    assertTilesEqualTheWhole(
        line()
            .padding(Padding.VALID)
            .convolution("a", 1, 2)
            .padding(Padding.SAME)
            .convolution("b", 1, 4, 3, 1)
            .build());
  }

  @Test
  void vectorsSeeEverything() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c", 4, 3)
            .globalPool("g", PoolingKind.AVERAGE)
            .dense("d", 2)
            .from("c")
            .convolution("map", 1, 3)
            .build("map", "d");
    ReceptiveField field = ReceptiveField.of(network);
    assertTrue(field.everything());
    assertEquals(List.of(2, 2), field.halo());
    assertFalse(ReceptiveField.of(network, "map").everything());
  }

  /** Two kernels of 3, one behind pooling by 2: 1 + 2 * 1 pixels, and the rest of the pair. */
  @Test
  void statisticsOfAMapLeavePlacesWhereTheyAre() {
    NetworkBuilder b = NetworkBuilder.image(1).convolution("a", 4, 3);
    Network without = b.maxPool("p", 2).convolution("c", 4, 3).upsample("u", 2).build();
    Network with =
        NetworkBuilder.image(1)
            .convolution("a", 4, 3)
            .groupNorm(2)
            .maxPool("p", 2)
            .convolution("c", 4, 3)
            .upsample("u", 2)
            .build();
    ReceptiveField field = ReceptiveField.of(with);
    ReceptiveField plain = ReceptiveField.of(without);
    assertTrue(field.everything() && field.placed() && field.isOfParts());
    assertTrue(plain.placed() && !plain.isOfParts());
    assertEquals(plain.halo(), field.halo());
    assertEquals(plain.stride(), field.stride());
    assertEquals(plain.sizeMultiple(), field.sizeMultiple());
    assertEquals(ReceptiveField.sizes(without).get("u"), ReceptiveField.sizes(with).get("u"));
    assertEquals(Set.of("a_gn", "p", "c", "u"), ReceptiveField.amongAll(with));
    assertEquals(Set.of(), ReceptiveField.amongAll(without));
    assertFalse(ReceptiveField.of(with, "a").everything());
  }

  @Test
  void whatIsScaledByFactorsOfAllKeepsItsPlace() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("a", 4, 3, 2, 1)
            .globalPool("g", PoolingKind.AVERAGE)
            .dense("d", 4)
            .from("a")
            .multiply("m", "d")
            .build("m");
    ReceptiveField field = ReceptiveField.of(network);
    assertTrue(field.isOfParts());
    assertEquals(List.of(2.0, 2.0), field.stride());
    assertEquals(Set.of("m"), ReceptiveField.amongAll(network));
    assertFalse(ReceptiveField.of(network, "d").placed());
  }

  @Test
  void layerNormOfChannelsSeesItsPlaceAlone() {
    Network network = NetworkBuilder.image(1).convolution("a", 4, 3).layerNorm().build();
    assertFalse(ReceptiveField.of(network).everything());
    assertEquals(List.of(1, 1), ReceptiveField.of(network).halo());
  }

  @Test
  void endlessGridsAreRefused() {
    NetworkBuilder b = line();
    for (int i = 0; i < 40; i++) b.maxPool("p" + i, 2);
    assertEquals(
        "network: its strides multiply to more than 4096 pixels",
        assertThrows(SpyhopException.class, () -> ReceptiveField.of(b.build())).getMessage());
  }

  /** A value of each channel that is added to all places, as of a style vector. */
  @Test
  void whatIsAddedToAllPlacesHasNone() {
    Network network =
        NetworkBuilder.image(2)
            .maxPool("half", 2)
            .globalPool("mean", Layer.PoolingKind.AVERAGE)
            .from("half")
            .add("sum", "mean")
            .layer(new Formula("f", List.of("mean", "sum"), "x*sigmoid(y)"))
            .build();
    ReceptiveField field = ReceptiveField.of(network);
    assertTrue(field.isOfParts());
    assertEquals(List.of(2.0, 2.0), field.stride());
    assertEquals(List.of(2, 2), field.sizeMultiple());
  }
}

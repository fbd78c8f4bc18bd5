package sc.fiji.spyhop.generate.style;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.engine.Matrix;
import sc.fiji.spyhop.engine.MatrixProduct;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Vectors;

/**
 * How far an image is from showing what one image shows in the way in which another is painted
 * (Gatys, Ecker and Bethge 2016). Content: the squared difference of maps F from those P of the
 * content image, as a share of the sum of squares of P. Style: the squared difference of their Gram
 * matrices G = F F' / positions from those A of the style image, as a share of the sum of squares
 * of A, so that the images may differ in size and every layer of every network counts alike. Where
 * Gatys et al. divide by constants, these shares are constants, too: of each image and layer.
 */
final class StyleLoss {

  /** Maps or matrix to be met, and the weight of a squared difference from it. */
  private record Target(float[] values, double weight) {

    static Target of(float[] values, double weight) {
      double squares = 0;
      for (float v : values) squares += (double) v * v;
      return new Target(values, squares > 0 ? weight / squares : 0);
    }
  }

  private final Map<String, Target> content = new LinkedHashMap<>();
  private final Map<String, Target> style = new LinkedHashMap<>();
  private final double strength;
  private final MatrixProduct products;
  private double contentLoss;
  private double styleLoss;

  /**
   * @param contentMaps what a network makes of the content image, of all content layers
   * @param styleMaps what it makes of the style image, of all style layers
   * @param strength of the style
   * @param products what multiplies matrices
   */
  StyleLoss(
      StyleLayers layers,
      Map<String, Tensor> contentMaps,
      Map<String, Tensor> styleMaps,
      double strength,
      MatrixProduct products) {
    this.strength = strength;
    this.products = products;
    layers
        .content()
        .forEach((name, w) -> content.put(name, Target.of(contentMaps.get(name).data(), w)));
    layers.style().forEach((name, w) -> style.put(name, Target.of(gram(styleMaps.get(name)), w)));
  }

  /** The mean over positions of the product of each two channels, channels x channels. */
  private float[] gram(Tensor maps) {
    int channels = maps.size('C');
    float[] gram = new float[channels * channels];
    Matrix all = Matrix.of(maps.data(), channels);
    products.add(1f / all.columns(), all, all.transposed(), gram);
    return gram;
  }

  /**
   * Gradient of content plus strength times style with respect to all layers.
   *
   * @param maps what the network makes of an image, [1, channels, height, width] of each layer
   */
  Map<String, Tensor> slopes(Map<String, Tensor> maps) {
    contentLoss = 0;
    styleLoss = 0;
    Map<String, Tensor> slopes = new LinkedHashMap<>();
    maps.forEach(
        (name, map) -> {
          float[] slope = new float[map.length()];
          if (content.containsKey(name)) addContent(content.get(name), map.data(), slope);
          if (style.containsKey(name)) addStyle(style.get(name), map, slope);
          slopes.put(name, new Tensor(map.axes(), map.shape(), slope));
        });
    return slopes;
  }

  private void addContent(Target target, float[] map, float[] slope) {
    Vectors.addTimes(slope, 2 * target.weight(), map);
    Vectors.addTimes(slope, -2 * target.weight(), target.values());
    double squares = Vectors.squaredDistance(map, target.values());
    contentLoss += target.weight() * squares;
  }

  private void addStyle(Target target, Tensor map, float[] slope) {
    int channels = map.size('C');
    float[] difference = gram(map);
    Vectors.addTimes(difference, -1, target.values());
    double squares = Vectors.dot(difference, difference);
    int positions = map.length() / channels;
    double factor = 4 * strength * target.weight() / positions;
    products.add(
        (float) factor, Matrix.of(difference, channels), Matrix.of(map.data(), channels), slope);
    styleLoss += target.weight() * squares;
  }

  /** Of the image that was last asked about. */
  double content() {
    return contentLoss;
  }

  /** The same, without its strength. */
  double style() {
    return styleLoss;
  }
}

package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sc.fiji.spyhop.generate.fooling.Cppn.Function;
import sc.fiji.spyhop.generate.fooling.Cppn.Link;
import sc.fiji.spyhop.generate.fooling.Cppn.Node;

/**
 * Pictures that networks paint which grow, in the way of NEAT (Stanley and Miikkulainen 2002):
 * weights change, and now and then there is another link, another node or another function. A
 * network gives grey, or hue, saturation and brightness where channels are colours, or a value for
 * each channel.
 */
record CppnGenomes(Canvas canvas) implements Genomes<Cppn> {

  /** Largest weight. */
  private static final double REACH = 6;

  private static final double CHANGED_WEIGHTS = 0.3;
  private static final double STRENGTH = 10;
  private static final double NEW_NODE = 0.2;
  private static final double NEW_LINK = 0.3;
  private static final double LOST_LINK = 0.1;
  private static final double OTHER_FUNCTION = 0.2;
  private static final int MAX_NODES = 40;

  /** All inputs lead to all outputs. */
  @Override
  public Cppn random(Random random) {
    List<Node> nodes = new ArrayList<>();
    for (int o = 0; o < canvas.channels(); o++) {
      List<Link> links = new ArrayList<>();
      for (int i = 0; i < Cppn.INPUTS; i++) links.add(new Link(i, weight(random)));
      nodes.add(new Node(function(random), links));
    }
    return new Cppn(nodes, nodes.size());
  }

  private static double weight(Random random) {
    return (2 * random.nextDouble() - 1) * REACH / 2;
  }

  private static Function function(Random random) {
    return Function.values()[random.nextInt(Function.values().length)];
  }

  @Override
  public Cppn mutated(Cppn parent, Random random, int generation) {
    Cppn child = weights(parent, random);
    if (random.nextDouble() < OTHER_FUNCTION) {
      int i = random.nextInt(child.nodes().size());
      child = child.with(i, new Node(function(random), child.nodes().get(i).links()));
    }
    if (random.nextDouble() < NEW_LINK) child = linked(child, random);
    if (random.nextDouble() < LOST_LINK) child = unlinked(child, random);
    if (random.nextDouble() < NEW_NODE && child.nodes().size() < MAX_NODES) {
      int i = random.nextInt(child.nodes().size());
      int links = child.nodes().get(i).links().size();
      if (links > 0) child = child.split(i, random.nextInt(links), function(random));
    }
    return child;
  }

  private static Cppn weights(Cppn parent, Random random) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : parent.nodes()) {
      List<Link> links = new ArrayList<>();
      for (Link l : node.links()) {
        boolean changes = random.nextDouble() < CHANGED_WEIGHTS;
        double u = random.nextDouble();
        double weight =
            changes ? PolynomialMutation.of(l.weight(), -REACH, REACH, STRENGTH, u) : l.weight();
        links.add(new Link(l.from(), weight));
      }
      nodes.add(new Node(node.function(), links));
    }
    return new Cppn(nodes, parent.outputs());
  }

  private static Cppn linked(Cppn cppn, Random random) {
    int i = random.nextInt(cppn.nodes().size());
    Node node = cppn.nodes().get(i);
    List<Link> links = new ArrayList<>(node.links());
    int from = random.nextInt(Cppn.INPUTS + Math.min(i, cppn.hidden()));
    links.removeIf(l -> l.from() == from);
    links.add(new Link(from, weight(random)));
    return cppn.with(i, new Node(node.function(), links));
  }

  private static Cppn unlinked(Cppn cppn, Random random) {
    int i = random.nextInt(cppn.nodes().size());
    Node node = cppn.nodes().get(i);
    if (node.links().size() < 2) return cppn;
    List<Link> links = new ArrayList<>(node.links());
    links.remove(random.nextInt(links.size()));
    return cppn.with(i, new Node(node.function(), links));
  }

  @Override
  public float[] picture(Cppn cppn) {
    int w = canvas.width();
    int h = canvas.height();
    int area = w * h;
    double half = Math.max(w, h) / 2.0;
    double[] x = new double[area];
    double[] y = new double[area];
    for (int i = 0; i < area; i++) {
      x[i] = (i % w + 0.5 - w / 2.0) / half;
      y[i] = (i / w + 0.5 - h / 2.0) / half;
    }
    double[][] out = cppn.at(x, y);
    float[] picture = new float[canvas.length()];
    for (int i = 0; i < area; i++) {
      double[] value = new double[out.length];
      for (int c = 0; c < out.length; c++) value[c] = (out[c][i] + 1) / 2;
      if (canvas.isColor()) value = color(value[0], value[1], value[2]);
      for (int c = 0; c < out.length; c++) {
        picture[c * area + i] = (float) (value[c] * canvas.white());
      }
    }
    return canvas.rounded(picture);
  }

  /**
   * Red, green and blue.
   *
   * @param hue once around the colours, 0 to 1, as saturation and brightness
   */
  static double[] color(double hue, double saturation, double brightness) {
    double[] color = new double[3];
    for (int c = 0; c < 3; c++) {
      // 1 within a sixth of the colour's own hue, 0 from a third on
      double around = 6 * (hue + 1 - c / 3.0);
      double away = Math.abs(around % 6 - 3);
      double share = Math.max(0, Math.min(1, away - 1));
      color[c] = brightness * (1 - saturation * (1 - share));
    }
    return color;
  }
}

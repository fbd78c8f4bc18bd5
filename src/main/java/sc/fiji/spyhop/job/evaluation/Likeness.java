package sc.fiji.spyhop.job.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.metrics.FrechetDistance;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * How like real images generated ones are, by what a classifier says of both.
 *
 * @param images how many were generated
 * @param real how many real ones they are held against
 * @param sureness mean probability of the class that each generated image most likely is of
 * @param shares of the generated images by class, in the order of the classifier's
 * @param layer whose activations are compared
 * @param distance Fréchet distance of these activations
 */
public record Likeness(
    int images, int real, double sureness, List<Double> shares, String layer, double distance) {

  private static final int BATCH = 64;

  /** Activations of all images, and what is said of them. */
  private record Said(double[][] features, double[][] probabilities) {}

  /**
   * Asks a classifier of one size of images, or images that are all of one size.
   *
   * @throws SpyhopException if its network has one layer with weights alone, or cannot be shown the
   *     images
   */
  public static Likeness of(
      Runner<ClassScores> classifier, Dataset<?> made, Dataset<?> real, Progress progress) {
    String layer = features(classifier.model().network());
    Said ofMade = look(classifier, layer, made, progress.part(0, 2));
    Said ofReal = look(classifier, layer, real, progress.part(1, 2));
    int classes = classifier.spec().names().size();
    double[] shares = new double[classes];
    double sure = 0;
    for (double[] p : ofMade.probabilities) {
      int best = 0;
      for (int k = 1; k < classes; k++) if (p[k] > p[best]) best = k;
      shares[best] += 1.0 / made.size();
      sure += p[best] / made.size();
    }
    List<Double> all = new ArrayList<>();
    for (double share : shares) all.add(share);
    return new Likeness(
        made.size(),
        real.size(),
        sure,
        List.copyOf(all),
        layer,
        FrechetDistance.between(ofMade.features, ofReal.features));
  }

  /** What goes into the last layer with weights. */
  private static String features(Network network) {
    List<Layer> layers = network.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      if (!(layers.get(i) instanceof Weighted last)) continue;
      String before = last.inputs().get(0);
      if (network.inputs().stream().noneMatch(in -> in.name().equals(before))) return before;
      break;
    }
    throw new SpyhopException(
        "Expected a classifier with several layers, whose last but one tells what is in an image.");
  }

  private static Said look(
      Runner<ClassScores> classifier, String layer, Dataset<?> images, Progress progress) {
    String output = classifier.model().network().outputs().get(0);
    double[][] features = new double[images.size()][];
    double[][] probabilities = new double[images.size()][];
    for (int from = 0; from < images.size(); from += BATCH) {
      progress.checkCancelled();
      progress.update("Looking at images", from, images.size());
      int to = Math.min(images.size(), from + BATCH);
      List<Tensor> shown = new ArrayList<>();
      for (int i = from; i < to; i++) {
        classifier.spec().requireChannels(images.get(i).frame());
        shown.add(classifier.spec().input().read(images.get(i).frame()));
      }
      Map<String, Tensor> found =
          classifier.activations(
              Tensor.concatenate(shown.toArray(new Tensor[0])), List.of(layer, output));
      for (int i = from; i < to; i++) {
        features[i] = channels(found.get(layer), i - from);
        probabilities[i] = channels(found.get(output), i - from);
      }
    }
    progress.update("Looking at images", images.size(), images.size());
    return new Said(features, probabilities);
  }

  /** Of one image, means over its places. */
  private static double[] channels(Tensor t, int image) {
    int channels = t.size('C');
    int plane = t.length() / t.size(0) / channels;
    double[] means = new double[channels];
    for (int c = 0; c < channels; c++) {
      int first = (image * channels + c) * plane;
      for (int i = 0; i < plane; i++) means[c] += t.data()[first + i] / plane;
    }
    return means;
  }
}

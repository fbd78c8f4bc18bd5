package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.image.GaussianBlur;
import sc.fiji.spyhop.prediction.ClassScores;

/**
 * Climbs from a ground to pictures of which the model is sure, each for its own class.
 *
 * @param ground value of each channel to which regularization draws, such as the mean of the images
 *     that the model learned from
 */
record GradientAscent(FoolingMethod.Ascent how, Canvas canvas, double... ground) {

  /** A picture on its way, not rounded. */
  private static final class Climber {
    final int position;
    float[] place;

    Climber(int position, float... place) {
      this.position = position;
      this.place = place;
    }
  }

  /**
   * Climbs until the model is sure of all classes, steps are over, or it is cancelled.
   *
   * @param elites empty
   * @return the last step, from 0
   */
  int run(Classifier classifier, Elites<float[]> elites, double sure, Search search) {
    Random random = new Random(search.seed());
    List<Climber> climbers = new ArrayList<>();
    for (int i = 0; i < elites.classes().size(); i++) climbers.add(new Climber(i, start(random)));
    int step = 0;
    while (true) {
      List<float[]> pictures = climbers.stream().map(c -> canvas.rounded(c.place.clone())).toList();
      List<ClassScores> said;
      try {
        said = classifier.look(pictures, search.progress());
      } catch (CancellationException e) {
        return Math.max(0, step - 1);
      }
      for (int i = 0; i < climbers.size(); i++) {
        elites.offer(climbers.get(i).position, pictures.get(i), pictures.get(i), said.get(i), step);
      }
      if (!search.goesOn(step, elites, sure)) return step;
      step++;
      climb(classifier, elites, climbers, pictures, said, step);
    }
  }

  private void climb(
      Classifier classifier,
      Elites<float[]> elites,
      List<Climber> climbers,
      List<float[]> pictures,
      List<ClassScores> said,
      int step) {
    List<Climber> left = new ArrayList<>();
    List<float[]> places = new ArrayList<>();
    List<ClassScores> scores = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < climbers.size(); i++) {
      Climber climber = climbers.get(i);
      if (elites.isFound(climber.position)) continue;
      left.add(climber);
      places.add(pictures.get(i));
      scores.add(said.get(i));
      classes.add(elites.classes().get(climber.position));
    }
    List<float[]> slopes = classifier.gradients(places, scores, classes);
    for (int i = 0; i < left.size(); i++) {
      left.get(i).place = stepped(left.get(i).place, slopes.get(i), step);
    }
    climbers.clear();
    climbers.addAll(left);
  }

  private float[] start(Random random) {
    float[] picture = new float[canvas.length()];
    int area = canvas.width() * canvas.height();
    for (int i = 0; i < picture.length; i++) {
      picture[i] =
          (float) (ground[i / area] + how.noise() * canvas.white() * random.nextGaussian());
    }
    return inside(picture);
  }

  private float[] inside(float... picture) {
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (float) Math.max(0, Math.min(canvas.white(), picture[i]));
    }
    return picture;
  }

  /**
   * One step uphill, and regularization.
   *
   * @param picture pixel values, not rounded
   * @param slope of the same length
   * @param step from 1
   */
  float[] stepped(float[] picture, float[] slope, int step) {
    int area = canvas.width() * canvas.height();
    double square = 0;
    for (float s : slope) square += (double) s * s;
    double root = Math.sqrt(square / slope.length);
    double length = root > 0 ? how.rate() * canvas.white() / root : 0;
    float[] away = new float[picture.length];
    for (int i = 0; i < away.length; i++) {
      double moved = picture[i] + length * slope[i] - ground[i / area];
      away[i] = (float) (moved * (1 - how.decay()));
    }
    if (how.blur() > 0 && step % how.every() == 0) blur(away);
    if (how.clip() > 0) clip(away);
    for (int i = 0; i < away.length; i++) away[i] += (float) ground[i / area];
    return inside(away);
  }

  private void blur(float... away) {
    int area = canvas.width() * canvas.height();
    for (int c = 0; c < canvas.channels(); c++) {
      float[] plane = Arrays.copyOfRange(away, c * area, (c + 1) * area);
      float[] smooth = GaussianBlur.of(plane, canvas.width(), canvas.height(), how.blur());
      System.arraycopy(smooth, 0, away, c * area, area);
    }
  }

  /** Pixels that differ least from the ground become ground. */
  private void clip(float... away) {
    int area = canvas.width() * canvas.height();
    double[] norms = new double[area];
    for (int i = 0; i < away.length; i++) norms[i % area] += (double) away[i] * away[i];
    double[] sorted = norms.clone();
    Arrays.sort(sorted);
    double least = sorted[(int) (how.clip() * area)];
    for (int i = 0; i < away.length; i++) if (norms[i % area] < least) away[i] = 0;
  }
}

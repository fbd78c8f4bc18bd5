package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;

/**
 * Chooses where to cut crops: near an object drawn from all objects of a set, so that crowded
 * images are seen more often than empty ones, or anywhere. Immutable; safe for use by several
 * threads.
 */
public final class CropSampler {

  /**
   * Where to cut.
   *
   * @param image position in the set
   * @param x column of the middle of the crop; integers are centres of pixels
   * @param y row
   */
  public record Site(int image, double x, double y) {}

  /** How far the middle of a crop may lie from the object's pixel, as a share of the crop. */
  private static final double JITTER = 0.4;

  private static final int TRIES = 64;

  /**
   * A region of an image.
   *
   * @param type class of the object, or {@link ObjectClasses#UNKNOWN}
   */
  private record Place(int image, Regions.Region region, int type) {}

  private final List<int[]> sizes;
  private final List<Place> places;
  private final double[] cumulative;
  private final int crop;
  private final double objectShare;

  /** Absent: all pixels are labelled. */
  private final Optional<IntPredicate> ignored;

  private CropSampler(
      List<int[]> sizes,
      List<Place> places,
      double[] cumulative,
      int crop,
      double objectShare,
      Optional<IntPredicate> ignored) {
    this.ignored = ignored;
    this.sizes = sizes;
    this.places = places;
    this.cumulative = cumulative;
    this.crop = crop;
    this.objectShare = objectShare;
  }

  /** Takes in the truth of a set, one image after the other. */
  public static final class Builder {
    private final boolean objects;
    private final IntPredicate ignored;
    private final List<int[]> sizes = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private boolean sparse;
    private int objectCount;

    /**
     * Takes in label images one by one.
     *
     * @param objects true: labels number objects, and every object is as likely as any other; where
     *     they have classes, every class is as likely, and within a class every object; false:
     *     labels are classes, every class but 0 is as likely as any other, and within a class every
     *     pixel
     * @param ignored labels that no crop is placed at
     */
    public Builder(boolean objects, IntPredicate ignored) {
      this.objects = objects;
      this.ignored = ignored;
    }

    /** The truth of the next image of the set. */
    public void add(LabelMap truth) {
      Set<Integer> labels = new HashSet<>();
      for (Regions.Region region : Regions.of(truth).list()) {
        if (ignored.test(region.label())) continue;
        places.add(new Place(sizes.size(), region, truth.classes().of(region.label())));
        labels.add(region.label());
      }
      objectCount += labels.size();
      for (int i = 0; i < truth.size() && !sparse; i++) sparse = ignored.test(truth.get(i));
      sizes.add(new int[] {truth.width(), truth.height()});
    }

    /** All objects together weigh their number; one without a class, among such that have, 1. */
    private double weight(Place place, Map<Integer, Integer> ofTypes) {
      if (place.type == ObjectClasses.UNKNOWN) return 1;
      int unknown = ofTypes.getOrDefault(ObjectClasses.UNKNOWN, 0);
      int types = ofTypes.size() - (unknown > 0 ? 1 : 0);
      return (places.size() - unknown) / ((double) types * ofTypes.get(place.type));
    }

    /** Number of objects, in however many parts, or of connected regions of a class. */
    public int objects() {
      return objects ? objectCount : places.size();
    }

    /**
     * Makes a sampler of what was added.
     *
     * @param crop width and height of a crop
     * @param objectShare share of the crops near an object, in [0, 1]
     */
    public CropSampler build(int crop, double objectShare) {
      Map<Integer, Long> areas = new HashMap<>();
      for (Place p : places) areas.merge(p.region.label(), p.region.area(), Long::sum);
      Map<Integer, Integer> ofTypes = new HashMap<>();
      for (Place p : places) ofTypes.merge(p.type, 1, Integer::sum);
      double[] cumulative = new double[places.size()];
      double sum = 0;
      for (int i = 0; i < cumulative.length; i++) {
        Regions.Region region = places.get(i).region;
        sum +=
            objects
                ? weight(places.get(i), ofTypes)
                : (double) region.area() / areas.get(region.label());
        cumulative[i] = sum;
      }
      return new CropSampler(
          List.copyOf(sizes),
          List.copyOf(places),
          cumulative,
          crop,
          objectShare,
          sparse ? Optional.of(ignored) : Optional.empty());
    }
  }

  /**
   * Draws a site.
   *
   * @param truth of an image of the set, by position
   */
  public Site draw(IntFunction<LabelMap> truth, RandomGenerator random) {
    boolean near = random.nextDouble() < objectShare && !places.isEmpty();
    if (!near) {
      return anywhere(truth, random);
    }
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    Place place = places.get(Math.min(places.size() - 1, found < 0 ? -found - 1 : found + 1));
    Regions.Region r = place.region;
    LabelMap labels = truth.apply(place.image);
    int x = (r.left() + r.right()) / 2;
    int y = (r.top() + r.bottom()) / 2;
    for (int i = 0; i < TRIES; i++) {
      int u = r.left() + random.nextInt(r.right() - r.left() + 1);
      int v = r.top() + random.nextInt(r.bottom() - r.top() + 1);
      if (labels.get(u, v) == r.label()) {
        x = u;
        y = v;
        break;
      }
    }
    double reach = JITTER * crop;
    return site(
        place.image,
        x + reach * (2 * random.nextDouble() - 1),
        y + reach * (2 * random.nextDouble() - 1));
  }

  /** At any pixel that is labelled, if that is found soon. */
  private Site anywhere(IntFunction<LabelMap> truth, RandomGenerator random) {
    for (int i = 1; ; i++) {
      int image = random.nextInt(sizes.size());
      int[] size = sizes.get(image);
      int x = random.nextInt(size[0]);
      int y = random.nextInt(size[1]);
      if (i == TRIES || ignored.isEmpty()) return site(image, x, y);
      if (!ignored.get().test(truth.apply(image).get(x, y))) return site(image, x, y);
    }
  }

  private Site site(int image, double x, double y) {
    int[] size = sizes.get(image);
    return new Site(image, inside(x, size[0]), inside(y, size[1]));
  }

  /** Keeps the crop within the image; in the middle if it is larger. */
  private double inside(double middle, int length) {
    double half = (crop - 1) / 2.0;
    double last = length - 1 - half;
    return last <= half ? (length - 1) / 2.0 : Math.max(half, Math.min(last, middle));
  }
}

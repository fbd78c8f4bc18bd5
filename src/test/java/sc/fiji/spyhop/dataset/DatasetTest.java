package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Strings;

class DatasetTest {

  private static Sample<LabelMap> sample(String name) {
    return new Sample<>(
        new Frame(name, ArrayImgs.unsignedBytes(4, 3, 1), PixelSize.UNCALIBRATED),
        new LabelMap(4, 3));
  }

  private static Dataset<LabelMap> named(List<String> names) {
    return Dataset.ofSamples(names.stream().map(DatasetTest::sample).toList());
  }

  private static List<String> names(int n) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < n; i++) names.add(Strings.format("image%02d", i));
    return names;
  }

  @Test
  void samplesAreReadOnceWhileTheyFit() {
    AtomicInteger reads = new AtomicInteger();
    Dataset<LabelMap> set =
        Dataset.of(
            List.of(
                new Dataset.Entry<>(
                    "a",
                    () -> {
                      reads.incrementAndGet();
                      return sample("a");
                    })));
    assertEquals(0, reads.get());
    assertSame(set.get(0), set.get(0));
    assertSame(set.get(0), set.select(List.of(0)).get(0));
    assertEquals(1, reads.get());
  }

  @Test
  void theCacheDropsWhatWasUsedLongestAgo() {
    BoundedCache<Integer, int[]> cache = new BoundedCache<>(30, v -> v.length);
    int[] one = cache.get(1, k -> new int[10]);
    int[] two = cache.get(2, k -> new int[10]);
    cache.get(3, k -> new int[10]);
    assertSame(one, cache.get(1, k -> new int[10]));
    cache.get(4, k -> new int[10]);
    assertSame(one, cache.get(1, k -> new int[10]));
    assertNotEquals(two, cache.get(2, k -> new int[10]));
    int[] large = cache.get(5, k -> new int[31]);
    assertNotEquals(large, cache.get(5, k -> new int[31]));
  }

  private static Split<LabelMap> split(Dataset<LabelMap> all, double fraction, long seed) {
    return new Splitter(Grouping.BY_NAME, fraction, seed).split(all, note -> {});
  }

  @Test
  void aSplitSharesNoImageAndDoesNotDependOnTheOrderOfTheSet() {
    Split<LabelMap> split = split(named(names(20)), 0.2, 7);
    assertEquals(4, split.validation().size());
    Set<String> all = new HashSet<>(split.train().names());
    all.addAll(split.validation().names());
    assertEquals(20, all.size());
    List<String> shuffled = names(20);
    Collections.reverse(shuffled);
    assertEquals(
        new HashSet<>(split.validation().names()),
        new HashSet<>(split(named(shuffled), 0.2, 7).validation().names()));
    assertNotEquals(
        split.validation().names(), split(named(names(20)), 0.2, 8).validation().names());
  }

  @Test
  void smallSetsKeepAtLeastOneImageForEachPart() {
    assertEquals(1, split(named(names(2)), 0.1, 1).validation().size());
    assertEquals(1, split(named(names(2)), 0.9, 1).train().size());
    assertEquals(0, split(named(names(1)), 0.5, 1).validation().size());
    assertEquals(0, split(named(names(9)), 0, 1).validation().size());
  }

  @Test
  void namesHaveToDiffer() {
    assertThrows(SpyhopException.class, () -> named(List.of("a", "a")));
  }

  /** Two images: one object of 4 pixels in the first, three of 1 pixel in the second. */
  private static List<LabelMap> truths() {
    LabelMap first = new LabelMap(100, 100);
    for (int i = 0; i < 4; i++) first.set(50 + i % 2, 50 + i / 2, 1);
    LabelMap second = new LabelMap(100, 60);
    second.set(10, 10, 1);
    second.set(50, 30, 2);
    second.set(90, 50, 2);
    return List.of(first, second);
  }

  private static int[] histogram(boolean objects, double share) {
    CropSampler.Builder builder = new CropSampler.Builder(objects, label -> false);
    truths().forEach(builder::add);
    // one object of the second image is in two parts
    assertEquals(objects ? 3 : 4, builder.objects());
    CropSampler sampler = builder.build(20, share);
    int[] count = new int[2];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 4000; i++) {
      CropSampler.Site site = sampler.draw(truths()::get, random);
      count[site.image()]++;
      assertTrue(site.x() >= 9.5 && site.x() <= 89.5);
      assertTrue(site.y() >= 9.5 && site.y() <= (site.image() == 0 ? 89.5 : 49.5));
      if (share == 1 && site.image() == 0) {
        assertTrue(Math.abs(site.x() - 50.5) <= 8.5 && Math.abs(site.y() - 50.5) <= 8.5);
      }
    }
    return count;
  }

  @Test
  void everyObjectIsAsLikelyAsAnyOther() {
    assertEquals(1000, histogram(true, 1)[0], 120);
    assertEquals(2000, histogram(true, 0)[0], 150);
  }

  /** Class 1: 4 of 5 pixels in the first image; class 2 in the second only: 1/2 * 4/5. */
  @Test
  void everyClassIsAsLikelyAsAnyOther() {
    assertEquals(1600, histogram(false, 1)[0], 140);
  }

  @Test
  void imagesSmallerThanTheCropAreCutAtTheirMiddle() {
    CropSampler.Builder builder = new CropSampler.Builder(true, label -> false);
    builder.add(new LabelMap(10, 300));
    CropSampler.Site site = builder.build(64, 1).draw(i -> null, new SplittableRandom(1));
    assertEquals(4.5, site.x());
    assertTrue(site.y() >= 31.5 && site.y() <= 267.5);
  }

  private static String refused(Annotation truth) {
    Frame frame = Frame.of(ArrayImgs.unsignedBytes(16, 12)).withName("cells");
    return assertThrows(SpyhopException.class, () -> Sample.of(frame, truth)).getMessage();
  }

  private static Annotation box(ImageSize size, double x, double y) {
    return new Annotation(
        size,
        List.of(new LocalizedObject(new Box(x, y, 4, 4), "cell", 1, java.util.Optional.empty())),
        List.of());
  }

  @Test
  void annotationsFitTheirImage() {
    assertEquals(
        "cells: expected an annotation of an image of 16 x 12 pixels, received one of 160 x 120.",
        refused(Annotation.empty(new ImageSize(160, 120))));
    ImageSize size = new ImageSize(16, 12);
    for (double[] at : new double[][] {{16, 0}, {0, 12}, {-4, 0}, {0, -4}}) {
      String said = refused(box(size, at[0], at[1]));
      assertTrue(said.startsWith("cells: expected boxes that touch the image of 16 x 12"), said);
    }
    Frame frame = Frame.of(ArrayImgs.unsignedBytes(16, 12));
    for (double[] at : new double[][] {{15, 11}, {-3, -3}}) {
      Annotation truth = box(size, at[0], at[1]);
      assertEquals(truth, Sample.of(frame, truth).truth());
    }
  }

  @Test
  void sharesOfASplitAreBelowOne() {
    Dataset<LabelMap> set = named(names(4));
    for (double share : new double[] {2, 1, -1, Double.NaN}) {
      assertThrows(SpyhopException.class, () -> set.split(share, 1));
    }
    assertEquals(1, set.split(0.25, 1).validation().size());
  }
}

package sc.fiji.spyhop.ij.annotation;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * The areas of a plane as a label map: background first, then the larger ones below the smaller.
 *
 * @param labels 0 for background, {@link LabelMap#UNLABELLED} where nothing was drawn and not
 *     everything is labelled; else numbers of objects from 1, or of classes
 * @param pixels of each area, by its position in the plane's list
 * @param overlaps pixels that two areas share, both being no background, by their positions, the
 *     earlier one first
 */
record Painter(LabelMap labels, List<Long> pixels, Map<List<Integer>, Long> overlaps) {

  /**
   * Paints a plane.
   *
   * @param classes names of labels 0, 1, ...; empty: every area is an object
   * @param complete whether all that is not drawn is background
   */
  static Painter paint(
      ImagePlus image, List<Marks.Area> areas, List<String> classes, boolean complete) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (areas.size() >= UnknownLabels.WRITTEN) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected fewer than 65,535 areas in a slice, received %d.",
              image.getTitle(), areas.size()));
    }
    LabelMap labels = LabelMap.sized(width, height, complete ? 0 : LabelMap.UNLABELLED);
    if (!complete) for (int i = 0; i < labels.size(); i++) labels.set(i, LabelMap.UNLABELLED);
    int[] owner = new int[labels.size()];
    List<Long> pixels = new ArrayList<>();
    for (Marks.Area area : areas) pixels.add(count(area.roi(), image));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < areas.size(); i++) order.add(i);
    order.sort(
        Comparator.comparing((Integer i) -> !areas.get(i).isBackground())
            .thenComparing(i -> -pixels.get(i)));
    Map<List<Integer>, Long> overlaps = new LinkedHashMap<>();
    int objects = 0;
    int[] numbers = new int[areas.size()];
    for (int i = 0; i < areas.size(); i++) {
      if (!areas.get(i).isBackground()) numbers[i] = ++objects;
    }
    for (int i : order) {
      Marks.Area area = areas.get(i);
      boolean background = area.isBackground();
      int label = background ? 0 : classes.isEmpty() ? numbers[i] : number(area, classes);
      visit(
          area.roi(),
          image,
          at -> {
            labels.set(at, label);
            if (background) return;
            if (owner[at] > 0) {
              int other = owner[at] - 1;
              overlaps.merge(List.of(Math.min(i, other), Math.max(i, other)), 1L, Long::sum);
            }
            owner[at] = i + 1;
          });
    }
    return new Painter(labels, List.copyOf(pixels), overlaps);
  }

  private static int number(Marks.Area area, List<String> classes) {
    int number = classes.indexOf(area.type());
    if (number >= 0) return number;
    throw new SpyhopException(
        Strings.format(
            "Area \"%s\": expected one of the classes %s. Rename it, or name its class too.",
            area.type(), String.join(", ", classes)));
  }

  private static long count(Roi roi, ImagePlus image) {
    long[] count = {0};
    visit(roi, image, at -> count[0]++);
    return count[0];
  }

  private interface Visitor {
    void at(int index);
  }

  private static void visit(Roi roi, ImagePlus image, Visitor visitor) {
    Rectangle bounds = roi.getBounds();
    Rectangle inside = Marks.inside(roi, image);
    ImageProcessor mask = roi.getMask();
    for (int y = inside.y; y < inside.y + inside.height; y++) {
      for (int x = inside.x; x < inside.x + inside.width; x++) {
        if (Marks.contains(mask, bounds, x, y)) visitor.at(y * image.getWidth() + x);
      }
    }
  }
}

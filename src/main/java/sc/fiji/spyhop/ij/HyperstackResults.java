package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * What is said of each slice and time point of an image.
 *
 * @param planes by time point, then slice
 * @param <R> what is said of one
 */
public record HyperstackResults<R>(ImagePlus image, List<Plane<R>> planes) {

  /**
   * One plane.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public record Plane<R>(int z, int t, R result) {}

  /**
   * Regions in a part of a plane.
   *
   * @param name what their names begin with
   * @param x column where labels begin
   * @param y row where labels begin
   * @param names of the regions
   */
  public record PlacedRegions(String name, int x, int y, Segmentation found, RegionNames names) {

    /** Outlines with names, places and colours; those that have classes as these. */
    private List<Roi> outlines() {
      SortedMap<Integer, Roi> traced = Rois.trace(found);
      List<Roi> rois = new ArrayList<>();
      for (Segment s : found.segments()) {
        Roi roi = traced.get(s.label());
        roi.setLocation(roi.getXBase() + x, roi.getYBase() + y);
        String type = names.of(s);
        roi.setName(name + " " + s.label() + (s.classes().isPresent() ? "-" + type : ""));
        s.classes().ifPresent(c -> AnnotationRois.setClass(roi, type, c));
        roi.setStrokeColor(LabelImages.color(s.classes().map(c -> c.best() + 1).orElse(s.label())));
        rois.add(roi);
      }
      return rois;
    }
  }

  /** Copies the list. */
  public HyperstackResults {
    planes = List.copyOf(planes);
  }

  /** Predicts something for a plane. */
  @FunctionalInterface
  public interface Look<R> {
    /**
     * Looks at one plane.
     *
     * @param z slice, from 1
     * @param t time point, from 1
     * @param progress is part of the whole
     */
    R at(int z, int t, Frame frame, Progress progress);
  }

  /** As the longer form, where it does not matter which plane it is. */
  public static <R> HyperstackResults<R> run(
      Frames frames, BiFunction<Frame, Progress, R> look, Progress progress) {
    return run(frames, (z, t, frame, part) -> look.apply(frame, part), progress);
  }

  /**
   * Looks plane by plane.
   *
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public static <R> HyperstackResults<R> run(Frames frames, Look<R> look, Progress progress) {
    List<Plane<R>> planes = new ArrayList<>();
    int total = frames.slices() * frames.timePoints();
    for (int t = 1; t <= frames.timePoints(); t++) {
      for (int z = 1; z <= frames.slices(); z++) {
        progress.checkCancelled();
        Progress part = progress.part(planes.size(), total);
        planes.add(new Plane<>(z, t, look.at(z, t, frames.get(z, t), part)));
      }
    }
    return new HyperstackResults<>(frames.image(), planes);
  }

  /**
   * Boxes, points and outlines; see {@link AnnotationRois#of}.
   *
   * @param captions what boxes are called, in their order
   * @param classes all there are, so that each keeps its colour
   */
  public List<Roi> rois(
      Function<R, Annotation> annotation,
      Function<R, List<String>> captions,
      Function<R, List<PlacedRegions>> regions,
      List<String> classes,
      KeypointLayout layout) {
    List<Roi> rois = new ArrayList<>();
    for (Plane<R> p : planes) {
      List<Roi> annotated =
          AnnotationRois.of(annotation.apply(p.result()), classes, layout, image, p.z(), p.t());
      List<String> named = captions.apply(p.result());
      for (int i = 0; i < named.size(); i++) annotated.get(i).setName(named.get(i));
      rois.addAll(annotated);
      for (PlacedRegions placed : regions.apply(p.result())) {
        for (Roi roi : placed.outlines()) {
          Rois.place(roi, image, p.z(), p.t());
          rois.add(roi);
        }
      }
    }
    return rois;
  }

  /** An overlay of regions in this order, the last one on top. */
  public static Overlay overlay(List<Roi> rois) {
    Overlay overlay = new Overlay();
    rois.forEach(overlay::add);
    return overlay;
  }
}

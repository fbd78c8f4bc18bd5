package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;

/**
 * What is in each slice and time point of an image.
 *
 * @param planes by time point, then slice
 */
public record HyperstackAnnotations(ImagePlus image, List<Plane> planes) {

  /**
   * One plane.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public record Plane(int z, int t, Annotation annotation) {}

  /** Says what is in a plane. */
  public interface Look {
    /**
     * @param z slice, from 1
     * @param t time point, from 1
     */
    Annotation at(int z, int t, Frame frame, Progress progress);
  }

  public HyperstackAnnotations {
    planes = List.copyOf(planes);
  }

  /**
   * Looks plane by plane.
   *
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public static HyperstackAnnotations run(Frames frames, Look look, Progress progress) {
    List<Plane> planes = new ArrayList<>();
    int total = frames.slices() * frames.timePoints();
    for (int t = 1; t <= frames.timePoints(); t++) {
      for (int z = 1; z <= frames.slices(); z++) {
        progress.checkCancelled();
        Progress part = progress.part(planes.size(), total);
        planes.add(new Plane(z, t, look.at(z, t, frames.get(z, t), part)));
      }
    }
    return new HyperstackAnnotations(frames.image(), planes);
  }

  public int boxes() {
    return planes.stream().mapToInt(p -> p.annotation().objects().size()).sum();
  }

  /** Number of points that have a place. */
  public int points() {
    return planes.stream()
        .flatMap(p -> p.annotation().poses().stream())
        .mapToInt(p -> p.located().size())
        .sum();
  }

  /** See {@link AnnotationRois#of}. */
  public List<Roi> rois(List<String> classes, KeypointLayout layout) {
    List<Roi> rois = new ArrayList<>();
    for (Plane p : planes) {
      rois.addAll(AnnotationRois.of(p.annotation(), classes, layout, image, p.z(), p.t()));
    }
    return rois;
  }

  public Overlay overlay(List<String> classes, KeypointLayout layout) {
    Overlay overlay = new Overlay();
    rois(classes, layout).forEach(overlay::add);
    return overlay;
  }

  /** For tables of many images. */
  public List<AnnotatedImage> rows(String name, Path file) {
    return planes.stream()
        .map(p -> new AnnotatedImage(name, file, p.z(), p.t(), p.annotation()))
        .toList();
  }
}

package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * The segmentation of an image of any dimensions, slice by slice and time point by time point.
 *
 * @param image what was segmented
 * @param labels label image of the same size, slices, time points and calibration, with one
 *     channel, or where classes may lie over each other one of 8 bits for each, 255 where it is:
 *     16-bit, or 32-bit where a label exceeds 65,535; shown by a lookup table of distinct colours
 * @param frames what was found, by time point, then slice
 * @param names of regions
 */
public record HyperstackSegmentation(
    ImagePlus image, ImagePlus labels, List<SegmentedFrame> frames, RegionNames names) {

  /** Copies the list. */
  public HyperstackSegmentation {
    frames = List.copyOf(frames);
  }

  /** Segments all channels of an image into objects. */
  public static HyperstackSegmentation run(
      ImagePlus image, Function<Frame, Segmentation> segment, Progress progress) {
    return run(
        Frames.of(image),
        RegionNames.OBJECTS,
        (z, t, frame, part) -> {
          Segmentation found = segment.apply(frame);
          part.update(frame.name(), 1, 1);
          return found;
        },
        progress);
  }

  /**
   * Segments frame by frame. Regions are named by class, objects by number and class, such as
   * {@code 0001-live}, or {@code 0001-label} without one, with slice and time point where there are
   * several ({@code 0001-label_z3_t2}). They are coloured like their label; objects that have
   * classes by these, which also are their groups, from 1 on.
   *
   * @param names of regions; objects of classes that are not looked for are left out
   * @param segment from a frame to regions of the same size, of all classes; its progress is part
   *     of the whole
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public static HyperstackSegmentation run(
      Frames frames,
      RegionNames names,
      HyperstackResults.Look<Segmentation> segment,
      Progress progress) {
    ImagePlus image = frames.image();
    HyperstackResults<Labelled> found =
        HyperstackResults.run(
            frames,
            (z, t, frame, part) ->
                labelled(image, frame, z, t, segment.at(z, t, frame, part), names),
            progress);
    List<Object> pixels = new ArrayList<>();
    List<SegmentedFrame> segmented = new ArrayList<>();
    for (HyperstackResults.Plane<Labelled> plane : found.planes()) {
      pixels.addAll(plane.result().pixels());
      segmented.add(plane.result().frame());
    }
    int max =
        segmented.stream()
            .flatMap(f -> f.segments().stream())
            .mapToInt(Segment::label)
            .max()
            .orElse(0);
    boolean masks = !pixels.isEmpty() && pixels.get(0) instanceof byte[];
    return new HyperstackSegmentation(
        image,
        masks ? channels(image, pixels, names) : assemble(image, pixels, max),
        segmented,
        names);
  }

  /**
   * One plane.
   *
   * @param pixels labels, an array; or one for each class, where these may lie over each other
   */
  private record Labelled(List<Object> pixels, SegmentedFrame frame) {}

  /** 255 where each class is. */
  private static List<Object> masks(LabelMap sets, int classes) {
    List<Object> masks = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      byte[] mask = new byte[sets.size()];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = (byte) (Overlaps.has(sets.get(i), c) ? 255 : 0);
      }
      masks.add(mask);
    }
    return masks;
  }

  private static Labelled labelled(
      ImagePlus image, Frame frame, int z, int t, Segmentation found, RegionNames names) {
    LabelMap labels = found.labels();
    if (labels.width() != frame.width() || labels.height() != frame.height()) {
      throw new IllegalStateException(
          Strings.format(
              "%s: expected labels of %d x %d pixels, received %d x %d",
              frame.name(), frame.width(), frame.height(), labels.width(), labels.height()));
    }
    Segmentation kept = found.only(names);
    List<Segment> segments = kept.segments();
    return new Labelled(
        kept.overlapping()
            ? masks(kept.labels(), names.classes().size() - 1)
            : List.of(LabelImages.pixels(kept.labels())),
        new SegmentedFrame(
            z, t, segments, outlines(image, kept, segments, z, t, names), leftOut(found, names)));
  }

  private static List<Roi> leftOut(Segmentation found, RegionNames names) {
    if (names.kept().areAll()) return List.of();
    SortedMap<Integer, Roi> traced = Rois.trace(found);
    return found.segments().stream()
        .filter(s -> !names.keep(s))
        .map(s -> traced.get(s.label()))
        .toList();
  }

  private static List<Roi> outlines(
      ImagePlus image,
      Segmentation found,
      List<Segment> segments,
      int z,
      int t,
      RegionNames names) {
    SortedMap<Integer, Roi> traced = Rois.trace(found);
    String suffix =
        (image.getNSlices() > 1 ? "_z" + z : "") + (image.getNFrames() > 1 ? "_t" + t : "");
    List<Roi> rois = new ArrayList<>(segments.size());
    for (Segment s : segments) {
      Roi roi = traced.get(s.label());
      if (roi == null) {
        throw new IllegalStateException("label " + s.label() + " has a segment but no pixels");
      }
      String type = names.of(s);
      roi.setName((names.areClasses() ? type : objectName(s.label(), type)) + suffix);
      roi.setProperty(AnnotationRois.OF_PIXELS, Digits.six(s.probability()));
      s.score().ifPresent(score -> roi.setProperty("score", Digits.six(score)));
      s.classes().ifPresent(c -> AnnotationRois.setClass(roi, type, c));
      if (found.overlapping()) {
        roi.setProperty(AnnotationRois.CLASS, type);
        roi.setGroup(s.label());
      }
      roi.setStrokeColor(LabelImages.color(s.classes().map(c -> c.best() + 1).orElse(s.label())));
      Rois.place(roi, image, z, t);
      rois.add(roi);
    }
    return rois;
  }

  /** A channel for each class, named and coloured like its outlines. */
  private static ImagePlus channels(ImagePlus image, List<Object> planes, RegionNames names) {
    int channels = names.classes().size() - 1;
    ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
    for (int i = 0; i < planes.size(); i++) {
      stack.addSlice(names.classes().get(1 + i % channels), planes.get(i));
    }
    ImagePlus masks = new ImagePlus(baseName(image.getTitle()) + "_labels", stack);
    masks.setDimensions(channels, image.getNSlices(), image.getNFrames());
    masks.setOpenAsHyperStack(stack.size() > 1);
    Calibration calibration = image.getCalibration().copy();
    calibration.disableDensityCalibration();
    masks.setCalibration(calibration);
    return LabelImages.colorizeMasks(masks);
  }

  private static ImagePlus assemble(ImagePlus image, List<Object> planes, int max) {
    boolean wide = planes.stream().anyMatch(p -> p instanceof float[]);
    ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
    for (int i = 0; i < planes.size(); i++) {
      Object plane = planes.set(i, null);
      stack.addSlice(null, wide && plane instanceof short[] s ? toFloats(s) : plane);
    }
    String title = baseName(image.getTitle()) + "_labels";
    ImagePlus labels =
        stack.size() == 1
            ? new ImagePlus(title, stack.getProcessor(1))
            : new ImagePlus(title, stack);
    labels.setDimensions(1, image.getNSlices(), image.getNFrames());
    labels.setOpenAsHyperStack(image.getNSlices() > 1 && image.getNFrames() > 1);
    Calibration calibration = image.getCalibration().copy();
    calibration.disableDensityCalibration();
    labels.setCalibration(calibration);
    LabelImages.colorize(labels, max);
    return labels;
  }

  private static float[] toFloats(short[] labels) {
    float[] floats = new float[labels.length];
    for (int i = 0; i < labels.length; i++) floats[i] = labels[i] & 0xFFFF;
    return floats;
  }

  private static String baseName(String title) {
    return title.replaceFirst(
        "(?i)\\.(tiff?|png|jpe?g|gif|bmp|dcm|fits?|pgm|npy|zip|avi|lsm)$", "");
  }

  /**
   * Name of the region of an object, but for its slice and time point.
   *
   * @param type its class; empty if it has none
   */
  public static String objectName(int label, String type) {
    return Strings.format("%04d-%s", label, type.isEmpty() ? "label" : type);
  }

  /** How many objects are of each class; empty if they have none. */
  public Map<String, Long> counts() {
    return names.count(frames.stream().flatMap(f -> f.segments().stream()));
  }

  /** Said of images of masks, as text that ImageJ keeps with them. */
  private static final String OF_MASKS =
      "Each channel is a class; classes may lie over each other.";

  /**
   * Whether an image holds masks of classes that may lie over each other, as those written here.
   */
  public static boolean isOfMasks(ImagePlus image) {
    String info = image.getInfoProperty();
    return info != null && info.contains(OF_MASKS);
  }

  /** Keeps with the labels, as text, how they were made. */
  public void tell(String how) {
    labels.setProperty("Info", overlapping() ? how + OF_MASKS + "\n" : how);
  }

  /** Whether regions may lie over each other, so that there is a channel for each class. */
  public boolean overlapping() {
    return labels.getType() == ImagePlus.GRAY8;
  }

  /**
   * Pixels of a plane that are of one class or more.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param wanted which of them count, by their row-major index
   */
  public long covered(int z, int t, IntPredicate wanted) {
    byte[][] masks = new byte[labels.getNChannels()][];
    for (int c = 0; c < masks.length; c++) {
      masks[c] = (byte[]) labels.getStack().getPixels(labels.getStackIndex(c + 1, z, t));
    }
    return IntStream.range(0, masks[0].length)
        .filter(wanted)
        .filter(i -> Arrays.stream(masks).anyMatch(m -> m[i] != 0))
        .count();
  }

  /** Every outline, placed at its slice and time point. */
  public List<Roi> rois() {
    return frames.stream().flatMap(frame -> frame.rois().stream()).toList();
  }

  /** Every outline as an overlay for {@link #image}. */
  public Overlay overlay() {
    return HyperstackResults.overlay(rois());
  }
}

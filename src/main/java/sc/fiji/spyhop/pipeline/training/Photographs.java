package sc.fiji.spyhop.pipeline.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/**
 * Images of one object each, with its box, its keypoints and its class.
 *
 * @param classes of the objects, by name
 * @param keypoints that every object has, at least two
 * @param boxClasses of the boxes
 * @param left what could not be used, a sentence each
 */
public record Photographs(
    List<Photograph> all,
    List<String> classes,
    List<String> keypoints,
    List<String> boxClasses,
    List<String> left) {

  /** One of them. */
  public record Photograph(
      String name, LocalizedObject object, Pose pose, int number, Sampler frame) {

    /** Opens the image, unless it is still in memory. */
    public interface Sampler {
      /**
       * Gives the image.
       *
       * @throws SpyhopException if it cannot be read
       */
      Frame read();
    }

    Keypoint keypoint(String called) {
      return pose.keypoint(called).orElseThrow();
    }
  }

  /**
   * Reads {@code index.csv} (image,class), {@code boxes.csv} and {@code keypoints.csv} of a folder,
   * or boxes and keypoints in any other format beside {@code index.csv}.
   *
   * @throws SpyhopException if nothing can be trained on
   */
  public static Photographs read(Path folder, ImageReader reader) {
    AnnotatedSet set = new AnnotationFiles(reader).open(folder);
    ClassImages identities =
        ClassImages.read(
            folder, Optional.empty(), Optional.empty(), List.of(), ClassImages.Labels.ONE, reader);
    Map<String, Integer> numbers = new HashMap<>();
    List<String> names = identities.samples().names();
    for (int i = 0; i < names.size(); i++)
      numbers.put(stem(names.get(i)), identities.numbers().get(i));
    List<String> keypoints = set.keypoints().names();
    Map<String, Integer> left = new TreeMap<>();
    List<AnnotatedImage> used = new ArrayList<>();
    for (AnnotatedImage image : set.images()) {
      Optional<String> why = hindrance(image, keypoints, numbers);
      if (why.isEmpty()) used.add(image);
      else left.merge(why.get(), 1, Integer::sum);
    }
    List<String> sentences = new ArrayList<>(set.problems().summary());
    left.forEach(
        (why, n) ->
            sentences.add(n + (n == 1 ? " image is" : " images are") + " left out: " + why + "."));
    if (keypoints.size() < 2 || used.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected images with one box, two or more keypoints and a class each (index.csv, boxes.csv, keypoints.csv), received none that can be used. %s",
              folder, String.join(" ", sentences)));
    }
    Dataset<Annotation> frames = set.samples(reader);
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < frames.names().size(); i++) positions.put(frames.names().get(i), i);
    List<Photograph> photographs = new ArrayList<>();
    Set<String> boxClasses = new TreeSet<>();
    for (AnnotatedImage image : used) {
      int at = positions.get(image.name());
      LocalizedObject object = image.annotation().objects().get(0);
      boxClasses.add(object.type());
      photographs.add(
          new Photograph(
              image.name(),
              object,
              image.annotation().poses().get(0),
              numbers.get(stem(image.name())),
              () -> frames.get(at).frame()));
    }
    return new Photographs(
        photographs, identities.classes(), keypoints, List.copyOf(boxClasses), sentences);
  }

  private static Optional<String> hindrance(
      AnnotatedImage image, List<String> keypoints, Map<String, Integer> numbers) {
    Annotation a = image.annotation();
    if (image.z() != 1 || image.t() != 1) return Optional.of("planes of stacks have no class");
    if (!numbers.containsKey(stem(image.name()))) return Optional.of("no class");
    if (a.objects().size() != 1) return Optional.of("not one box");
    if (a.poses().size() != 1) return Optional.of("not the keypoints of one object");
    for (String k : keypoints) {
      if (a.poses().get(0).keypoint(k).filter(Keypoint::isLocated).isEmpty()) {
        return Optional.of("keypoint " + k + " is missing");
      }
    }
    return Optional.empty();
  }

  private static String stem(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /**
   * Opens all once, and leaves those out that cannot be read.
   *
   * @param notes takes a sentence that names the first few of them
   * @throws SpyhopException if none can be read
   */
  Photographs readable(Progress progress, Consumer<String> notes) {
    Split<Annotation> whole = new Split<>(scenes(all), Dataset.of(List.of()));
    Set<String> names = new HashSet<>(ReadableSamples.of(whole, progress, notes).train().names());
    List<Photograph> kept = all.stream().filter(p -> names.contains(p.name())).toList();
    return new Photographs(kept, classes, keypoints, boxClasses, left);
  }

  /** In two parts: to train on, and held out. */
  List<List<Photograph>> split(Splitter splitter, Consumer<String> notes) {
    List<Integer> numbers = all.stream().map(Photograph::number).toList();
    int classes = new HashSet<>(numbers).size();
    Set<Integer> spared =
        splitter.validation(all.stream().map(Photograph::name).toList(), numbers, notes);
    List<Photograph> train = new ArrayList<>();
    List<Photograph> held = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) (spared.contains(i) ? held : train).add(all.get(i));
    if (held.size() < 2 || classes < 2) {
      throw new SpyhopException(
          Strings.format(
              "A pipeline needs two or more classes and two or more images of each: received %d images of %d classes.",
              all.size(), classes));
    }
    return List.of(train, held);
  }

  /** As a set of boxes and keypoints. */
  static Dataset<Annotation> scenes(List<Photograph> photographs) {
    return Dataset.of(
        photographs.stream()
            .map(
                p ->
                    new Dataset.Entry<>(
                        p.name(),
                        () -> {
                          Frame frame = p.frame().read();
                          return new Sample<>(
                              frame,
                              new Annotation(
                                  new sc.fiji.spyhop.prediction.ImageSize(
                                      frame.width(), frame.height()),
                                  List.of(p.object()),
                                  List.of()));
                        }))
            .toList());
  }

  ClassScores truth(Photograph p) {
    return ClassScores.certain(p.number(), classes.size());
  }
}

package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.ClassArea;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.FileNames;

/** What to do with each of many images; nothing is opened yet. */
public interface BatchJob {

  /** In a word, such as {@code segment}. */
  String name();

  /**
   * Whatever changes a result, but for the model, by name: a run can only be resumed with the same.
   */
  Map<String, String> settings();

  /**
   * In which a model is asked to compute, if that can be chosen. A run can only be resumed with the
   * same.
   */
  default Precision precision() {
    return Precision.AUTO;
  }

  /** Name of the table of all images. */
  default String table() {
    return "results.csv";
  }

  /** Columns whose means over an image are told in the table of images. */
  default List<String> averaged() {
    return List.of();
  }

  /** What is put behind an image's name to name the files it leaves, such as {@code _rois.zip}. */
  default List<String> endings() {
    return List.of();
  }

  /**
   * Opens the model and compiles it.
   *
   * @throws sc.fiji.spyhop.SpyhopException if there is none, or it is for something else
   */
  Session open();

  /** Where in images it looks. */
  default LookArea area() {
    return LookArea.ALL;
  }

  /**
   * An image of a batch.
   *
   * @param name of what it leaves
   * @param within where in it is looked
   * @param place of a file that it leaves, by the ending of its name
   */
  record Image(
      String name, Path file, Frames frames, LookArea.Of within, Function<String, Path> place) {

    /**
     * What all tables call it: its file, with as many folders as it takes to tell it from the other
     * images, and slashes between them on every system.
     */
    public String title() {
      return title(name, file);
    }

    static String title(String name, Path file) {
      Path path = file.toAbsolutePath().normalize();
      String joined = "";
      for (int i = path.getNameCount() - 1; i >= 0; i--) {
        String part = path.getName(i).toString();
        joined = joined.isEmpty() ? part : part + "_" + joined;
        if (joined.equals(name) || joined.startsWith(name + ".")) {
          return FileNames.slashed(path.subpath(i, path.getNameCount()));
        }
      }
      boolean plain = name.startsWith(FileNames.last(path));
      return plain ? FileNames.last(path) : FileNames.slashed(path);
    }
  }

  /** A compiled model. Safe for several threads. */
  interface Session extends AutoCloseable {

    /** Name of the model. */
    String model();

    /** What computes, in short, such as {@code CPU}. */
    String device();

    /** Model and device, such as {@code Model nuclei on CPU, 2 threads, oneDNN}. */
    String title();

    /** Identifies a model: of the same content, the same text. */
    String fingerprint();

    /**
     * An image as it is looked at.
     *
     * @throws sc.fiji.spyhop.SpyhopException if it has other channels than are looked at
     */
    Frames frames(ImagePlus image, ChannelChoice channels);

    /** A sentence about the pixel size of an image, where it matters. */
    Optional<String> remark(PixelSize image);

    /**
     * The settings that are really used where the job leaves them to the model, by name: a run can
     * only be resumed with the same.
     */
    default Map<String, String> used() {
      return Map.of();
    }

    /** Of the table; empty if there is none. */
    List<Column> columns();

    /**
     * Looks at an image.
     *
     * @throws sc.fiji.spyhop.SpyhopException if the model cannot be shown the image
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    Found look(Image image, Progress progress);

    @Override
    void close();
  }

  /** What was found in an image. */
  interface Found {

    /** Columns besides those of the session, such as one for each channel of the image. */
    default List<String> columns() {
      return List.of();
    }

    /** Rows of the table, a text for each column of the session, then for each of its own. */
    Stream<List<String>> rows();

    /** How many, of whatever is counted. */
    long count();

    /** What is said of the image as a whole, by column of the table of images. */
    default Map<String, String> about() {
      return Map.of();
    }

    /** How much each class of pixels covers; empty where it is not about classes of pixels. */
    default List<ClassArea> classAreas() {
      return List.of();
    }

    /**
     * In which respects the image is unlike those that the model learned from, in words; empty if
     * it is like them.
     */
    default List<String> unlike() {
      return List.of();
    }

    /** How many objects are of each class; empty where they have none. */
    default Map<String, Long> counts() {
      return Map.of();
    }

    /** In short, such as {@code 3 objects}. */
    String summary();

    /**
     * Writes the files, each whole or not at all.
     *
     * @param place of a file, by the ending of its name
     */
    void write(Function<String, Path> place);
  }

  /**
   * Whether objects are counted even where classes of pixels, which cannot be, are told besides.
   */
  default boolean countsObjects() {
    return false;
  }

  /** What {@link Found#count} counts, with its number, such as {@code 3 objects}; or empty. */
  default String counted(long count) {
    return "";
  }
}

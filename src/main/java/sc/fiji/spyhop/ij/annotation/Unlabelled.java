package sc.fiji.spyhop.ij.annotation;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.ImageFinder;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A plane that nobody has annotated.
 *
 * @param name of its image
 * @param file of its image, if it was not open
 * @param z slice, from 1
 * @param t time point, from 1
 * @param frame reads its pixels
 */
public record Unlabelled(String name, Optional<Path> file, int z, int t, Supplier<Frame> frame) {

  /**
   * Why there is none in files, one sentence.
   *
   * @param images how many images there are, each with a label image
   * @param where they are, such as {@code " in DIR"}
   */
  public static String none(long images, String where) {
    if (images == 0) return "There are no images" + where + ".";
    String subject =
        images == 1
            ? "The only image" + where + " has a label image"
            : Strings.format("All %d images%s have label images", images, where);
    return subject + " already, so there is none to suggest.";
  }

  /**
   * Finds planes for a network.
   *
   * @param channels that it expects
   */
  public record Reader(ChannelChoice choice, int channels, Colors colors) {

    /**
     * The planes of an open image without regions and without a label that says what the network is
     * to say. Other labels, such as names of files, do not count.
     *
     * @param answers whether a label does
     * @throws SpyhopException if there is none, or its channels do not fit
     */
    public List<Unlabelled> inImage(ImagePlus image, Predicate<String> answers) {
      Frames frames = Frames.of(image, choice, channels, colors);
      Marks marks = Marks.of(image, Marks.regions(image, Marks.Source.AUTO), Marks.Naming.AUTO);
      List<Unlabelled> all = new ArrayList<>();
      int drawn = 0;
      for (Marks.Plane p : marks.planes()) {
        if (p.isDrawn()) drawn++;
        else if (!answers.test(p.label())) {
          all.add(of(image.getTitle(), Optional.empty(), frames, p.z(), p.t()));
        }
      }
      if (all.isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "%s: all slices are annotated already (%d with regions, %d with a class as label), so there is none to suggest.",
                image.getTitle(), drawn, marks.planes().size() - drawn));
      }
      return all;
    }

    private static Unlabelled of(String name, Optional<Path> file, Frames frames, int z, int t) {
      return new Unlabelled(name, file, z, t, () -> frames.get(z, t));
    }

    /**
     * All planes of the images in a folder, or in the folder {@code images} in it, that have no
     * label image. Files are opened again when they are looked at.
     *
     * @param failures takes what cannot be opened, one sentence each
     * @throws SpyhopException if there is none
     */
    public List<Unlabelled> inFolder(Path folder, List<String> failures) {
      List<Path> files = images(folder);
      if (files.isEmpty() && Files.isDirectory(folder.resolve("images"))) {
        files = images(folder.resolve("images"));
      }
      List<Unlabelled> all = new ArrayList<>();
      Predicate<Path> labelled = SegmentationFolder.labelled();
      for (Path file : files) {
        if (!labelled.test(file)) all.addAll(inFile(file, failures));
      }
      if (all.isEmpty()) {
        throw new SpyhopException(
            failures.isEmpty() ? none(files.size(), " in " + folder) : failures.get(0));
      }
      return all;
    }

    /** The planes of a file; none if it cannot be opened, which is taken down. */
    public List<Unlabelled> inFile(Path file, List<String> failures) {
      List<Unlabelled> all = new ArrayList<>();
      try {
        Frames frames = frames(file);
        for (int t = 1; t <= frames.timePoints(); t++) {
          for (int z = 1; z <= frames.slices(); z++) {
            int slice = z;
            int time = t;
            all.add(
                new Unlabelled(
                    FileNames.last(file),
                    Optional.of(file),
                    z,
                    t,
                    () -> frames(file).get(slice, time)));
          }
        }
      } catch (SpyhopException e) {
        failures.add(
            e.getMessage().contains(FileNames.last(file))
                ? e.getMessage()
                : file + ": " + e.getMessage());
      }
      return all;
    }

    private Frames frames(Path file) {
      return Frames.of(ImageFiles.open(file), choice, channels, colors);
    }

    private static List<Path> images(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(Files::isRegularFile)
            .filter(ImageFinder::isImage)
            .sorted(FileNames.ORDER)
            .toList();
      } catch (IOException e) {
        throw new SpyhopException(
            folder + ": expected a folder of images: " + AtomicFile.reason(e) + ".", e);
      }
    }
  }
}
